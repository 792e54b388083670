"""chat.seen — from the moment a citizen sends a line to the moment the page of who answers has got its words.

Two thousand talks are open, each with a browser that listens to it. Lines come from all of them in turn through the
whole program; the employee's side is one more listener, which asks for the line as her page does. Posting and asking
share one process and its lock, so the figure is rather too long than too short.
"""

import http.client
import json
import queue
import random
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import uuid4

from django.db import close_old_connections, connection
from django.test import Client
from django.utils import timezone

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.live import _colleague, _ears, _stream
from config.bench.person_page import SIGN_IN_BACKEND
from config.bench.start import free_port
from config.bench.times import percentile, timed
from opora.access.scope import Scope, enter
from opora.chat.models import Place, Talk
from opora.chat.services.talking import hash_of
from opora.chat.words import State
from opora.live.tickets import issue_to_citizen
from opora.organisations.models import Employee

TALKS, PER_SECOND, SECONDS = 2000, 40, 15
PATIENCE = 20.0
SLUG = "bench-chat"


@work(
    "chat.seen",
    unit="мс",
    bar=("figure <= 500", "lost <= 0"),
    note=f"p95 от отправки строки до её слов на столе; {TALKS} открытых разговоров, {PER_SECOND} строк/с;"
    " предел — та же строка одним INSERT и одним SELECT",
    needs_people=False,
)
def chat_seen(bench: Bench) -> Iterator[Round]:
    """Every talk has its listener; ``lost`` are lines nobody saw within twenty seconds."""
    yield from rounds(bench, TALKS, PER_SECOND, SECONDS)


def rounds(bench: Bench, talks: int, per_second: int, seconds: int) -> Iterator[Round]:
    """Give rounds of a chat of any size."""
    with ExitStack() as afterwards:
        _, (ticket, *_) = afterwards.enter_context(_colleague(1))
        employee = Employee.objects.get(login="bench.live")
        keys = _talks(employee, talks)
        port = free_port()
        afterwards.enter_context(_stream(port))
        ears = afterwards.enter_context(_ears())
        channels = [f"talk:{talk}" for talk in keys]
        ears.ask({"port": port, "own": channels, "tickets": [issue_to_citizen(one, life=3600) for one in channels]})
        if (present := ears.answer()["present"]) != talks:
            raise BenchRefused(f"Соединились {present} из {talks}")
        desk = afterwards.enter_context(_desk(port, ticket, employee))
        for _ in bench.rounds:
            waits, lost = _talk(desk, keys, per_second, seconds)
            limit = percentile([timed(_bare)[0] for _ in range(100)])
            yield Round(percentile(waits), limit, {"lost": lost, "median": percentile(waits, 50)})


class Desk:
    """The page of who answers: hears that there is something, asks for it, notes when it came."""

    def __init__(self, employee: Employee) -> None:
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(employee, backend=SIGN_IN_BACKEND)
        self.heard: queue.SimpleQueue[tuple[str, int] | None] = queue.SimpleQueue()
        self.sent: dict[str, float] = {}
        self.waits: list[float] = []
        self.reach: dict[str, int] = {}

    def ask(self) -> None:
        """Ask for lines until told to stop; run by a thread of its own."""
        while (item := self.heard.get()) is not None:
            talk, _ = item
            told = self.client.get(f"/chat/{talk}/lines/?after={self.reach.get(talk, 0)}").json()
            now = time.perf_counter()
            self.reach[talk] = told["reach"]
            self.waits += [now - self.sent.pop(line["id"]) for line in told["lines"] if line["id"] in self.sent]
        close_old_connections()


@contextmanager
def _desk(port: int, ticket: str, employee: Employee) -> Iterator[Desk]:
    """Connect a desk to the stream and give it; threads end with the block."""
    desk = Desk(employee)
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    wishes = json.dumps({"channels": [f"emp:{employee.pk}"]})
    link.request("POST", "/live/events", wishes, {"Authorization": f"Ticket {ticket}"})
    answer = link.getresponse()

    def hear() -> None:
        try:
            for line in answer:
                if line.startswith(b"data: ["):
                    for item in json.loads(line[6:]):
                        if item["event"] == "chat.line":
                            desk.heard.put((item["data"]["id"], item["data"]["number"]))
        except (OSError, ValueError, http.client.HTTPException, AttributeError):  # the link is closed at the end
            return

    threads = [threading.Thread(target=hear, daemon=True), threading.Thread(target=desk.ask, daemon=True)]
    for thread in threads:
        thread.start()
    try:
        yield desk
    finally:
        desk.heard.put(None)
        threads[1].join(PATIENCE)
        link.close()


def _talk(desk: Desk, keys: dict[str, str], per_second: int, seconds: int) -> tuple[list[float], int]:
    """Say lines in talks by chance for a while; return how long each took to be seen, and how many never were."""
    browser = Client(SERVER_NAME="localhost")
    chance = random.Random(1)  # noqa: S311 - the same talks in every round
    talks = list(keys)
    desk.waits.clear()
    desk.sent.clear()
    began = time.monotonic()
    for number in range(per_second * seconds):
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        line = {"id": str(uuid4()), "text": f"Строка замера {number}: как получить полис и сколько ждать?"}
        desk.sent[line["id"]] = time.perf_counter()
        _post(browser, keys[chance.choice(talks)], line)
    until = time.monotonic() + PATIENCE
    while desk.sent and time.monotonic() < until:
        time.sleep(0.05)
    return list(desk.waits) or [float("inf")], len(desk.sent)


def _post(browser: Client, key: str, line: dict[str, Any]) -> None:
    answer = browser.post(
        f"/c/{SLUG}/talk/lines/", line, content_type="application/json", headers={"Authorization": f"Talk {key}"}
    )
    if answer.status_code != 201:
        raise BenchRefused(f"Строка получила ответ {answer.status_code}")


def _talks(employee: Employee, count: int) -> dict[str, str]:
    """Open talks that she leads; return their keys by id."""
    assignment = employee.assignment
    if assignment is None:
        raise BenchRefused("У сотрудника замера нет места работы")
    with enter(Scope.system("the bench opens talks")):
        place, _ = Place.objects.get_or_create(
            slug=SLUG, defaults={"organisation": assignment.organisation, "name": "Замер", "is_round_the_clock": True}
        )
        keys = [secrets.token_urlsafe(32) for _ in range(count)]
        now = timezone.now()
        given = {"organisation": place.organisation, "place": place, "address_mark": "", "owner": employee}
        made = Talk.objects.bulk_create(
            [Talk(key_hash=hash_of(key), state=State.TAKEN, taken_at=now, **given) for key in keys]
        )
    return {str(talk.pk): key for talk, key in zip(made, keys, strict=True)}


def _bare() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO live_kept (body) VALUES ('[]') RETURNING id")
        cursor.execute("SELECT body FROM live_kept WHERE id = %s", cursor.fetchone())
        cursor.fetchall()
