"""Which clocks an appeal starts, and when they end in the time zone of who answers."""

from __future__ import annotations

import time as clock_time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from opora.classifiers.words import Channel, Form, Kind
from opora.deadlines import clock, queries
from opora.deadlines.calendar import Calendar
from opora.deadlines.clock import Clock, Pause, Term
from opora.deadlines.events import pack_loaded

ANSWER = "consideration"
REGISTRATION = "registration"
FORWARDING = "forwarding"
INTERIM = "interim"
FEEDBACK = "pos"
FEEDBACK_FAST = "pos_fast"
SPOKEN_LATER = "deferred_next_day"
FROM_RECEIPT = frozenset({FEEDBACK, FEEDBACK_FAST, SPOKEN_LATER})
END_OF_DAY = time(23, 59, 59)
FRESH = 30.0  # seconds a process believes the packs it has read; open clocks are recomputed when a pack is loaded


@dataclass(frozen=True, slots=True)
class Planned:
    """A clock before it is a row."""

    proof: Clock
    started_at: datetime
    is_main: bool
    due_at: datetime


def main_term(kind: str, form: str, channel: str) -> str:
    """Return the code of the term by which the citizen is answered.

    >>> main_term("consultation", "oral", "hot_line"), main_term("complaint", "oral", "hot_line")
    ('deferred_next_day', 'consideration')
    """
    if channel == Channel.FEEDBACK:
        return FEEDBACK
    if form == Form.ORAL and kind in {Kind.CONSULTATION, Kind.OUT_OF_SCOPE, Kind.THANKS}:
        return SPOKEN_LATER
    return ANSWER


def plan(code: str, started_at: datetime, territory: str, zone: ZoneInfo, *, is_main: bool = False) -> Planned:
    """Return the clock of a term that starts now. Raises NoSuchTerm when no pack knows it on that day."""
    started_on = started_at.astimezone(zone).date()
    proof = _count(code, started_on, territory, 0, _moment())
    return Planned(proof, started_at, is_main, end_of(proof.due_on, zone))


def recount(
    code: str, started_on: date, territory: str, *, extension: int = 0, pauses: tuple[Pause, ...] = ()
) -> Clock:
    """Count a clock again from its inputs, by the packs of now."""
    term = term_of(code, started_on, territory)
    return clock.run(term, started_on, calendar_of(territory), pauses=pauses, extension=extension)


def ended(pauses: Iterable[Sequence[str | None]]) -> tuple[Pause, ...]:
    """Return the finished pauses of those written as [since, until, why]; one that still runs has no last day yet.

    Until it ends it moves nothing: the date is counted with it when the work goes on.

    >>> ended([["2026-03-02", None, "Экспертиза"]])
    ()
    """
    return tuple(
        Pause(date.fromisoformat(since), date.fromisoformat(until), why or "")
        for since, until, why in pauses
        if since and until
    )


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a day where the answer is given."""
    return datetime.combine(day, END_OF_DAY, tzinfo=zone)


def calendar_of(territory: str) -> Calendar:
    return _calendar(territory, _moment())


def term_of(code: str, on: date, territory: str) -> Term:
    return _term(code, on, territory, _moment())


@lru_cache(maxsize=4096)
def _count(code: str, started_on: date, territory: str, extension: int, moment: int) -> Clock:
    term = _term(code, started_on, territory, moment)
    return clock.run(term, started_on, _calendar(territory, moment), extension=extension)


@lru_cache(maxsize=64)
def _calendar(territory: str, moment: int) -> Calendar:
    return queries.calendar(territory)


@lru_cache(maxsize=1024)
def _term(code: str, on: date, territory: str, moment: int) -> Term:
    return queries.term(code, on=on, territory=territory)


def _moment() -> int:
    return int(clock_time.monotonic() / FRESH)


def forget(**_: object) -> None:
    for cached in (_count, _calendar, _term):
        cached.cache_clear()


pack_loaded.connect(forget, dispatch_uid="appeals.terms.forget")
