"""kill -9 in the middle: a file is begun anew, nothing half-done is handed out; a letter never goes twice."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from opora.reports.tests import survivor
from opora.shared.typography import thousands

pytestmark = pytest.mark.slow
PROGRAM = Path(survivor.__file__)
BASE = "opora_reports_killed"


class Box:
    """A mail server that keeps what came and kills ``victim`` the moment it has its letter."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Any]] = []
        self.victim: subprocess.Popen[str] | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        letter = message_from_bytes(bytes(envelope.original_content or b""), policy=policy.default)
        self.taken.append((envelope.rcpt_tos[0], letter))
        if self.victim:
            os.kill(self.victim.pid, signal.SIGKILL)
        return "250 Queued"


class House:
    """A base of its own with everything in it; programs run there."""

    def __init__(self, address: str, data: Path, port: int) -> None:
        self.environment = os.environ | {"DATABASE_URL": address, "OPORA_DATA": str(data)}
        self.address, self.data = address, data
        self.told = json.loads(self.run("furnish", str(port)))

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", str(PROGRAM), *words]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def run(self, *words: str) -> str:
        command = [sys.executable, "-P", str(PROGRAM), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=200)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, question: str) -> list[Any]:
        with psycopg.connect(self.address) as link:
            link.execute("SET opora.sees = 'all'")
            return link.execute(question).fetchall()

    @property
    def files(self) -> set[str]:
        return {one.suffix for one in (self.data / "exports").glob("report-*")}


@pytest.fixture(scope="module")
def box() -> Iterator[Controller]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = Controller(Box(), hostname="127.0.0.1", port=port)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def house(
    django_db_setup: None, migrated: str | None, box: Controller, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    if migrated is None:
        pytest.skip("there is no base to be copied")
    at = connection.settings_dict
    server = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as outside:
        outside.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
        outside.execute(f"CREATE DATABASE {BASE} TEMPLATE {migrated}")
        yield House(f"{server}/{BASE}", tmp_path_factory.mktemp("data"), box.port)
        outside.execute(f"DROP DATABASE {BASE} WITH (FORCE)")


def test_a_file_whose_worker_was_killed_is_begun_anew_and_written_whole(house: House) -> None:
    state = "SELECT state FROM reports_export"
    worker = house.start("work", "slowly")
    assert worker.stdout
    assert worker.stdout.readline() == "half\n"
    worker.kill()
    worker.wait(30)
    assert (house.files, house.ask(state)) == ({".part"}, [("running",)])

    house.run("work")
    assert (house.files, house.ask(state)) == ({".csv"}, [("done",)])
    [written] = (house.data / "exports").glob("report-*.csv")
    last = written.read_text(encoding="utf-8-sig").splitlines()[-1]
    assert last.startswith(f"Ещё {thousands(survivor.ROWS)}\u00a0обращений")  # facts of a test have no appeals
    assert house.ask("SELECT count(*) FROM audit_auditline WHERE action = 'reports.export.write'") == [(1,)]


def test_a_letter_arrives_once_with_its_file_whenever_the_program_dies(house: House, box: Controller) -> None:
    mail: Any = box.handler
    mail.victim = house.start("send", "0")
    mail.victim.wait(60)
    assert mail.victim.returncode == -signal.SIGKILL
    [(first, _)] = mail.taken
    mail.victim = None

    assert json.loads(house.run("send", "1", "2")) == [1, 0]
    assert sorted(address for address, _ in mail.taken) == ["boris@alfa.example", "timur@alfa.example"]
    states = "SELECT e.email, s.state FROM reports_sending s JOIN organisations_employee e ON e.id = s.recipient_id"
    other = {"boris@alfa.example", "timur@alfa.example"} - {first}
    assert dict(house.ask(states)) == {first: "unknown", other.pop(): "sent"}
    for _, letter in mail.taken:
        [file] = letter.iter_attachments()
        assert file.get_filename() == "small-form-54001-2024-03.csv"
        lines = file.get_payload(decode=True).decode("utf-8-sig")
        assert f"1;1;all;Обращения;все;всего;{survivor.ROWS}" in lines
