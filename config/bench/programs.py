"""Programs of partners that register by the API, for works that need them: their house, the server, the clients."""

import compileall
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

from config.bench.errors import BenchRefused

ROOT = Path(__file__).parents[2]
CLIENTS = 16
AGAIN = 0.3  # seconds between repeats of one request
PATIENCE = 60  # seconds until a process answers, or a request that is repeated is acknowledged
QUESTION = {
    "kind": "complaint",
    "topic": "6.1",
    "channel": "post",
    "text": "Третий месяц не могу попасть к специалисту, талонов нет. Прошу разобраться.",
    "parties": [{"surname": "Замеров", "given_name": "Пётр", "phone": "+79000000001"}],
}


def opora(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "config.cli", *arguments]


def compiled() -> None:
    """Bring the bytecode of the program, as an installed one has it: a timed command reads no sources."""
    for package in ("config", "opora"):
        compileall.compile_dir(ROOT / package, quiet=2)


def migrate(address: str) -> None:
    subprocess.run(opora("migrate"), env={**os.environ, "DATABASE_URL": address}, check=True, capture_output=True)


def furnish() -> list[str]:
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


class Process:
    """A command of the program with processes of its own, as it runs on a server."""

    def __init__(self, *arguments: str, environment: Mapping[str, str], said: Path) -> None:
        self._command, self._environment, self._said = opora(*arguments), dict(environment), said
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._said.open("ab") as said:
            self._running = subprocess.Popen(
                self._command, env=self._environment, stdout=said, stderr=said, start_new_session=True
            )

    @property
    def pid(self) -> int:
        assert self._running  # noqa: S101 - started by whoever asks
        return self._running.pid

    @property
    def is_alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """End it and all it has started without a word."""
        os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def end(self) -> None:
        if self.is_alive:
            os.kill(self.pid, signal.SIGTERM)
            self.wait()

    def wait(self) -> None:
        assert self._running  # noqa: S101
        self._running.wait(PATIENCE)


class Web(Process):
    """``opora serve`` on a free port; 0 workers are as many as cores."""

    def __init__(self, *, environment: Mapping[str, str], said: Path, workers: int = 0) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        command = ("serve", "--port", str(self.port), "--workers", str(workers))
        super().__init__(*command, environment=environment, said=said)

    def start(self) -> None:
        super().start()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.is_alive:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise BenchRefused(f"Сервер замера не поднялся, его слова: {self._said}")


class Program(threading.Thread):
    """A program of a partner: one appeal after another, each under a key of its own, over a connection kept open.

    One that ``insists`` repeats a request with its key until it is acknowledged; the other stops at the first fault.
    """

    def __init__(self, port: int, session: str, stop: threading.Event, *, insists: bool = False) -> None:
        super().__init__(daemon=True)
        self._port, self._session, self._stop_asked, self._insists = port, session, stop, insists
        self._connection: HTTPConnection | None = None
        self.numbers: dict[str, str] = {}  # by key, as they were acknowledged
        self.repeats = 0
        self.fault = ""

    def run(self) -> None:
        while not self._stop_asked.is_set() and not self.fault:
            key = uuid4().hex
            if (number := self.register(key)) is not None:
                self.numbers[key] = number

    def register(self, key: str) -> str | None:
        """Return the number told under this key; None, and ``fault`` says why, when there is none."""
        until = time.monotonic() + PATIENCE
        while (number := self._ask(key)) is None and self._insists and time.monotonic() < until:
            self.repeats += 1
            self.fault = ""
            time.sleep(AGAIN)
        return number

    def _ask(self, key: str) -> str | None:
        try:
            status, content = self._sent(key)
        except (OSError, HTTPException) as fault:
            self._connection, self.fault = None, f"связь потеряна: {type(fault).__name__}"
            return None
        if status == 201:
            return str(json.loads(content)["number"])
        self.fault = f"ответ {status}"
        if status < 500:  # a refusal stays a refusal: repeating it would hide it
            self._insists = False
        return None

    def _sent(self, key: str) -> tuple[int, bytes]:
        headers = {
            "Authorization": f"Bearer {self._session}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        }
        self._connection = self._connection or HTTPConnection("127.0.0.1", self._port, timeout=30)
        self._connection.request("POST", "/api/v1/appeals", json.dumps(QUESTION), headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()


def programs(port: int, sessions: list[str], stop: threading.Event, *, insist: bool = False) -> list[Program]:
    """Start as many programs as ``CLIENTS``, the sessions in turn."""
    found = [Program(port, sessions[which % len(sessions)], stop, insists=insist) for which in range(CLIENTS)]
    for program in found:
        program.start()
    return found
