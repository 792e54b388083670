"""From calls to operators, from shifts to who is there, from both to gaps in words. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opora.shared import erlang
from opora.shared.typography import plural

HALVES = 48
MINUTES = 30
FEWEST_CALLS = 0.5  # a half-hour: for less than a call an hour nobody sits (assumed)

type Row = tuple[int, ...]  # of one day, by half-hour


@dataclass(frozen=True, slots=True)
class Promise:
    """What a line promises: ``level`` of calls (a share) ``within`` seconds; ``patience`` None — nobody hangs up;
    ``shrinkage`` is the share of paid time away from the line."""

    level: float = erlang.SERVICE_LEVEL
    within: int = erlang.WITHIN
    call_seconds: int = 210
    patience: int | None = 120
    shrinkage: float = 0.0

    def operators(self, calls: float) -> int:
        """Return operators at the telephone for so many calls of half an hour."""
        if calls < FEWEST_CALLS:
            return 0
        return erlang.operators_needed(round(calls * 2, 1), self.call_seconds, self.level, self.within, self.patience)

    def people(self, calls: float) -> int:
        """Return people on shift: operators and those who are away meanwhile.

        >>> Promise(shrinkage=0.15).operators(20), Promise(shrinkage=0.15).people(20)
        (4, 5)
        """
        return math.ceil(self.operators(calls) / (1 - self.shrinkage) - 1e-9)

    def service(self, people: int, calls: float) -> erlang.Service:
        """Return how callers fare with so many people on shift."""
        there = math.floor(people * (1 - self.shrinkage) + 1e-9)
        return erlang.serve(there, calls * 2, self.call_seconds, self.within, self.patience)


@dataclass(frozen=True, slots=True)
class Served:
    """How callers of a day fare: shares of calls; ``answer`` is seconds on average, None — nobody is answered."""

    in_time: float
    abandoned: float
    answer: float | None


def served(promise: Promise, people: Row, calls: Sequence[float]) -> Served | None:
    """Return how a day goes with these people; None when nobody is expected to call."""
    whole = sum(calls)
    if not whole:
        return None
    halves = [(number, promise.service(there, number)) for there, number in zip(people, calls, strict=True) if number]
    answered = sum(number * (1 - one.abandoned) for number, one in halves if math.isfinite(one.answer))
    waited = sum(number * (1 - one.abandoned) * one.answer for number, one in halves if math.isfinite(one.answer))
    return Served(
        sum(number * one.in_time for number, one in halves) / whole,
        sum(number * one.abandoned for number, one in halves) / whole,
        waited / answered if answered else None,
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """Half-hours in a row of one day that lack (``people`` > 0) or have to spare (< 0) the same number of people."""

    day: int
    since: int
    until: int
    people: int

    @property
    def span(self) -> str:
        return f"с {clock(self.since)} до {clock(self.until)}"

    @property
    def words(self) -> str:
        """
        >>> Gap(0, 20, 22, 2).words, Gap(0, 19, 20, -1).words
        ('не хватает 2 человек с 10 до 11', 'лишний 1 человек с 9:30 до 10')
        """
        count = abs(self.people)
        if self.people > 0:
            return f"не хватает {count} {plural(count, 'человека', 'человек', 'человек')} {self.span}"
        word = plural(count, "человек", "человека", "человек")
        return f"{'лишний' if count % 10 == 1 and count % 100 != 11 else 'лишние'} {count} {word} {self.span}"


def gaps(need: Sequence[Row], there: Sequence[Row]) -> list[Gap]:
    """Return what lacks, in order of time.

    >>> [gap.words for gap in gaps([(0, 2, 2, 3)], [(0, 1, 1, 1)])]
    ['не хватает 1 человека с 0:30 до 1:30', 'не хватает 2 человек с 1:30 до 2']
    """
    return list(_runs([[max(0, a - b) for a, b in zip(*day, strict=True)] for day in zip(need, there, strict=True)]))


def spare(need: Sequence[Row], there: Sequence[Row]) -> list[Gap]:
    """Return where more people sit than are needed, two and more at once: one to spare is no fault."""
    return [
        gap
        for gap in _runs([[min(0, a - b) for a, b in zip(*day, strict=True)] for day in zip(need, there, strict=True)])
        if gap.people < -1
    ]


def hours(rows: Sequence[Row]) -> float:
    """Return person-hours of rows."""
    return sum(map(sum, rows)) * MINUTES / 60


def clock(half: int) -> str:
    """
    >>> clock(20), clock(21), clock(48)
    ('10', '10:30', '24')
    """
    return f"{half // 2}:30" if half % 2 else str(half // 2)


def _runs(rows: Sequence[Sequence[int]]) -> Iterator[Gap]:
    for day, row in enumerate(rows):
        since = 0
        for half in range(1, len(row) + 1):
            if half == len(row) or row[half] != row[since]:
                if row[since]:
                    yield Gap(day, since, half, row[since])
                since = half
