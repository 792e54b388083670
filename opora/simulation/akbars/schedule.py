"""The calendar of the year: which campaign takes a step when. A step ends within its month, and no two streams meet.

Between the last day of one stream and the first of another lie more than ``CAP_DAYS``: a person of both is not written
to twice in a row. Days and order are assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opora.informing.words import Channel, Measure, Purpose

CAP_DAYS = 3
REMIND_AFTER = 20  # days after the invitation
LETTER_AFTER = 80  # longer than any quarter lasts: a letter goes to those whom nothing has reached
PREVENTION = (Measure.CHECKUP, Measure.SCREENING)  # the larger one last: it fills the year up
OBSERVATION = (Measure.OBSERVATION,)
TITLES = {
    Measure.CHECKUP: "Профосмотры",
    Measure.SCREENING: "Диспансеризация",
    Measure.OBSERVATION: "Наблюдение",
}
ROMAN = ("I", "II", "III", "IV")

SMS = {"channel": Channel.SMS, "purpose": Purpose.INVITE}
REMIND = {"channel": Channel.SMS, "purpose": Purpose.REMIND, "wait_days": REMIND_AFTER}
PHONE = {"channel": Channel.CALL, "purpose": Purpose.REMIND, "wait_days": REMIND_AFTER}
LETTER = {"channel": Channel.LETTER, "purpose": Purpose.INVITE, "wait_days": LETTER_AFTER}
ASK = {"channel": Channel.CALL, "purpose": Purpose.ASK_WHY}

# Working days a step may take, by stream: what is told a day follows from it.
DAYS = {Measure.OBSERVATION: 5, Measure.CHECKUP: 8, Measure.SCREENING: 8}


@dataclass(frozen=True, slots=True)
class Season:
    """A campaign of the year: one measure, one quarter of the plan, its ladder. ``few`` — of two clinics only."""

    title: str
    measure: Measure
    months: tuple[int, ...]
    ladder: Sequence[Mapping[str, Any]]
    few: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """The next rung of a season, from a day of a month on. ``closes`` — the last one: the year is filled up by it."""

    month: int
    day: int
    season: Season
    closes: bool = False


def seasons(quarter: int) -> Iterator[tuple[Season, Season | None]]:
    """Yield the seasons of a quarter; in the last one reminders are a season of their own, so that each may be full."""
    months = tuple(range(3 * quarter - 2, 3 * quarter + 1))
    for measure in (*OBSERVATION, *PREVENTION):
        title = f"{TITLES[measure]}, {ROMAN[quarter - 1]} квартал"
        if quarter == 4:
            yield (
                Season(title, measure, months, (SMS, LETTER)),
                Season(f"{title}: напоминания", measure, months, (REMIND,)),
            )
        else:
            second = PHONE if measure == Measure.OBSERVATION and quarter == 2 else REMIND
            yield Season(title, measure, months, (SMS, second, LETTER)), None


# Quarter → (month, day) of: first word to the observed, to the others, the later rungs of the observed, of the others.
DATES = {
    1: ((1, 24), (2, 5), (3, 1), (3, 12)),
    2: ((4, 2), (4, 15), (6, 3), (6, 18)),
    3: ((7, 2), (7, 15), (9, 2), (9, 16)),
    4: ((10, 1), (10, 14), (12, 2), (12, 13)),
}
ASKED = (8, 5)


def steps() -> list[Step]:
    """Return the steps of the year in their order."""
    found: list[Step] = []
    for quarter, dates in DATES.items():
        for season, reminders in seasons(quarter):
            first, later = (dates[0], dates[2]) if season.measure in OBSERVATION else (dates[1], dates[3])
            found.append(Step(*first, season))
            if reminders is not None:
                found.append(Step(*later, reminders, closes=True))
            found += [Step(*later, season, closes=quarter == 4) for _ in season.ladder[1:]]
    asked = Season("Почему не прошли диспансеризацию", Measure.SCREENING, tuple(range(1, 7)), (ASK,), few=True)
    found.append(Step(*ASKED, asked))
    return sorted(found, key=lambda step: (step.month, step.day))
