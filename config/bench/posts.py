"""posts.reconnect — the network of a region is back: five hundred tablets send twenty records each, desks work on.

Each tablet does what its script does: waits its share of forty seconds, sends its batch over HTTP, asks for the numbers
of its appeals until it has them all, and meanwhile for its day. Every tenth loses the answer and sends again.
Colleagues ask for their desks until the last record is an appeal. Web and worker are processes of the program over a
database of their own; tablets and desks are threads here, on the same processors.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
import psycopg
from django.urls import reverse

from config.bench.desks import Habit, asked, asked_for
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.person_page import SIGN_IN_BACKEND
from config.bench.programs import PATIENCE, Process, Web, migrate
from config.bench.times import percentile
from opora.posts import envelopes

DATABASE = "opora_bench_posts"
RECORDS = 20
COLLEAGUES = 20
OPENS, HEARS = 10.0, 3.0  # seconds between two openings of a desk by one colleague, and two renewals of its moving part
EACH_SECOND = 1.0  # the hard line: every colleague opens her desk anew each second
SPREAD = 40.0  # seconds, as the script of the tablet has it
CHANCE = 2.0  # seconds a tablet adds by chance to what it was told
ALONE = 30.0  # seconds desks are asked for before the network is back
AGAIN = 1.0  # seconds until a tablet tries again after a lost answer
LATER = 240.0  # seconds over which tablets ask for their day, when the records have gone
NUMBERS, SELDOM = 20.0, 300.0  # seconds between questions for numbers: the first, doubled up to the last
REGISTERED_IN = 2400.0  # seconds we wait for the last appeal
HARD = 120.0  # seconds of registering that are looked at on the hard line
LOSE_EACH = 10
TERRITORY = "99992"
FURNISH = """
import django, json, sys; django.setup()
from config.bench.posts import furnish; print(json.dumps(furnish(int(sys.argv[1]), int(sys.argv[2]))))
"""


BARS = ("figure <= 50", "desk <= 50", "desk_after <= 50", "taken <= 60", "lost <= 0", "doubled <= 0")
NOTE = (
    "figure — p95 стола в мс по HTTP, пока планшеты возвращаются, предел — тот же p95 в том же прогоне до них; desk —"
    " худший раунд, desk_after — пока записи регистрируются, part и part_after — часть стола, что обновляется сама;"
    " taken — за сколько секунд все записи у нас, registered — последняя стала обращением; away — сколько раз просили"
    " подождать; client, web, worker — секунды процессора до taken; планшеты и столы на тех же ядрах"
)


@work(
    "posts.reconnect",
    unit="мс",
    bar=(*BARS, "part <= 50", "part_after <= 50"),
    note=f"{COLLEAGUES} коллег, каждый открывает стол раз в {OPENS:.0f} с, часть стола обновляется раз в {HEARS:.0f} с;"
    f" планшет везёт {RECORDS} записей, каждый десятый шлёт дважды; {NOTE}",
    needs_people=False,
)
def reconnect(bench: Bench) -> Iterator[Round]:
    """Every round is another day of the same tablets; desks are opened as often as a large centre opens them."""
    yield from _rounds(bench, Habit(OPENS, HEARS))


@work(
    "posts.reconnect.each_second",
    unit="мс",
    bar=BARS,
    note=f"то же, но каждый из {COLLEAGUES} коллег открывает стол заново каждую секунду; {NOTE}",
    needs_people=False,
)
def reconnect_each_second(bench: Bench) -> Iterator[Round]:
    """The same storm while desks alone take more than half a core: more than any centre asks for."""
    yield from _rounds(bench, Habit(EACH_SECOND, None), registering=HARD)


def _rounds(bench: Bench, habit: Habit, *, registering: float | None = None) -> Iterator[Round]:
    address = bench.place.create(DATABASE)
    migrate(address)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="opora-bench-") as folder,
            house_in(Path(folder), address, bench.tablets, COLLEAGUES) as house,
        ):
            for number in bench.rounds:
                bench.say(f"posts: раунд {number + 1}, планшетов {bench.tablets}")
                tale = storm(house, records=RECORDS, spread=SPREAD, seed=number, habit=habit, registering=registering)
                yield Round(tale.p95("desk"), tale.p95("alone"), tale.figures())
    finally:
        bench.place.drop(DATABASE)


@dataclass
class Tale:
    """What became of a storm. ``seconds`` until all was taken in, ``registered`` until the last was an appeal.

    ``times`` are seconds of each answer by what was asked for and when: ``desk`` and ``part`` until all was taken in,
    with ``_after`` until all was registered, ``alone`` and ``part_alone`` before the storm. ``spent`` is seconds of
    processor by program, until all was taken in and, with ``_after``, from then on.
    """

    seconds: float = 0.0
    registered: float = 0.0
    lost: int = 0
    doubled: int = 0
    repeats: int = 0
    away: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)

    def p95(self, name: str) -> float:
        """Return what 95 of 100 answers took at most, milliseconds."""
        return percentile(self.times[name])

    def figures(self) -> dict[str, float]:
        told = {"taken": self.seconds, "registered": self.registered, "lost": self.lost, "doubled": self.doubled}
        told |= {"repeats": self.repeats, "away": self.away}
        desks = {name: self.p95(name) for name, times in sorted(self.times.items()) if times}
        return {name: round(float(value), 1) for name, value in (desks | told | self.spent).items()}


@dataclass(frozen=True)
class House:
    """A web and a worker over a database; who has a tablet, who has a desk, what tablets seal to."""

    address: str
    web: Web
    worker: Process
    people: list[int]
    tablets: list[str]
    desks: list[str]
    post: int
    seal: UUID
    public: str
    topic: str

    @property
    def port(self) -> int:
        return self.web.port

    def spent(self) -> dict[str, float]:
        """Return the seconds of processor each program has had so far; ``client`` is the one who asks."""
        return {"client": time.process_time(), "web": _spent(self.web.pid), "worker": _spent(self.worker.pid)}


def _spent(pid: int) -> float:
    try:
        found = psutil.Process(pid)
    except psutil.NoSuchProcess:  # a test has killed it
        return 0.0
    times = [one.cpu_times() for one in (found, *found.children(recursive=True))]
    return sum(one.user + one.system for one in times)


@contextmanager
def house_in(folder: Path, address: str, tablets: int, desks: int) -> Iterator[House]:
    """Furnish a migrated database and give it with its processes running."""
    named = {"DATABASE_URL": address, "TMPDIR": str(folder), "OPORA_DATA": str(folder)}
    environment = {**os.environ, **named, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", FURNISH, str(tablets), str(desks)]
    told = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
    web = Web(environment=environment, said=folder / "web.log")
    worker = Process("worker", environment=environment, said=folder / "worker.log")
    try:
        web.start()
        worker.start()
        yield House(address, web, worker, **(told | {"seal": UUID(told["seal"])}))
    finally:
        web.end()
        worker.end()


def furnish(tablets: int, desks: int) -> dict[str, Any]:
    """Make an insurer with a post and as many colleagues; return their sessions and what a tablet has to know."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from opora.access.scope import Scope, enter
    from opora.classifiers import queries as classifiers
    from opora.classifiers.words import Kind
    from opora.organisations.models import Assignment, Employee, Organisation, Post, Role, Site, Territory
    from opora.posts import services

    kinds = Organisation.Kind
    with enter(Scope.system("a house of the bench")):
        home = Territory.objects.create(code=TERRITORY, name="Область замера", time_zone="Asia/Novosibirsk")
        Organisation.objects.create(kind=kinds.FUND, code="99992", name="ТФОМС", territory=home)
        insurer = Organisation.objects.create(kind=kinds.INSURER, code="99991", name="СМО", territory=home)
        clinic = Organisation.objects.create(kind=kinds.PROVIDER, code="999921", name="Клиника", territory=home)
        site = Site.objects.create(organisation=clinic, name="Корпус", address="ул. Замерная, 1")
        post = Post.objects.create(organisation=insurer, site=site, room="1")
        people = Employee.objects.bulk_create(
            Employee(login=f"bench.{number}", surname="Замеров", given_name="Пётр", password="!")  # noqa: S106
            for number in range(tablets + desks)
        )
        role = Role.objects.get(slug="sp1")
        Assignment.objects.bulk_create(
            Assignment(employee=one, organisation=insurer, role=role, since="2020-01-01") for one in people
        )
        topic = classifiers.topics(TERRITORY, timezone.localdate(), Kind.CONSULTATION)[0]
    sessions = []
    for one in people:
        browser = Client()
        browser.force_login(one, backend=SIGN_IN_BACKEND)
        sessions.append(browser.cookies[settings.SESSION_COOKIE_NAME].value)
    with enter(people[0].scope):
        seal = services.seal_of(people[0])
    return {
        "people": [one.pk for one in people[:tablets]],
        "tablets": sessions[:tablets],
        "desks": sessions[tablets:],
        "post": post.pk,
        "seal": str(seal.pk),
        "public": seal.public,
        "topic": topic.code,
    }


def storm(
    house: House,
    *,
    records: int,
    spread: float,
    seed: int,
    habit: Habit,
    registering: float | None = None,
    alone: float = ALONE,
    afterwards: Callable[[], None] = lambda: None,
) -> Tale:
    """Let every tablet come back at once; return when every record is an appeal and what the database holds then.

    Every desk is opened once before: what a fresh process reads for the first time is not what is measured.
    ``afterwards`` is called when all has been taken in. With ``registering`` seconds registering is looked at so long;
    what waits then counts as not lost and is thrown away.
    """
    chance, tale, over = random.Random(seed), Tale(), threading.Event()  # noqa: S311 - moments, not secrets
    tablets = [Tablet(house, number, records, chance.random(), over) for number in range(len(house.tablets))]
    for session in house.desks:
        asked(house.port, session, reverse("workplace:desk"))
    with asked_for(house.port, house.desks, habit, chance) as clock:
        time.sleep(alone)
        tale.times |= clock.taken("alone", "part_alone")
        began, spent = time.monotonic(), house.spent()
        threads = [threading.Thread(target=one.come_back, args=(spread,), daemon=True) for one in tablets]
        for thread in threads:
            thread.start()
        try:
            for tablet in tablets:
                tablet.is_empty.wait(5 * PATIENCE)
            tale.seconds = time.monotonic() - began
            then = house.spent()
            tale.spent = {name: now - spent[name] for name, now in then.items()}
            tale.times |= clock.taken("desk", "part")
            afterwards()
            if not _wait_for_the_last(house.address, registering or REGISTERED_IN) and registering is None:
                raise BenchRefused("Записи не зарегистрированы")
            tale.registered = time.monotonic() - began
            tale.spent |= {f"{name}_after": max(now - then[name], 0.0) for name, now in house.spent().items()}
            tale.times |= clock.taken("desk_after", "part_after")
        finally:
            over.set()
            for thread in threads:
                thread.join(PATIENCE)
    if faults := {one.fault for one in tablets if one.fault}:
        raise BenchRefused(f"Планшеты не отдали записи: {', '.join(sorted(faults))}")
    tale.repeats, tale.away = sum(one.repeats for one in tablets), sum(one.away for one in tablets)
    tale.lost, tale.doubled = _judge(house.address, [key for one in tablets for key in one.keys])
    return tale


class Tablet:
    """A day of records under seal; every tenth tablet loses the first answer it is given. ``chance`` is 0 to 1."""

    def __init__(self, house: House, number: int, records: int, chance: float, over: threading.Event) -> None:
        self.house, self.session, self.employee = house, house.tablets[number], house.people[number]
        self.chance, self.over, self.is_empty = chance, over, threading.Event()
        self.loses_answer = number % LOSE_EACH == 0
        self.keys = [uuid4() for _ in range(records)]
        self.waits = {str(key): json.dumps(_sealed(house, key)) for key in self.keys}
        self.expected: set[str] = set()
        self.repeats = self.away = 0
        self.fault = ""

    def come_back(self, spread: float) -> None:
        """Send until nothing waits, ask for the day, then for numbers; run by a thread of its own."""
        time.sleep(self.chance * spread)
        until = time.monotonic() + 4 * PATIENCE
        try:
            while self.waits and time.monotonic() < until:
                self._talk()
            self.fault = "за четыре минуты не ответили" if self.waits else ""
            self.is_empty.set()
            day_at, pause = time.monotonic() + self.chance * LATER, NUMBERS * (1 + self.chance)
            while self.expected and not self.over.wait(pause):
                self._talk()
                pause = min(2 * pause, SELDOM)
                if day_at and time.monotonic() > day_at:
                    asked(self.house.port, self.session, reverse("posts:day"))
                    day_at = 0.0
        except (BenchRefused, OSError, HTTPException, ValueError, KeyError) as fault:
            self.fault = str(fault) or type(fault).__name__
        finally:
            self.is_empty.set()

    def _talk(self) -> None:
        records, asks = ",".join(self.waits.values()), json.dumps(sorted(self.expected))
        now = datetime.now(UTC).isoformat()
        whose = f'"employee":{self.employee},"post":{self.house.post}'
        told = f'{{{whose},"now":"{now}","records":[{records}],"asks":{asks}}}'
        try:
            status, content, away = asked(self.house.port, self.session, reverse("posts:take"), told)
        except (OSError, HTTPException):
            status, content, away = 502, b"", 0
        if away:
            self.away += 1
            self.over.wait(away + CHANCE * self.chance)
        elif self.loses_answer or status >= 500:
            self.loses_answer = False
            self.repeats += 1
            self.over.wait(AGAIN)
        elif status != 200:
            raise BenchRefused(f"ответ {status}")
        else:
            self._note(json.loads(content)["records"])

    def _note(self, told: list[dict[str, str]]) -> None:
        for one in told:
            if one["state"] == "kept":
                raise BenchRefused(one["sentence"])
            self.waits.pop(one["key"], None)
            (self.expected.add if one["state"] == "waiting" else self.expected.discard)(one["key"])


def _sealed(house: House, key: UUID) -> dict[str, str]:
    record = {
        "kind": "consultation",
        "topic": house.topic,
        "answered": True,
        "answer": "Полис действует, менять его не нужно.",
        "text": "",
        "at": datetime.now(UTC).isoformat(),
    }
    closed = envelopes.close_envelope(record, key=key, seal=house.seal, public=house.public, nonce=os.urandom(12))
    return envelopes.written(closed)


def _wait_for_the_last(address: str, seconds: float) -> bool:
    """Wait until no envelope waits, so long at most; return whether none does."""
    until = time.monotonic() + seconds
    with _inside(address) as link:
        while link.execute("SELECT 1 FROM posts_arrival LIMIT 1").fetchone():
            if time.monotonic() > until:
                return False
            time.sleep(0.5)
    return True


@contextmanager
def _inside(address: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("SELECT set_config('opora.sees', 'all', false)")
        yield link


def _judge(address: str, keys: list[UUID]) -> tuple[int, int]:
    """Return how many records the house does not have, and how many appeals of posts have no record of their own.

    An envelope that waits still is had; it is thrown away, for the next round begins with none.
    """
    with _inside(address) as link:
        link.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        stored = link.execute("SELECT appeal_id FROM posts_record WHERE key = ANY(%s)", [keys]).fetchall()
        waiting = link.execute("SELECT key FROM posts_arrival WHERE key = ANY(%s)", [keys]).fetchall()
        (every,) = link.execute("SELECT count(*) FROM posts_record WHERE appeal_id IS NOT NULL").fetchone() or (0,)
        (appeals,) = link.execute("SELECT count(*) FROM appeals_appeal").fetchone() or (0,)
        link.execute("COMMIT")
        link.execute("DELETE FROM posts_arrival WHERE key = ANY(%s)", [keys])
    found = {appeal for (appeal,) in stored if appeal is not None}
    return len(keys) - len(found) - len(waiting), int(appeals) - int(every)
