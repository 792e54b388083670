"""journal.recount — a new day off is loaded while a million clocks run."""

import time
from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

from config.bench.archive import open_ones
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from opora.access.scope import Scope, enter
from opora.deadlines.packs import PackFile
from opora.deadlines.services import load_pack

CLOCKS = 1_000_000
BUSIEST = """
SELECT due_on FROM appeals_clock WHERE state = 'running' AND due_on > current_date
 GROUP BY due_on ORDER BY count(*) DESC LIMIT 1
"""
WRITTEN = "UPDATE appeals_clock SET law_version = law_version || ' ', warn_on = warn_on WHERE state = 'running'"


@work(
    "journal.recount",
    unit="с",
    bar=("figure <= 60",),
    note="загрузка пака со своим выходным; предел — запись тех же часов одной командой",
    needs_people=False,
)
def recount(bench: Bench) -> Iterator[Round]:
    """Load a pack that takes the busiest last day away; what it wrote is taken back after each round."""
    clocks = CLOCKS if bench.appeals >= CLOCKS else bench.appeals
    with open_ones(bench, clocks) as house:
        with connection.cursor() as cursor, enter(Scope.system("the bench looks for a busy day")):
            cursor.execute(BUSIEST)
            [day] = cursor.fetchone() or [None]
        if day is None:
            raise BenchRefused("В архиве замера нет открытых обращений")
        for number in bench.rounds:
            bench.say(f"journal.recount: {number + 1}")
            seconds, moved = _load(house.territory, day, number)
            limit = _write()
            _vacuum()
            yield Round(seconds, limit, {"clocks": clocks, "moved": moved})


def _load(territory: str, day: date, number: int) -> tuple[float, int]:
    content = {"kind": "region", "version": str(number), "days": [day.isoformat()]}
    pack = PackFile(
        kind="region", code="bench", territory=territory, version=str(number), since=date(2020, 1, 1), until=None,
        title="Выходной замера", source="bench", content=content, sha256="",
    )  # fmt: skip
    began = time.perf_counter()
    with transaction.atomic():
        told = load_pack(pack).consequences
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    return seconds, sum(" — было " in line for line in told)


def _write() -> float:
    began = time.perf_counter()
    with enter(Scope.system("the bench writes its limit")), connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        transaction.set_rollback(True)
        return time.perf_counter() - began


def _vacuum() -> None:
    with connection.cursor() as cursor:
        for table in ("clock", "appeal", "grant", "event"):
            cursor.execute(f"VACUUM appeals_{table}")
