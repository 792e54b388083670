"""What the months aim at: the chosen numbers of doors.tsv at a scale, and what a complaint is about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from opora.classifiers.words import Channel, Kind
from opora.simulation.journal.exact import Order
from opora.simulation.journal.shares import divided, scaled

HERE = Path(__file__).parent
OFFICES = ("fund", "a", "b", "c")
FEWEST_PEOPLE = 600

type Sort = tuple[str, Channel, Kind]  # office, channel, kind


@dataclass(frozen=True, slots=True)
class Aims:
    """Eight months of a year at a scale: how many appeals of each sort, what complaints are about, what is found."""

    year: int
    cells: dict[Sort, int]
    causes: dict[str, int]
    verdicts: dict[str, int]
    on_the_call: float

    @property
    def since(self) -> date:
        return date(self.year, *_published()["since"])

    @property
    def until(self) -> date:
        return date(self.year, *_published()["until"])

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    def count(self, *, office: str = "", channel: str = "", kind: str = "") -> int:
        """Return how many appeals have what is named; «insurers» are all offices but the fund."""
        found = 0
        for (one, way, sort), number in self.cells.items():
            whose = not office or one == office or (office == "insurers" and one != "fund")
            found += number if whose and channel in {"", way} and kind in {"", sort} else 0
        return found


def aims(year: int, scale: float) -> Aims:
    """Return the months of a year: sums are multiplied and rounded, a half up; sorts get them by largest remainders.

    Complaints have a sum of their own: they are so few of each sort that a small scale would lose them all.
    """
    whole = {sort: number for when, sort, number in _cells() if when == year}
    bad = {sort: number for sort, number in whole.items() if sort[2] == Kind.COMPLAINT}
    complaints = scaled(sum(bad.values()), scale)
    others = {sort: number for sort, number in whole.items() if sort not in bad}
    cells = divided(scaled(sum(whole.values()), scale) - complaints, others) | divided(complaints, bad)
    told = _published()
    return Aims(
        year,
        cells,
        divided(complaints, told["causes"][str(year)]),
        divided(complaints, told["verdicts"][str(year)]),
        told["on_the_call"],
    )


def orders(aim: Aims, offices: dict[str, int], seed: int) -> list[Order]:
    """Return what the journal is to hold, complaints one by one; ``offices`` are keys of the organisations."""
    chance = Random(seed)  # noqa: S311 - figures, not secrets
    causes = [topic for topic, number in aim.causes.items() for _ in range(number)]
    verdicts = [verdict for verdict, number in aim.verdicts.items() for _ in range(number)]
    chance.shuffle(causes)
    chance.shuffle(verdicts)
    found = []
    for (office, channel, kind), number in aim.cells.items():
        place = offices[office]
        if kind == Kind.COMPLAINT:
            for _ in range(number):
                topic, verdict = causes.pop(), verdicts.pop()
                found.append(Order(place, channel, kind, 1, topic, verdict, identified=True))
            continue
        talks = scaled(number, aim.on_the_call) if (channel, kind) == (Channel.HOT_LINE, Kind.CONSULTATION) else 0
        by_day = office == "fund"  # the lines of insurers answer round the clock, that of the fund by day
        found.append(Order(place, channel, kind, number - talks, by_day=by_day))
        found.append(Order(place, channel, kind, talks, on_the_call=True, by_day=by_day))
    return [one for one in found if one.count]


def people_needed(scale: float) -> int:
    return max(FEWEST_PEOPLE, scaled(_published()["people"], scale))


def years() -> tuple[int, int]:
    """Return the year before and the year of the figures."""
    told = _published()["years"]
    return told["before"], told["now"]


@cache
def _published() -> dict[str, Any]:
    return json.loads((HERE / "published.json").read_text(encoding="utf-8"))


@cache
def _cells() -> tuple[tuple[int, Sort, int], ...]:
    lines = (HERE / "doors.tsv").read_text(encoding="utf-8").splitlines()
    head, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return tuple(
        (int(year), (office, Channel(channel), Kind(kind)), int(number))
        for year, office, channel, *numbers in rows
        for kind, number in zip(head[3:], numbers, strict=True)
        if int(number)
    )
