"""``opora doctor`` — what is wrong with this installation and how to mend it."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console

from config import environment
from config.environment import Environment, EnvironmentRefused
from opora.shared import postgres
from opora.shared.console import data_folder, print_json, with_database
from opora.shared.postgres import ClusterRefused
from opora.shared.postgres.errors import free_megabytes

OLDEST = 150000
EXTENSIONS = ("btree_gist", "fuzzystrmatch")
LITTLE_SPACE, NO_SPACE = 5_000, 500  # MB
CLOCKS_MAY_DIFFER = 2.0  # seconds


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


SIGNS = {State.OK: "[green]✓[/]", State.WARNING: "[yellow]●[/]", State.BAD: "[red]▲[/]"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, and what to do when it is not well."""

    name: str
    state: State
    message: str
    mend: str = ""


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Один документ JSON.")] = False) -> None:
    """Проверить установку: что не так и как исправить."""
    found = list(examine())
    bad = [finding for finding in found if finding.state is State.BAD]
    if as_json:
        print_json({"ok": not bad, "checks": [asdict(finding) for finding in found]})
    else:
        console = Console()
        for finding in found:
            console.print(f"{SIGNS[finding.state]} {finding.message}", highlight=False)
            if finding.mend:
                console.print(f"    {finding.mend}", style="dim", highlight=False)
    if bad:
        raise typer.Exit(3 if any(finding.name in ("settings", "database", "disk", "data") for finding in bad) else 1)


def examine() -> Iterator[Finding]:
    """Look at everything; what needs the database is left out when there is none."""
    try:
        current = environment.read()
    except EnvironmentRefused as refused:
        yield Finding("settings", State.BAD, str(refused), "Все настройки перечислены в docs/settings.md")
        return
    yield from _settings(current)
    yield from (_python(), _disk(), _data(), _time_zones(current))
    try:
        with with_database():
            from django.db import OperationalError, connection

            try:
                connection.ensure_connection()
            except OperationalError as fault:
                reason = str(fault).strip().splitlines()[-1]
                yield Finding(
                    "database", State.BAD, f"База не отвечает: {reason}", "Проверьте DATABASE_URL и сам сервер."
                )
                return
            for look in DATABASE:
                yield look()
    except ClusterRefused as refused:
        yield Finding("database", State.BAD, str(refused))


def _settings(current: Environment) -> Iterator[Finding]:
    unsafe = environment.unsafe(current)
    if current.mode == "production" or not unsafe:
        yield Finding("settings", State.OK, f"Настройки приняты, режим {current.mode}")
    else:
        yield Finding(
            "settings", State.WARNING, f"Режим {current.mode}: с такими настройками рабочий сервер не запустится",
            "; ".join(unsafe),
        )  # fmt: skip
    if current.https and not current.behind_proxy:
        yield Finding(
            "proxy", State.WARNING, "Включён https, но не сказано, что перед программой стоит nginx",
            "OPORA_BEHIND_PROXY=true, если nginx ставит X-Forwarded-Proto",
        )  # fmt: skip


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info[:2] == (3, 13)
    return Finding("python", State.OK if fits else State.BAD, f"Python {version}", "" if fits else "Нужен Python 3.13")


def _disk() -> Finding:
    free = free_megabytes(data_folder())
    state = State.BAD if free < NO_SPACE else State.WARNING if free < LITTLE_SPACE else State.OK
    mend = "" if state is State.OK else "Освободите место или перенесите папку данных: --data ПАПКА"
    return Finding("disk", state, f"Свободно {free / 1024:.1f} ГБ на диске с папкой данных", mend)


def _data() -> Finding:
    folder = data_folder()
    if not folder.exists():
        return Finding("data", State.OK, f"Папки данных {folder} ещё нет: появится при первом запуске")
    if not os.access(folder, os.W_OK):
        return Finding(
            "data", State.BAD, f"В папку данных {folder} нельзя писать", "Дайте права или укажите другую: --data"
        )
    open_to_others = folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    if open_to_others:
        return Finding("data", State.WARNING, f"Папка данных {folder} открыта другим", f'chmod 700 "{folder}"')
    return Finding("data", State.OK, f"Папка данных {folder}: доступна только нам")


def _time_zones(current: Environment) -> Finding:
    try:
        here = datetime.now(ZoneInfo(current.time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        return Finding(
            "time_zone", State.BAD, f"Часового пояса {current.time_zone} нет", "OPORA_TIME_ZONE=Europe/Moscow"
        )
    return Finding("time_zone", State.OK, f"Часовой пояс {current.time_zone}: сейчас {here:%d.%m.%Y %H:%M}")


def _version() -> Finding:
    from django.db import connection

    version = connection.pg_version  # type: ignore[attr-defined]
    where = "готовый сервер" if not postgres.status(data_folder()).running else "своя база"
    text = f"PostgreSQL {version // 10000}.{version % 10000}, {where}"
    if version < OLDEST:
        return Finding("database", State.BAD, text, "Нужен PostgreSQL 15 или новее")
    return Finding("database", State.OK, text)


def _role() -> Finding:
    name, is_super, bypasses = _row("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if is_super or bypasses:
        return Finding(
            "role", State.BAD, f"Роль {name} не подчиняется защите строк: сотрудники увидят чужое, если ошибётся код",
            f"ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS; (выполняет администратор сервера)",
        )  # fmt: skip
    return Finding("role", State.OK, f"Роль {name} подчиняется защите строк")


def _durability() -> Finding:
    off = [name for name in ("fsync", "synchronous_commit", "full_page_writes") if _row(f"SHOW {name}")[0] == "off"]
    if off:
        return Finding(
            "durability", State.BAD, f"Сервер может потерять записанное: выключено {', '.join(off)}",
            "Включите в postgresql.conf и перечитайте настройки",
        )  # fmt: skip
    return Finding("durability", State.OK, "Записанное переживёт отключение питания")


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return Finding("migrations", State.BAD, f"База отстала от программы, шагов: {waiting}", "opora migrate")
    return Finding("migrations", State.OK, "Схема базы соответствует программе")


def _extensions() -> Finding:
    (here,) = _row("SELECT array_agg(name::text) FROM pg_available_extensions")
    missing = [name for name in EXTENSIONS if name not in here]
    if missing:
        return Finding(
            "extensions", State.BAD, f"На сервере нет расширений: {', '.join(missing)}",
            "Поставьте пакет postgresql-contrib той же версии",
        )  # fmt: skip
    return Finding("extensions", State.OK, f"Расширения есть: {', '.join(EXTENSIONS)}")


def _encoding() -> Finding:
    encoding, lowered = _row("SELECT getdatabaseencoding(), lower('ЁЖ')")
    if encoding != "UTF8" or lowered != "ёж":
        return Finding(
            "encoding", State.BAD, f"База не умеет русских букв: кодировка {encoding}",
            "Создайте базу заново: ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0",
        )  # fmt: skip
    return Finding("encoding", State.OK, "База понимает русские буквы")


def _clock() -> Finding:
    (theirs,) = _row("SELECT clock_timestamp()")
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart > CLOCKS_MAY_DIFFER:
        return Finding(
            "clock", State.BAD, f"Часы машины и базы расходятся на {apart:.0f} с: сроки будут неверны",
            "Включите синхронизацию времени: timedatectl set-ntp true",
        )  # fmt: skip
    return Finding("clock", State.OK, "Часы машины и базы идут вместе")


def _chain() -> Finding:
    from django.db import ProgrammingError

    from opora.appeals.chain.chainer import LATE, oldest_waiting

    try:
        age = oldest_waiting()
    except ProgrammingError:
        return Finding("chain", State.WARNING, "Журнала в базе ещё нет", "Создайте таблицы: opora migrate")
    if age is not None and age > LATE:
        return Finding(
            "chain", State.WARNING, f"Событие журнала ждёт места в цепочке {age:.0f} с: новости не доходят до столов",
            "Запустите фоновые задания: opora worker",
        )  # fmt: skip
    return Finding("chain", State.OK, "События журнала получают место в цепочке вовремя")


def _row(question: str) -> tuple:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone() or ()


DATABASE: tuple[Callable[[], Finding], ...] = (
    _version, _role, _durability, _migrations, _extensions, _encoding, _clock, _chain,
)  # fmt: skip
