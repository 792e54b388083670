"""A clock: a term of law that runs from an event, with the proof of its last day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from opora.deadlines.calendar import DAY, Calendar, DayKind
from opora.shared.typography import plural


class Unit(StrEnum):
    """What a term is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"

    def after(self, number: int) -> str:
        """Return the noun that agrees with ``number``.

        >>> Unit.WORKING_DAYS.after(14), Unit.CALENDAR_DAYS.after(1), Unit.HOURS.after(2)
        ('рабочих дней', 'календарный день', 'часа')
        """
        return plural(number, *_NOUNS[self])


_NOUNS = {
    Unit.MINUTES: ("минута", "минуты", "минут"),
    Unit.HOURS: ("час", "часа", "часов"),
    Unit.CALENDAR_DAYS: ("календарный день", "календарных дня", "календарных дней"),
    Unit.WORKING_DAYS: ("рабочий день", "рабочих дня", "рабочих дней"),
}


class DayOff(StrEnum):
    """What to do when the last calendar day does not work."""

    STAYS = "stays"
    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Term:
    """A term as the pack says it. ``warn_after`` are days from the start on which a reminder goes out;
    ``longest_extension`` is in the same unit; ``may_pause`` — days of waiting for somebody else are not counted.
    """

    code: str
    title: str
    unit: Unit
    length: int
    start: str
    clause: str
    day_off: DayOff = DayOff.STAYS
    warn_after: tuple[int, ...] = ()
    is_verified: bool = False
    pack: str = ""
    longest_extension: int = 0
    may_pause: bool = False

    @property
    def in_words(self) -> str:
        return f"{self.length} {self.unit.after(self.length)}" if self.length else "в тот же рабочий день"


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count, both inclusive, and why."""

    since: date
    until: date
    why: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring days of one kind: how many were counted, or why they were skipped."""

    since: date
    until: date
    is_counted: bool
    why: str

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True)
class Clock:
    """A running term: the last day on which it is still kept, and why that day."""

    term: Term
    started_on: date
    length: int
    due_on: date
    counted_to: date
    stretches: tuple[Stretch, ...]
    calendar: str
    is_provisional: bool
    warn_on: tuple[date, ...] = field(default=())

    @property
    def was_moved(self) -> bool:
        return self.due_on != self.counted_to

    def days_left(self, today: date) -> int:
        """Calendar days until the last one; 0 — today, negative — late."""
        return (self.due_on - today).days


def run(term: Term, started_on: date, calendar: Calendar, *, pauses: Sequence[Pause] = (), extension: int = 0) -> Clock:
    """Count ``term`` from the day of its event (day 0); ``extension`` adds whole days of the same unit.

    Days of a pause are never counted. Terms in hours and minutes end on the day of ``moment``: use ``due_at`` for them.
    Source: domain handbook 09 §4 (day 0, moving off a day off).
    """
    length = term.length + extension
    if term.unit in {Unit.HOURS, Unit.MINUTES}:
        raise ValueError("A term shorter than a day has a moment, not a day: use due_at")
    days = list(_count(started_on, length, term.unit, calendar, pauses))
    counted_to = days[-1][0] if days else started_on
    due_on = _move(counted_to, term, calendar)
    return Clock(
        term=term,
        started_on=started_on,
        length=length,
        due_on=due_on,
        counted_to=counted_to,
        stretches=_stretches(days),
        calendar=calendar.version,
        is_provisional=any(calendar.is_provisional(day) for day in (started_on, counted_to, due_on)),
        warn_on=tuple(_warnings(term, started_on, due_on, calendar)),
    )


def due_at(term: Term, started_at: datetime) -> datetime:
    """Return the last moment of a term in minutes or hours; ``started_at`` is aware."""
    match term.unit:
        case Unit.MINUTES:
            return started_at + timedelta(minutes=term.length)
        case Unit.HOURS:
            return started_at + timedelta(hours=term.length)
    raise ValueError("A term of days ends on a day: use run")


def _count(
    started_on: date, length: int, unit: Unit, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterable[tuple[date, bool, str]]:
    """Yield (day, is counted, why) from the day after the event to the last counted day."""
    day, left = started_on, length
    while left > 0:
        day += DAY
        pause = next((pause for pause in pauses if pause.since <= day <= pause.until), None)
        kind = calendar.kind(day)
        if pause is not None:
            yield day, False, pause.why
        elif unit is Unit.WORKING_DAYS and not kind.works:
            yield day, False, kind.words
        else:
            left -= 1
            yield day, True, kind.words if unit is Unit.WORKING_DAYS else "календарный день"


def _move(day: date, term: Term, calendar: Calendar) -> date:
    if term.unit is Unit.WORKING_DAYS:
        return calendar.next_working(day)
    match term.day_off:
        case DayOff.EARLIER:
            return calendar.previous_working(day)
        case DayOff.LATER:
            return calendar.next_working(day)
    return day


def _stretches(days: Sequence[tuple[date, bool, str]]) -> tuple[Stretch, ...]:
    found = []
    for (is_counted, why), group in groupby(days, key=lambda item: (item[1], _group(item[2]))):
        run_of_days = list(group)
        found.append(Stretch(run_of_days[0][0], run_of_days[-1][0], is_counted, why))
    return tuple(found)


def _group(why: str) -> str:
    return DayKind.WORKING.words if why == DayKind.SHORTENED.words else why


def _warnings(term: Term, started_on: date, due_on: date, calendar: Calendar) -> Iterable[date]:
    """Days of reminders: on working days, never after the last day; one that falls on a day off comes earlier."""
    days = {
        calendar.add_working_days(started_on, after)
        if term.unit is Unit.WORKING_DAYS
        else calendar.previous_working(started_on + DAY * after)
        for after in term.warn_after
    }
    return sorted(day for day in days if started_on < day <= due_on)
