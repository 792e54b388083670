"""A house of its own for tests of the stream process: a cluster, Alina of Alfa and Vera of Beta, 25 sessions each.

Run as a program in that house (``DATABASE_URL``): makes the people and prints their tickets as JSON.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from opora.live.news import News, batches
from opora.live.place import HERE

SESSIONS = 25
SECRET = "live-tests-" + "s" * 50
PATIENCE = 30


@dataclass
class House:
    """A cluster and the stream process of it."""

    address: str
    port: int
    process: subprocess.Popen[bytes] | None = None
    secret: str = SECRET

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"DATABASE_URL": self.address, "OPORA_SECRET_KEY": self.secret, "OPORA_MODE": "demo"}

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "config.cli", "stream", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while not self.is_well():
            assert time.monotonic() < until, "the stream does not answer"
            assert self.process.poll() is None, "the stream has ended"
            time.sleep(0.05)

    def is_well(self) -> bool:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/live/health", timeout=5).status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """End the process and its worker without a word."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def end(self) -> float:
        """Ask the process to end; return how many seconds it took."""
        assert self.process
        began = time.monotonic()
        self.process.terminate()
        assert self.process.wait(PATIENCE) == 0
        return time.monotonic() - began

    def tell(self, channel: str, *numbers: int) -> None:
        self.tell_of(channel, *({"number": str(number)} for number in numbers))

    def tell_of(self, channel: str, *details: dict[str, object], event: str = "appeal.changed") -> None:
        self.publish([News((channel,), event, data) for data in details])

    def publish(self, news: list[News]) -> None:
        """Tell by a connection of its own: what a test tells in its transaction nobody hears."""
        statement = (HERE / "sql" / "keep_and_tell.sql").read_text()
        with psycopg.connect(self.address, autocommit=True) as mouth:
            for body in batches(news):
                mouth.execute(statement, {"body": body})


@dataclass
class Browser:
    """Listens as the script of a page does: comes back by itself and says what it has got last."""

    port: int
    ticket: str
    channels: list[str]
    last: str = ""
    numbers: list[int] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    ended: str = ""
    status: int = 0

    async def listen(self) -> None:
        while not self.ended:
            try:
                await self.once()
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.1)

    async def once(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            body = json.dumps({"channels": self.channels, "last": self.last}).encode()
            head = f"POST /live/events HTTP/1.1\r\nHost: x\r\nAuthorization: Ticket {self.ticket}\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            self.status = int((await reader.readuntil(b"\r\n")).split()[1])
            if self.status != 200:
                self.ended = f"refused {self.status}"
                return
            while not self.ended:
                self.take((await reader.readuntil(b"\n\n")).decode())
        finally:
            writer.close()

    def take(self, message: str) -> None:
        fields = dict(line.split(": ", 1) for line in message.split("\n") if ": " in line)
        event, data = fields.get("event", ""), json.loads(fields.get("data", "null"))
        self.last = fields.get("id", self.last)
        if event:
            self.events.append(event)
        if event == "news":
            self.numbers += [int(item["data"]["number"]) for item in data]
        elif event == "ended" and data["why"] not in {"restart", "slow"}:
            self.ended = data["why"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def furnish(address: str) -> dict[str, dict[str, object]]:
    """People a cluster that has its tables, and return each one's organisation, number and tickets."""
    command = [sys.executable, "-P", str(Path(__file__))]
    done = subprocess.run(command, env=House(address, 0).environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def _people() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from datetime import timedelta
    from hashlib import sha256

    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from opora.access.scope import Scope, enter
    from opora.live.tickets import issue
    from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory

    found = {}
    with enter(Scope.system("a house for tests")):
        territory = Territory.objects.create(code="50000", name="Новосибирская область", time_zone="Asia/Novosibirsk")
        for login, code in (("alina", "54001"), ("vera", "54002")):
            insurer = Organisation.objects.create(kind="insurer", code=code, name=code, territory=territory)
            employee = Employee.objects.create(login=login, surname="А", given_name="Б")
            role = Role.objects.get(slug="sp1")
            Assignment.objects.create(employee=employee, organisation=insurer, role=role, since="2020-01-01")
            keys = [f"{login}-{number}" for number in range(SESSIONS)]
            UserSession.objects.bulk_create(
                [UserSession(user=employee, session_key=key, ip="127.0.0.1", user_agent="", data={}) for key in keys]
            )
            later = timezone.now() + timedelta(hours=1)
            Session.objects.bulk_create([Session(session_key=key, session_data="", expire_date=later) for key in keys])
            marks = [sha256(key.encode()).hexdigest()[:16] for key in keys]
            tickets = [issue(employee, session=mark) for mark in marks]
            found[login] = {"org": insurer.pk, "number": employee.pk, "tickets": tickets}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _people()
