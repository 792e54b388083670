"""journal.register — registering by the API with 16 clients, against pgbench doing the same inserts beside it.

A client is a program of a partner: session, Idempotency-Key, JSON, a connection kept open. The limit is pgbench with as
many clients sending the very statements of ``sql/register.sql`` in one round trip, without HTTP, session, key and log.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work

CLIENTS, SECONDS = 16, 8
DATABASE = "opora_bench_register"
QUESTION = {
    "kind": "complaint",
    "topic": "6.1",
    "channel": "post",
    "text": "Третий месяц не могу попасть к специалисту, талонов нет. Прошу разобраться.",
    "parties": [{"surname": "Замеров", "given_name": "Пётр", "phone": "+79000000001"}],
}
SCOPE = "SELECT set_config('opora.sees', 'insurer', true), set_config('opora.insurer', '{0}', true), set_config('opora.organisation', '{0}', true)"  # noqa: E501 - one statement


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
    address = place.create(DATABASE)
    _migrate(address)
    try:
        with place.inside(DATABASE):
            sessions = _house()
            scripts = _scripts()
        with _served(address) as port:
            for number in bench.rounds:
                bench.say(f"journal.register: клиенты {number + 1}")
                numbers, seconds = _clients(port, sessions)
                with place.inside(DATABASE):
                    _all_there(numbers)
                bench.say(f"journal.register: предел {number + 1}")
                limit = _pgbench(address, scripts)
                yield Round(len(numbers) / seconds, limit, {"acknowledged": len(numbers)})
    finally:
        place.drop(DATABASE)


def _migrate(address: str) -> None:
    command = [sys.executable, "-c", "from config.cli import main; main()", "migrate"]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=True, capture_output=True)


def _house() -> list[str]:
    """Make a fund, three insurers and a program of each; return their sessions."""
    from opora.access.rights import Right
    from opora.access.scope import Scope, enter
    from opora.organisations.models import Employee, Organisation, Territory
    from opora.partners import services
    from opora.partners.models import ApiPartner

    rights = [str(Right.APPEALS_VIEW), str(Right.APPEALS_REGISTER)]
    with enter(Scope.system("a house of the bench")):
        home = Territory.objects.create(code="50000", name="Область замера", time_zone="Asia/Novosibirsk")
        kinds = Organisation.Kind
        Organisation.objects.create(kind=kinds.FUND, code="54000", name="ТФОМС", territory=home)
        by = Employee.objects.create(login="bench", surname="Замеров", given_name="Пётр", password="!")  # noqa: S106
        sessions = []
        for number in range(3):
            insurer = Organisation.objects.create(
                kind=kinds.INSURER, code=f"5400{number + 1}", name=f"СМО {number + 1}", territory=home
            )
            partner = ApiPartner.objects.create(
                name="Контакт-центр", organisation=insurer, rights=rights, purpose="appeal", per_minute=10_000_000
            )
            sessions.append(services.exchange(services.issue_key(partner, by=by).text).session.text)
    return sessions


@contextmanager
def _served(address: str) -> Iterator[int]:
    """Let the program answer as it does on a server: its own processes, the same database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from config.cli import main; main()", "serve", "--port", str(port)]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": address}, stdout=said, stderr=said)
        try:
            _wait(port, server)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise BenchRefused("Сервер замера не поднялся")


def _clients(port: int, sessions: list[str]) -> tuple[list[str], float]:
    """Return the numbers acknowledged and how many seconds it took."""
    numbers: list[list[str]] = [[] for _ in range(CLIENTS)]
    stop = threading.Event()
    threads = [
        threading.Thread(target=_client, args=(port, sessions[which % len(sessions)], stop, numbers[which]))
        for which in range(CLIENTS)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    stop.wait(SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    return [number for own in numbers for number in own], time.perf_counter() - began


def _client(port: int, session: str, stop: threading.Event, numbers: list[str]) -> None:
    body = json.dumps(QUESTION)
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    while not stop.is_set():
        headers = {
            "Authorization": f"Bearer {session}",
            "Idempotency-Key": uuid4().hex,
            "Content-Type": "application/json",
        }
        try:
            connection.request("POST", "/api/v1/appeals", body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException) as fault:
            raise BenchRefused("Клиент замера потерял связь") from fault
        if answer.status != 201:
            raise BenchRefused(f"Регистрация ответила {answer.status}")
        numbers.append(json.loads(content)["number"])


def _all_there(numbers: list[str]) -> None:
    from opora.access.scope import Scope, enter
    from opora.appeals.models import Appeal

    with enter(Scope.system("the bench counts what was acknowledged")):
        stored = Appeal.objects.filter(number__in=numbers).count()
    if len(set(numbers)) != len(numbers) or stored != len(numbers):
        raise BenchRefused(f"Подтверждено {len(numbers)}, разных {len(set(numbers))}, в базе {stored}")


def _scripts() -> list[str]:
    """Return for each insurer the statements of one registering with new keys, as pgbench sends them."""
    from django.utils import timezone
    from psycopg import ClientCursor

    from opora.access.scope import Scope, enter
    from opora.appeals import intake
    from opora.appeals.actor import actor_of
    from opora.classifiers.queries import topic_for
    from opora.partners.models import ApiPartner, Caller
    from opora.shared.sql import text

    found = []
    with enter(Scope.system("the bench writes its limit")):
        from django.db import connection

        new = intake.NewAppeal(
            kind="complaint",
            topic=topic_for("6.1", "50000", timezone.localdate()),
            channel="post",
            text=str(QUESTION["text"]),
            parties=[intake.NewParty(surname="Замеров", given_name="Пётр", phone="+79000000001")],
        )
        partners = ApiPartner.objects.select_related("organisation__territory", "organisation__parent").order_by("pk")
        for partner in partners:
            actor = actor_of(Caller(partner))
            given: dict[str, Any] = intake._parameters(replace(new), actor, timezone.now())
            keys = [str(given["id"]), *(event["id"] for event in json.loads(given["events"]))]
            statement = ClientCursor(connection.connection).mogrify(text(intake._REGISTER), given)
            for place, key in enumerate(keys):
                for written in (key, key.replace("-", "")):  # psycopg writes a UUID without hyphens
                    statement = statement.replace(written, f":k{place}")
            names = ", ".join(f"gen_random_uuid() AS k{place}" for place in range(len(keys)))
            scope = SCOPE.format(actor.organisation.pk)
            body = " \\;\n".join([scope, *(part.strip() for part in statement.split(";\n") if part.strip())])
            found.append(f"SELECT {names} \\gset\nBEGIN \\;\n{body} \\;\nCOMMIT;\n")
    return found


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
    import shutil

    from opora.shared.postgres.binaries import found

    beside = next((path for each in found() if (path := each.folder / "pgbench").exists()), None)
    chosen = str(beside) if beside else shutil.which("pgbench")
    if chosen is None:
        raise BenchRefused("Нет pgbench: он идёт вместе с PostgreSQL")
    return chosen
