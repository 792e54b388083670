"""journal.register — registering by the API with 16 clients, against pgbench doing the same inserts beside it.

A client is a program of a partner: session, Idempotency-Key, JSON, a connection kept open. The limit is pgbench with as
many clients calling the very function of ``sql/register.sql`` in one round trip, without HTTP, session, key and log.
"""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.programs import CLIENTS, QUESTION, Web, furnish, programs

if TYPE_CHECKING:
    from opora.appeals.intake import NewAppeal
    from opora.partners.models import Caller

SECONDS = 8
DATABASE = "opora_bench_register"


@work(
    "journal.register",
    unit="1/с",
    bar=(">= 0.15",),
    note="16 клиентов API с ключами повтора; предел — pgbench, те же вставки одной посылкой",
    needs_people=False,
)
def register(bench: Bench) -> Iterator[Round]:
    """Let clients register for some seconds, then pgbench; every acknowledged number must be there, once."""
    place = bench.place
    address = place.migrated(DATABASE)
    try:
        with place.inside(DATABASE):
            sessions = furnish()
            scripts = _scripts()
        with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder:
            web = Web(environment={**os.environ, "DATABASE_URL": address}, said=Path(folder) / "web.log")
            web.start()
            try:
                for number in bench.rounds:
                    bench.say(f"journal.register: клиенты {number + 1}")
                    numbers, seconds = _clients(web.port, sessions)
                    with place.inside(DATABASE):
                        _all_there(numbers)
                    bench.say(f"journal.register: предел {number + 1}")
                    yield Round(len(numbers) / seconds, _pgbench(address, scripts), {"acknowledged": len(numbers)})
            finally:
                web.end()
    finally:
        place.drop(DATABASE)


def _clients(port: int, sessions: list[str]) -> tuple[list[str], float]:
    """Return the numbers acknowledged and how many seconds it took."""
    stop = threading.Event()
    began = time.perf_counter()
    working = programs(port, sessions, stop)
    stop.wait(SECONDS)
    stop.set()
    for program in working:
        program.join()
    if faults := {program.fault for program in working if program.fault}:
        raise BenchRefused(f"Регистрация не удалась: {', '.join(sorted(faults))}")
    return [number for program in working for number in program.numbers.values()], time.perf_counter() - began


def _all_there(numbers: list[str]) -> None:
    from opora.access.scope import Scope, enter
    from opora.appeals.models import Appeal

    with enter(Scope.system("the bench counts what was acknowledged")):
        stored = Appeal.objects.filter(number__in=numbers).count()
    if len(set(numbers)) != len(numbers) or stored != len(numbers):
        raise BenchRefused(f"Подтверждено {len(numbers)}, разных {len(set(numbers))}, в базе {stored}")


def _scripts() -> list[str]:
    """Return for each insurer one registering with new keys, as pgbench sends it."""
    from django.utils import timezone

    from opora.access.scope import Scope, enter
    from opora.appeals.intake import NewAppeal, NewParty
    from opora.classifiers.queries import topic_for
    from opora.partners.models import ApiPartner, Caller

    partners = ApiPartner.objects.select_related("organisation__territory", "organisation__parent").order_by("pk")
    with enter(Scope.system("the bench writes its limit")):
        new = NewAppeal(
            kind=str(QUESTION["kind"]),
            topic=topic_for(str(QUESTION["topic"]), "50000", timezone.localdate()),
            channel=str(QUESTION["channel"]),
            text=str(QUESTION["text"]),
            parties=[NewParty(surname="Замеров", given_name="Пётр", phone="+79000000001")],
        )
        return [_script(new, Caller(partner)) for partner in partners]


def _script(new: "NewAppeal", caller: "Caller") -> str:
    from django.db import connection
    from django.utils import timezone
    from psycopg import ClientCursor

    from opora.access.scope import SET
    from opora.appeals import intake
    from opora.appeals.actor import actor_of

    given = intake.parameters(new, actor_of(caller), timezone.now())
    cursor = ClientCursor(connection.connection)
    scope = cursor.mogrify(SET, list(caller.scope.settings().values()))
    call = cursor.mogrify(intake.REGISTER, [intake.document(given)])
    keys = [str(given["id"]), *(event["id"] for event in given["events"])]
    for place, key in enumerate(keys):
        call = call.replace(key, f":k{place}")
    names = ", ".join(f"gen_random_uuid() AS k{place}" for place in range(len(keys)))
    return f"SELECT {names} \\gset\nBEGIN \\;\n{scope} \\;\n{call} \\;\nCOMMIT;\n"


def _pgbench(address: str, scripts: list[str]) -> float:
    """Return transactions a second of as many clients doing the same inserts."""
    with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder:
        command = [_binary(), "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS)]
        for number, script in enumerate(scripts):
            path = Path(folder) / f"{number}.sql"
            path.write_text(script)
            command += ["-f", str(path)]
        done = subprocess.run([*command, address], capture_output=True, text=True, check=False)
    told = next((line for line in done.stdout.splitlines() if line.startswith("tps = ")), "")
    if done.returncode or not told:
        raise BenchRefused(f"pgbench ответил {done.returncode}: {done.stderr.strip()[-300:]}")
    return float(told.split()[2])


def _binary() -> str:
    from opora.shared.postgres.binaries import found

    beside = next((path for each in found() if (path := each.folder / "pgbench").exists()), None)
    chosen = str(beside) if beside else shutil.which("pgbench")
    if chosen is None:
        raise BenchRefused("Нет pgbench: он идёт вместе с PostgreSQL")
    return chosen
