"""What is to be made: a period, a place, a seed; and when people turn to the contact centre."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np

from opora.deadlines.calendar import Calendar

PER_DAY = 64_000 / 243  # Novosibirsk region, January–August 2025
BLOCK = 5_000
DAY = timedelta(days=1)
# Share of a week by weekday, and of a day by hour; assumed from the hours the lines work (handbook 01 §9).
WEEKDAYS = (1.45, 1.25, 1.15, 1.10, 1.00, 0.30, 0.20)
DAY_OFF = 0.25
FRIDAY = 4
HOURS = (
    0.15, 0.10, 0.08, 0.08, 0.10, 0.2, 0.6, 1.8, 5.5, 9.5, 11.0, 10.5, 8.5,
    8.0, 9.0, 8.5, 7.5, 6.0, 4.2, 3.0, 2.2, 1.6, 0.9, 0.4,
)  # fmt: skip


class Aspect(IntEnum):
    """Every side of the stream has its own chance, so that a change of one leaves the others alone."""

    MOMENTS = 1
    LIVES = 2
    PEOPLE = 3
    KEYS = 4


@dataclass(frozen=True, slots=True)
class Stream:
    """Appeals of one territory from ``since`` to ``until`` inclusive; ``scale`` 1 is the published stream."""

    territory: str
    since: date
    until: date
    scale: float = 1.0
    seed: int = 1

    def rng(self, block: int, aspect: Aspect) -> np.random.Generator:
        place = int.from_bytes(self.territory.encode())
        return np.random.default_rng([self.seed, place, self.since.toordinal(), block, int(aspect)])


def daily(stream: Stream, calendar: Calendar) -> Iterator[tuple[date, int]]:
    """Yield (day, how many appeals come): the same for the same seed, whatever else is asked."""
    rng = stream.rng(0, Aspect.MOMENTS)
    day = stream.since
    while day <= stream.until:
        share = WEEKDAYS[day.weekday()]
        # A working Saturday is a short Friday.
        share = max(share, WEEKDAYS[FRIDAY]) if calendar.works(day) else min(share, DAY_OFF)
        mean = PER_DAY * stream.scale * share / (sum(WEEKDAYS) / 7)
        yield day, int(rng.poisson(mean))
        day += DAY


def blocks(stream: Stream, calendar: Calendar) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (number, moments of local time as microseconds of the epoch, ascending): some thousands at a time."""
    hours = np.array(HOURS) / sum(HOURS)
    number, waiting = 1, []
    for day, count in daily(stream, calendar):
        rng = stream.rng(day.toordinal(), Aspect.MOMENTS)
        drawn = rng.choice(24, size=count, p=hours) * 3600 + rng.random(count) * 3600
        midnight = np.datetime64(day, "us").astype(np.int64)
        waiting.append(np.sort((drawn * 1e6).astype(np.int64)) + midnight)
        if sum(map(len, waiting)) >= BLOCK:
            yield number, np.concatenate(waiting)
            number, waiting = number + 1, []
    if waiting:
        yield number, np.concatenate(waiting)
