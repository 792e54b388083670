"""journal.live — from the moment news are told to the moment a desk has them, a thousand desks and all of the country.

News go by the path of the chainer (``live.news.publish``), the process is the one of ``opora stream``, the desks are
connections of a second process. Every desk shows the same queue, which is the worst case: each must hear everything.
"""

import json
import os
import resource
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import psutil
import psycopg
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.population import LONG_AGO, territory_of
from config.bench.start import free_port
from opora.access.scope import Scope, enter
from opora.live.news import News, publish
from opora.live.place import CHANNEL
from opora.live.tickets import issue
from opora.organisations.models import Assignment, Employee, Organisation, Role

PER_SECOND, SECONDS = 20, 15
PATIENCE = 60
NOTE = "p95 от публикации до браузера; предел — один слушатель LISTEN; 20 новостей/с, все столы слышат все"


@work("journal.live", unit="мс", bar=("figure <= 1000", "lost <= 0"), note="1 000 столов; " + NOTE, needs_people=False)
def live(bench: Bench) -> Iterator[Round]:
    """A thousand desks."""
    yield from _rounds(bench, 1000)


@work(
    "journal.live_country", unit="мс", bar=("figure <= 1000", "lost <= 0"), note="8 500 столов; " + NOTE,
    needs_people=False,
)  # fmt: skip
def live_country(bench: Bench) -> Iterator[Round]:
    """All the representatives of Russia."""
    yield from _rounds(bench, 8500)


def _rounds(bench: Bench, desks: int) -> Iterator[Round]:
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 < files < desks + 1000:
        raise BenchRefused(f"Открытых файлов не больше {files}, нужно {desks + 1000}: ulimit -Hn")
    with ExitStack() as afterwards:
        channel, tickets = afterwards.enter_context(_colleague(desks))
        port = free_port()
        stream = afterwards.enter_context(_stream(port))
        ears = afterwards.enter_context(_ears())
        ears.ask({"port": port, "channels": [channel], "tickets": tickets})
        if (present := ears.answer()["present"]) != desks:
            raise BenchRefused(f"Соединились {present} столов из {desks}")
        for _ in bench.rounds:
            began = stream.cpu_times()
            limit, told = _tell(bench, channel)
            ears.ask({})
            heard = ears.answer()
            spent = stream.cpu_times()
            also = {
                "lost": told * desks - heard["heard"] + heard["lost"],
                "median": heard["waits"][0] * 1000,
                "longest": heard["waits"][2] * 1000,
                "memory": stream.memory_info().rss / 1e6,
                "cpu": 100 * (spent.user + spent.system - began.user - began.system) / SECONDS,
            }
            yield Round(heard["waits"][1] * 1000, limit, also)


def _tell(bench: Bench, channel: str) -> tuple[float, int]:
    """Publish news for a while; return what a bare listener needed (p95, ms) and how many there were."""
    waits: list[float] = []
    over = threading.Event()
    listener = threading.Thread(target=_bare, args=(waits, over))
    listener.start()
    time.sleep(0.2)
    began = time.monotonic()
    for number in range(PER_SECOND * SECONDS):
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        told_at = datetime.now(UTC)
        publish(
            [News((channel,), "appeal.registered", {"number": str(number), "id": "0", "stage": "1", "at": told_at})]
        )
    time.sleep(2)
    over.set()
    listener.join()
    return sorted(waits)[int(len(waits) * 0.95)] * 1000, PER_SECOND * SECONDS


def _bare(waits: list[float], over: threading.Event) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        while not over.is_set():
            for note in connection.notifies(timeout=0.5):
                ((_, _, data),) = json.loads(note.payload.partition(" ")[2])
                waits.append(time.time() - datetime.fromisoformat(data["at"]).timestamp())


@contextmanager
def _colleague(desks: int) -> Iterator[tuple[str, list[str]]]:
    """Give her queue and a ticket for each desk; behind each a session, for the stream looks whether they last."""
    from allauth.usersessions.models import UserSession

    with enter(Scope.system("the bench makes a desk")):
        territory = territory_of("99998", time_zone="Europe/Moscow")
        insurer, _ = Organisation.objects.get_or_create(
            kind=Organisation.Kind.INSURER, code="99998", defaults={"name": "Замер", "territory": territory}
        )
        employee, made = Employee.objects.get_or_create(
            login="bench.live", defaults={"surname": "Замеров", "given_name": "Пётр", "password": "!"}
        )
        if made:
            Assignment.objects.create(
                employee=employee, organisation=insurer, role=Role.objects.get(slug="sp1"), since=LONG_AGO
            )
    keys = [f"bench-live-{number}" for number in range(desks)]
    later = timezone.now() + timedelta(days=1)
    Session.objects.bulk_create([Session(session_key=key, session_data="", expire_date=later) for key in keys])
    UserSession.objects.bulk_create(
        [UserSession(user=employee, session_key=key, ip="127.0.0.1", user_agent="") for key in keys]
    )
    marks = [sha256(key.encode()).hexdigest()[:16] for key in keys]
    try:
        yield f"org:{insurer.pk}:queue:sp1", [issue(employee, session=mark, life=3600) for mark in marks]
    finally:
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()


@contextmanager
def _stream(port: int) -> Iterator[psutil.Process]:
    """Run ``opora stream`` and give the process that talks to the desks."""
    command = [sys.executable, "-P", "-m", "config.cli", "stream", "--port", str(port)]
    environment = os.environ | {"OPORA_SECRET_KEY": settings.SECRET_KEY}
    program = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _is_well(port):
            if program.poll() is not None or time.monotonic() > until:
                raise BenchRefused("opora stream не ответила")
            time.sleep(0.1)
        yield psutil.Process(program.pid).children()[0]
    finally:
        program.terminate()
        program.wait(PATIENCE)


def _is_well(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/live/health", timeout=5).close()
    except OSError:
        return False
    return True


class Ears:
    """The process of the desks."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, what: object) -> None:
        assert self.process.stdin  # noqa: S101 - for the type checker
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout  # noqa: S101 - for the type checker
        if not (line := self.process.stdout.readline()):
            raise BenchRefused("Процесс столов закрылся")
        return dict(json.loads(line))


@contextmanager
def _ears() -> Iterator[Ears]:
    command = [sys.executable, "-P", "-m", "config.bench.live_ears"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Ears(process)
    finally:
        process.kill()
        process.wait()
