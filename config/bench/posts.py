"""posts.reconnect — the network of a region is back: five hundred tablets send twenty records each, desks work on.

Each tablet does what its script does: waits its share of the quarter of a minute, sends its batch over HTTP, asks for
its day. Every tenth loses the answer and sends again. Colleagues ask for their desks all the while. Web and worker are
processes of the program over a database of their own; tablets and desks are threads here, on the same processors.
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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.urls import reverse

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.person_page import SIGN_IN_BACKEND
from config.bench.programs import PATIENCE, Process, Web, migrate
from config.bench.times import percentile
from opora.posts import envelopes

DATABASE = "opora_bench_posts"
TABLETS, RECORDS, DESKS = 500, 20, 20
SPREAD = 15.0  # seconds, as the script of the tablet has it
ALONE = 5.0  # seconds desks are asked for before the network is back
AGAIN, EVERY = 1.0, 1.0  # seconds until a tablet tries again, between two looks at a desk
LOSE_EACH = 10
CSRF = "c" * 32
TERRITORY = "99992"
FURNISH = """
import django, json, sys; django.setup()
from config.bench.posts import furnish; print(json.dumps(furnish(int(sys.argv[1]), int(sys.argv[2]))))
"""


@work(
    "posts.reconnect",
    unit="с",
    bar=("figure <= 60", "lost <= 0", "doubled <= 0", "desk <= 50"),
    note=f"{TABLETS} планшетов по {RECORDS} записей, каждый десятый шлёт дважды; desk — p95 стола в мс в это время по"
    " HTTP, alone — он же до того; планшеты и столы на тех же ядрах",
    needs_people=False,
)
def reconnect(bench: Bench) -> Iterator[Round]:
    """Every round is another day of the same tablets."""
    address = bench.place.create(DATABASE)
    migrate(address)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="opora-bench-") as folder,
            house_in(Path(folder), address, TABLETS, DESKS) as house,
        ):
            for number in bench.rounds:
                bench.say(f"posts.reconnect: раунд {number + 1}")
                tale = storm(house, records=RECORDS, spread=SPREAD, seed=number)
                also = {"lost": tale.lost, "doubled": tale.doubled, "repeats": tale.repeats}
                times = {"desk": percentile(tale.desk), "alone": percentile(tale.alone)}
                yield Round(tale.seconds, None, {name: float(value) for name, value in also.items()} | times)
    finally:
        bench.place.drop(DATABASE)


@dataclass
class Tale:
    """What became of a storm; ``desk`` and ``alone`` are seconds of each desk during it and before it."""

    seconds: float = 0.0
    lost: int = 0
    doubled: int = 0
    repeats: int = 0
    desk: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class House:
    """A web and a worker over a database; who has a tablet, who has a desk, what tablets seal to."""

    address: str
    port: int
    tablets: list[str]
    desks: list[str]
    post: int
    seal: UUID
    public: str
    topic: str


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
        yield House(address, web.port, **(told | {"seal": UUID(told["seal"])}))
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
        "tablets": sessions[:tablets],
        "desks": sessions[tablets:],
        "post": post.pk,
        "seal": str(seal.pk),
        "public": seal.public,
        "topic": topic.code,
    }


def storm(house: House, *, records: int, spread: float, seed: int, alone: float = ALONE) -> Tale:
    """Let every tablet come back at once; return when the last one is empty and what the database holds then.

    Every desk is opened once before: what a fresh process reads for the first time is not what is measured.
    """
    chance, tale = random.Random(seed), Tale()  # noqa: S311 - moments, not secrets
    tablets = [Tablet(house, number, records) for number in range(len(house.tablets))]
    for session in house.desks:
        _asked(house.port, session, reverse("workplace:desk"))
    with _desks(house) as times:
        time.sleep(alone)
        _wait_for_one(times)
        tale.alone = _taken(times)
        began = time.monotonic()
        threads = [threading.Thread(target=one.come_back, args=(chance.random() * spread,)) for one in tablets]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tale.seconds = time.monotonic() - began
        _wait_for_one(times)
        tale.desk = _taken(times)
    if faults := {one.fault for one in tablets if one.fault}:
        raise BenchRefused(f"Планшеты не отдали записи: {', '.join(sorted(faults))}")
    tale.repeats = sum(one.repeats for one in tablets)
    tale.lost, tale.doubled = _judge(house.address, [key for one in tablets for key in one.keys])
    return tale


class Tablet:
    """A day of records under seal; every tenth tablet loses the first answer it is given."""

    def __init__(self, house: House, number: int, records: int) -> None:
        self.house, self.session = house, house.tablets[number]
        self.loses_answer = number % LOSE_EACH == 0
        self.keys = [uuid4() for _ in range(records)]
        self.waits = {str(key): _sealed(house, key) for key in self.keys}
        self.repeats = 0
        self.fault = ""

    def come_back(self, delay: float) -> None:
        """Send until nothing waits, then ask for the day; run by a thread of its own."""
        time.sleep(delay)
        until = time.monotonic() + 4 * PATIENCE
        try:
            while self.waits and time.monotonic() < until:
                self._send()
            self.fault = "за четыре минуты не ответили" if self.waits else ""
            _asked(self.house.port, self.session, reverse("posts:day"))
        except (BenchRefused, OSError, HTTPException, ValueError, KeyError) as fault:
            self.fault = str(fault) or type(fault).__name__

    def _send(self) -> None:
        told = {"post": self.house.post, "now": datetime.now(UTC).isoformat(), "records": list(self.waits.values())}
        try:
            status, content = _asked(self.house.port, self.session, reverse("posts:take"), told)
        except (OSError, HTTPException):
            status, content = 503, b""
        if self.loses_answer or status >= 500:
            self.loses_answer = False
            self.repeats += 1
            time.sleep(AGAIN)
        elif status != 200:
            raise BenchRefused(f"ответ {status}")
        else:
            for one in json.loads(content)["records"]:
                if one["state"] != "accepted":
                    raise BenchRefused(one["sentence"])
                self.waits.pop(one["key"], None)


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


@contextmanager
def _desks(house: House) -> Iterator[list[float]]:
    """Ask for desks until the block ends; the list fills with what each answer took."""
    stop, times, faults = threading.Event(), list[float](), list[str]()

    def look(session: str) -> None:
        while not stop.wait(EVERY):
            began = time.perf_counter()
            try:
                status, _ = _asked(house.port, session, reverse("workplace:desk"))
            except (OSError, HTTPException) as fault:
                status = 0
                faults.append(type(fault).__name__)
            times.append(time.perf_counter() - began)
            if status != 200:
                faults.append(f"ответ {status}")

    threads = [threading.Thread(target=look, args=(one,), daemon=True) for one in house.desks]
    for thread in threads:
        thread.start()
    try:
        yield times
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    if faults:
        raise BenchRefused(f"Стол не открылся: {', '.join(sorted(set(faults)))}")


def _wait_for_one(times: list[float]) -> None:
    """Wait until a desk that is being asked for is answered. Raises BenchRefused."""
    until = time.monotonic() + PATIENCE
    while not times:
        if time.monotonic() > until:
            raise BenchRefused("Столы не отвечают")
        time.sleep(0.05)


def _taken(times: list[float]) -> list[float]:
    """Take what has been measured so far out of the list."""
    found = list(times)
    del times[: len(found)]
    return found


def _asked(port: int, session: str, path: str, told: Mapping[str, Any] | None = None) -> tuple[int, bytes]:
    headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
    link = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        if told is None:
            link.request("GET", path, headers=headers)
        else:
            link.request("POST", path, json.dumps(told), headers | {"Content-Type": "application/json"})
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


def _judge(address: str, keys: list[UUID]) -> tuple[int, int]:
    """Return how many records have no appeal, and how many appeals of posts have no record of their own."""
    with psycopg.connect(address) as link:
        link.execute("SELECT set_config('opora.sees', 'all', true)")
        stored = link.execute("SELECT appeal_id FROM posts_record WHERE key = ANY(%s)", [keys]).fetchall()
        (every,) = link.execute("SELECT count(*) FROM posts_record WHERE appeal_id IS NOT NULL").fetchone() or (0,)
        (appeals,) = link.execute("SELECT count(*) FROM appeals_appeal").fetchone() or (0,)
    found = {appeal for (appeal,) in stored if appeal is not None}
    return len(keys) - len(found), int(appeals) - int(every)
