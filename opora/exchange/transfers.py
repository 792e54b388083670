"""``opora import journal``, ``opora import users``, ``opora export journal``: files in and out, without a browser."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opora.exchange.commands import REFUSED, show
from opora.shared.console import print_json, progress, with_database

if TYPE_CHECKING:
    from opora.exchange.models import Parcel
    from opora.organisations.models import Organisation

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Файлы партнёров.")]
Org = Annotated[
    str, typer.Option("--org", help="Код организации, по каналу которой пришёл файл. Можно не указывать, если одна.")
]
Protocols = Annotated[Path | None, typer.Option("--protocol", help="Куда положить протоколы и ответы партнёру.")]
Trial = Annotated[bool, typer.Option("--dry-run", help="Проверить и показать итог, ничего не записать.")]
Json = Annotated[bool, typer.Option("--json", help="Один документ JSON на выходе.")]
Since = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Первый день.")]
Until = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Последний день, включительно.")]

USERS = frozenset({"users-xml"})
JOURNAL = frozenset(
    {"g1r-journal-xml", "g1-journal-xlsx", "g1out-journal-outbound", "intraservice-42-xls", "sstu-json-zip"}
)


def import_journal(
    files: Files, org: Org = "", protocol: Protocols = None, dry_run: Trial = False, as_json: Json = False
) -> None:
    """Загрузить журнал обращений партнёра: G1R, книгу Excel. Файл принимается целиком или не принимается."""
    _import(files, org, protocol, dry_run, as_json, JOURNAL | {"flcp-protocol"})


def import_users(
    files: Files, org: Org = "", protocol: Protocols = None, dry_run: Trial = False, as_json: Json = False
) -> None:
    """Загрузить сотрудников партнёра: новым вход открывает администратор."""
    _import(files, org, protocol, dry_run, as_json, USERS)


def import_lists(
    files: Files, org: Org = "", protocol: Protocols = None, dry_run: Trial = False, as_json: Json = False
) -> None:
    """Загрузить списки информирования, факты информирования и посещений: формат узнаётся по содержимому и имени."""
    from opora.exchange.lists import BATCHES

    _import(files, org, protocol, dry_run, as_json, frozenset(BATCHES))


def export_journal(
    since: Since,
    until: Until,
    org: Org = "",
    out: Annotated[Path, typer.Option(help="Папка для файла.")] = Path(),
    form: Annotated[str, typer.Option("--format", help="g1out, xlsx, intraservice или sstu.")] = "g1out",
    as_json: Json = False,
) -> None:
    """Выгрузить журнал за период: обращения, которые организация видит целиком."""
    with with_database():
        from opora.exchange import vault
        from opora.exchange.dispatch import Order, ask, make
        from opora.exchange.errors import ExchangeRefused
        from opora.exchange.leaving import Period
        from opora.exchange.models.parcel import State, Way

        period = Period(since.date(), until.date())
        parcel = make(ask(Order(organisation_of(org), period, form, Way.COMMAND)).pk, is_laid_out=False)
        if parcel.state != State.READY:
            raise ExchangeRefused(parcel.refusal)
        out.mkdir(parents=True, exist_ok=True)
        target = out / parcel.name
        shutil.copyfile(vault.found(parcel.sha256), target)
        target.chmod(0o600)
    told = {"file": str(target), "format": parcel.format, "records": parcel.counts["records"]}
    if as_json:
        print_json(told)
    else:
        typer.echo(f"{target}: обращений {told['records']}.")


def _import(
    files: list[Path], org: str, protocol: Path | None, is_trial: bool, as_json: bool, expects: frozenset[str]
) -> None:
    with with_database():
        from opora.exchange.parcels import document

        organisation = organisation_of(org)
        entries = []
        with progress("Загружаем файлы", total=len(files)) as advance:
            for path in files:
                parcel = _take(path, organisation, is_trial, expects)
                entries.append(document(parcel) if parcel else _missing(path))
                if protocol:
                    _write_protocol(protocol, entries[-1], parcel)
                advance(1)
    if as_json:
        print_json({"files": entries})
    else:
        for entry in entries:
            show(entry)
            _summary(entry, is_trial=is_trial)
    if any(entry["result"] != "accept" for entry in entries):
        raise typer.Exit(REFUSED)


def _take(path: Path, organisation: Organisation, is_trial: bool, expects: frozenset[str]) -> Parcel | None:
    from opora.exchange.models.parcel import Way
    from opora.exchange.parcels import Coming, process, receive_file

    if not path.is_file():
        return None
    coming = Coming(organisation, path.name, Way.COMMAND, is_trial=is_trial, expects=expects)
    return process(receive_file(path, coming).pk)


def _missing(path: Path) -> dict[str, Any]:
    from opora.exchange.context import Context
    from opora.exchange.engine import check

    found = check(path, Context(datetime.now().astimezone().date()))
    return {**found.as_json(), "stored": False}


def _write_protocol(folder: Path, entry: dict[str, Any], parcel: Parcel | None) -> None:
    """Lay the findings as JSON, and the answer under the name the partner waits for."""
    from opora.exchange.parcels import answer_of

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / f"{entry['file']}.json").write_text(json.dumps(entry, ensure_ascii=False, indent=2), encoding="utf-8")
    if parcel is not None and (answer := answer_of(parcel)) is not None:
        (folder / parcel.answer_name).write_bytes(answer)


def _summary(entry: dict[str, Any], *, is_trial: bool) -> None:
    counts = entry.get("summary") or {}
    told = [f"{word} {counts[name]}" for name, word in WORDS.items() if counts.get(name)]
    if told:
        head = "  Было бы записано: " if is_trial else "  Записано: "
        typer.echo(head + ", ".join(told))


WORDS = {"new": "новых", "changed": "изменено", "same": "без изменений"}


def organisation_of(code: str) -> Organisation:
    from opora.access.scope import Scope, enter
    from opora.exchange.errors import SenderUnknown
    from opora.exchange.folders import SENDERS
    from opora.organisations.models import Organisation

    with enter(Scope.system("the channel of a file is found by the code")):
        senders = Organisation.objects.filter(kind__in=SENDERS).select_related("territory")
        found = list(senders.filter(code=code) if code else senders[:2])
    if len(found) == 1:
        return found[0]
    if code and not found:
        raise SenderUnknown(f"Фонда или страховой с кодом {code} в справочнике нет.")
    raise SenderUnknown(f"Организаций с кодом {code} несколько." if code else None)
