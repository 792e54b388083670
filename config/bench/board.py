"""``reports.board``, ``reports.board_live`` — the wall: numbers out of a journal of many years, and how soon it hears.

Numbers are asked for as the page asks: signed in, and by the secret of a screen. The limit sums the same counters by
one statement. The second work lets screens listen beside all the desks of the country, which hear a queue each.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from config.bench.archive import House, archive
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.journal_lists import answer, browser_of
from config.bench.live import Ears, _colleague, _ears, _stream
from config.bench.start import free_port
from config.bench.times import both, percentile, spent, timed
from opora.access.scope import Scope, enter
from opora.appeals.board.screens import make_screen
from opora.appeals.models import Screen
from opora.appeals.views.screens import COOKIE
from opora.live.news import News, publish
from opora.live.tickets import issue_to_screen

TIMES = 40
SYSTEM = Scope.system("the bench hangs a screen on a wall")
SUM = "SELECT handler_id, line, sum(change) FROM appeals_tally WHERE territory = %s GROUP BY 1, 2"
DESKS, SCREENS = 8500, 100
PER_SECOND, SECONDS = 20, 15


@work(
    "reports.board",
    unit="мс",
    bar=("figure <= 50",),
    note="p95 чисел табло: фонд с входом и экран без входа; предел — сумма тех же счётчиков; work — без ожидания"
    " процессора, counters — строк счёта",
    needs_people=False,
)
def board(bench: Bench) -> Iterator[Round]:
    """The numbers of a whole territory, asked for by its supervisor and by a screen."""
    with archive(bench) as house:
        walls = [
            (browser_of(house.supervisor), reverse("board:figures")),
            (_screen(house), reverse("board:screen-figures")),
        ]
        for browser, address in walls:
            answer(browser, address)
        for number in bench.rounds:
            bench.say(f"reports.board: {number + 1}")
            found = [spent(partial(answer, browser, address)) for browser, address in walls for _ in range(TIMES)]
            figure, work_done = both(found)
            limit, counters = _limit(house)
            yield Round(figure, limit, {"appeals": bench.appeals, "counters": counters, **work_done})


@work(
    "reports.board_live",
    unit="мс",
    bar=("figure <= 1000", "lost <= 0"),
    note=f"p95 от публикации до экрана: {SCREENS} экранов рядом с {DESKS} столами; desks — p95 столов",
    needs_people=False,
)
def board_live(bench: Bench) -> Iterator[Round]:
    """Screens among all the desks of the country."""
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 < files < DESKS + SCREENS + 1000:
        raise BenchRefused(f"Открытых файлов не больше {files}: ulimit -Hn")
    with ExitStack() as afterwards:
        queue, tickets = afterwards.enter_context(_colleague(DESKS))
        wall = "board:99998"
        port = free_port()
        afterwards.enter_context(_stream(port))
        desks, screens = afterwards.enter_context(_ears()), afterwards.enter_context(_ears())
        words = [issue_to_screen([wall], screen=number, life=3600) for number in range(SCREENS)]
        for ears, channel, given in ((desks, queue, tickets), (screens, wall, words)):
            ears.ask({"port": port, "channels": [channel], "tickets": given})
            if (present := ears.answer()["present"]) != len(given):
                raise BenchRefused(f"Соединились {present} из {len(given)}")
        for number in bench.rounds:
            bench.say(f"reports.board_live: {number + 1}")
            told = _tell(queue, wall)
            of_screens, of_desks = _heard(screens), _heard(desks)
            missed = told * SCREENS - of_screens["heard"] + told * DESKS - of_desks["heard"]
            also = {"lost": missed, "longest": of_screens["waits"][2] * 1000, "desks": of_desks["waits"][1] * 1000}
            yield Round(of_screens["waits"][1] * 1000, None, also)


def _tell(queue: str, wall: str) -> int:
    """Publish what the chainer would, a piece for desks and one for walls; the moment stands in both to be measured."""
    began = time.monotonic()
    for number in range(PER_SECOND * SECONDS):
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        at = datetime.now(UTC)
        publish(
            [News((queue,), "appeal.registered", {"id": "0", "at": at}), News((wall,), "board.changed", {"at": at})]
        )
    time.sleep(2)
    return PER_SECOND * SECONDS


def _heard(ears: Ears) -> dict[str, Any]:
    ears.ask({})
    return ears.answer()


def _screen(house: House) -> Client:
    """Hang a screen of the fund on a wall and return its browser."""
    with enter(SYSTEM):
        Screen.objects.filter(made_by=house.supervisor).update(revoked_at=datetime.now(UTC))
    with enter(house.supervisor.scope):
        _, secret = make_screen("Замер", days=1, by=house.supervisor)
    browser = Client(SERVER_NAME="localhost")
    browser.cookies[COOKIE] = secret
    return browser


def _limit(house: House) -> tuple[float, int]:
    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(SUM, [house.territory])
            cursor.fetchall()

    with enter(house.supervisor.scope):
        read()
        seconds = [timed(read)[0] for _ in range(TIMES)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM appeals_tally")
            return percentile(seconds), cursor.fetchone()[0]
