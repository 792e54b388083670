"""Web processes are killed while both sides of the chat write: each line is there once, in order, and seen by both."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest

from config.bench.kills import ask
from config.bench.programs import PATIENCE, Web
from opora.shared import postgres

TALKS, CITIZEN, DESK = 3, 1.0, 0.3  # seconds between lines: a citizen may write twenty a minute
KEY = "k3y-OF_polina-0123456789-abcdefghijklmnopq"
CSRF = "c" * 32
FURNISH = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from config.browser import SIGN_IN_BACKEND
from opora.access.scope import Scope, enter
from opora.chat.models import Place
from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory
with enter(Scope.system("a test")):
    home = Territory.objects.create(code="50000", name="Область", time_zone="Asia/Novosibirsk")
    alfa = Organisation.objects.create(kind="insurer", code="54001", name="СМО Альфа", territory=home)
    alina = Employee.objects.create(login="alina", surname="Алиева", given_name="Алина", password="!")
    Assignment.objects.create(employee=alina, organisation=alfa, role=Role.objects.get(slug="sp1"), since="2020-01-01")
    Place.objects.create(organisation=alfa, slug="alfa", name="Чат", is_round_the_clock=True)
client = Client()
client.force_login(alina, backend=SIGN_IN_BACKEND)
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


@pytest.fixture
def web(tmp_path: Path, lay_cluster: Callable[[Path], None]) -> Iterator[tuple[Web, str, str]]:
    """Two web processes over a cluster of their own, the session of Alina, the address of the database."""
    data = tmp_path / "data"
    lay_cluster(data)
    try:
        address = postgres.ensure(data)
        named = {"DATABASE_URL": address, "TMPDIR": str(tmp_path), "OPORA_DATA": str(tmp_path)}
        environment = {**os.environ, **named, "DJANGO_SETTINGS_MODULE": "config.settings"}
        server = Web(environment=environment, said=tmp_path / "web.log", workers=2)
        furnishing = subprocess.Popen([sys.executable, "-c", FURNISH], env=environment, stdout=subprocess.PIPE)
        try:
            server.start()
            session, _ = furnishing.communicate(timeout=PATIENCE)
            assert furnishing.returncode == 0
            yield server, session.decode().strip(), address
        finally:
            server.end()
    finally:
        postgres.stop(data, force=True)


class Side(threading.Thread):
    """One end of a talk: writes a line, sends it again under its id until it is answered, looks what has come."""

    def __init__(
        self, port: int, path: str, headers: dict[str, str], who: str, stop: threading.Event, pause: float
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.path, self.who, self.stop_asked, self.pause = port, path, who, stop, pause
        self.headers = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        self.acknowledged: list[str] = []
        self.seen: list[dict[str, Any]] = []
        self.reach = self.repeats = 0

    def run(self) -> None:
        while not self.stop_asked.is_set():
            self.write()
            self.look()
            self.stop_asked.wait(self.pause)

    def write(self) -> None:
        line = {"id": str(uuid4()), "text": f"{self.who} {len(self.acknowledged)}"}
        self.insist("POST", self.path, line)
        self.acknowledged.append(line["id"])

    def look(self) -> None:
        told = self.insist("GET", f"{self.path}?after={self.reach}")
        self.seen += told["lines"]
        self.reach = told["reach"]

    def insist(self, method: str, path: str, body: object = None) -> Any:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            link = HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                link.request(method, path, json.dumps(body) if body else None, self.headers)
                answer = link.getresponse()
                content = answer.read()
                if answer.status in {200, 201}:
                    return json.loads(content)
                assert answer.status >= 500 or answer.status == 429, (answer.status, content)
            except (OSError, HTTPException):
                pass
            finally:
                link.close()
            self.repeats += 1
            time.sleep(0.1)
        raise AssertionError(f"{self.who}: no answer to {path}")


def alina(port: int, session: str, path: str, stop: threading.Event) -> Side:
    cookies = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
    return Side(port, path, cookies, "Алина", stop, DESK)


@pytest.mark.slow
def test_killed_web_processes_lose_and_double_no_line(web: tuple[Web, str, str]) -> None:
    server, session, address = web
    stop = threading.Event()
    citizens = [
        Side(server.port, "/c/alfa/talk/lines/", {"Authorization": f"Talk {KEY}{one}"}, f"Житель {one}", stop, CITIZEN)
        for one in range(TALKS)
    ]
    for citizen in citizens:
        citizen.write()
    talks = [str(key) for (key,) in ask(address, "SELECT id FROM chat_talk ORDER BY opened_at")]
    desks = [alina(server.port, session, f"/chat/{talk}/lines/", stop) for talk in talks]
    take(server.port, session, len(talks))

    sides = [*citizens, *desks]
    for side in sides:
        side.start()
    wait_for_progress(sides)
    young = psutil.Process(server.pid).children()
    os.kill(young[0].pid, signal.SIGKILL)  # one of two: the other goes on
    wait_for_progress(sides)
    server.kill()
    server.start()
    wait_for_progress(sides)
    stop.set()
    for side in sides:
        side.join(PATIENCE)
    for side in sides:  # only now has everybody written his last line
        side.look()

    assert sum(side.repeats for side in sides), "nobody was disturbed: nothing was shown"
    for citizen, desk in zip(citizens, desks, strict=True):
        for side in (citizen, desk):
            numbers = [line["number"] for line in side.seen]
            assert numbers == list(range(1, len(numbers) + 1)), "each line once, none missing"
            for one in (citizen, desk):
                own = [line["id"] for line in side.seen if line["text"].startswith(one.who)]
                assert own == one.acknowledged, "as they were sent"
    stored = ask(address, "SELECT count(*), count(DISTINCT client_id) FROM chat_line WHERE kind = 'said'")
    written = sum(len(side.acknowledged) for side in sides)
    assert stored == [(written, written)]


def take(port: int, session: str, count: int) -> None:
    """Alina takes who waits, as her page does."""
    headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
    for _ in range(count):
        link = HTTPConnection("127.0.0.1", port, timeout=20)
        link.request("POST", "/chat/next/", headers=headers)
        assert link.getresponse().status == 302
        link.close()


def wait_for_progress(sides: list[Side]) -> None:
    """Wait until each has had another line acknowledged."""
    goal, until = [len(side.acknowledged) + 1 for side in sides], time.monotonic() + PATIENCE
    while any(len(side.acknowledged) < most for side, most in zip(sides, goal, strict=True)):
        assert time.monotonic() < until
        assert all(side.is_alive() for side in sides), "a side gave up"
        time.sleep(0.05)
