"""The production calendar: which day works. Pure; the days come from a pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from opora.deadlines.errors import PackRefused

DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    """Why a day works or does not."""

    WORKING = "working"
    SHORTENED = "shortened"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    TRANSFERRED = "transferred"
    EPIDEMIC = "epidemic"
    REGIONAL = "regional"

    @property
    def works(self) -> bool:
        return self in {DayKind.WORKING, DayKind.SHORTENED}

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    DayKind.WORKING: "рабочий день",
    DayKind.SHORTENED: "рабочий день, на час короче",
    DayKind.WEEKEND: "выходной",
    DayKind.HOLIDAY: "праздник",
    DayKind.TRANSFERRED: "выходной по переносу",
    DayKind.EPIDEMIC: "нерабочий день по указу",
    DayKind.REGIONAL: "нерабочий день региона",
}


@dataclass(frozen=True)
class Calendar:
    """A five-day week with its exceptions. A year without decree is provisional: weekdays and fixed holidays only."""

    version: str
    holidays: frozenset[tuple[int, int]]
    exceptions: Mapping[date, DayKind]
    years: frozenset[int]
    title: str = ""
    regional: frozenset[date] = field(default_factory=frozenset)

    def kind(self, day: date) -> DayKind:
        if day in self.regional:
            return DayKind.REGIONAL
        if day in self.exceptions:
            return self.exceptions[day]
        if (day.month, day.day) in self.holidays and (day.year not in self.years or day.weekday() >= SATURDAY):
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING

    def works(self, day: date) -> bool:
        return self.kind(day).works

    def is_provisional(self, day: date) -> bool:
        """Whether the government's decree for this year is not in the pack yet."""
        return day.year not in self.years

    def next_working(self, day: date) -> date:
        """Return ``day`` or the first working day after it."""
        return next(found for found in _days(day, DAY) if self.works(found))

    def previous_working(self, day: date) -> date:
        """Return ``day`` or the last working day before it."""
        return next(found for found in _days(day, -DAY) if self.works(found))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day``; ``day`` itself is day 0.

        Source: domain handbook 06 §3, rule 2.
        """
        found = day
        for _ in range(count):
            found = self.next_working(found + DAY)
        return found

    def working_days_between(self, since: date, until: date) -> int:
        """Count working days after ``since`` up to ``until`` inclusive; 0 when ``until`` is not later."""
        return sum(self.works(since + DAY * step) for step in range(1, (until - since).days + 1))

    def with_region(self, days: Iterable[date], version: str) -> Calendar:
        """Return the calendar of a territory that has non-working days of its own."""
        return replace(self, regional=frozenset(days), version=f"{self.version} + {version}")

    def differences(self, other: Calendar) -> list[tuple[date, DayKind, DayKind]]:
        """Return days whose working differs: (day, kind here, kind there)."""
        days = sorted({*self.exceptions, *other.exceptions, *self.regional, *other.regional, *self._holidays_of(other)})
        return [(day, self.kind(day), other.kind(day)) for day in days if self.works(day) != other.works(day)]

    @cached_property
    def last_year(self) -> int:
        return max(self.years, default=0)

    def _holidays_of(self, other: Calendar) -> Iterator[date]:
        for year in self.years ^ other.years:
            for month, day in self.holidays | other.holidays:
                yield date(year, month, day)


def read_calendar(pack: Mapping[str, Any]) -> Calendar:
    """Build a calendar from the content of a pack. Raises PackRefused with the place of the fault.

    Each year carries its official number of working days; a pack that does not add up is refused.
    """
    holidays = frozenset(_month_day(text, "holidays") for text in pack["holidays"])
    exceptions: dict[date, DayKind] = {}
    for text, content in pack["years"].items():
        year = int(text)
        for field_name, kind in _FIELDS.items():
            for written in content.get(field_name, []):
                month, day = _month_day(written, f"years.{year}.{field_name}")
                exceptions[date(year, month, day)] = _off_kind(kind, (month, day), holidays)
    calendar = Calendar(
        version=pack["version"],
        title=pack.get("title", ""),
        holidays=holidays,
        exceptions=exceptions,
        years=frozenset(int(year) for year in pack["years"]),
    )
    _check_totals(calendar, pack["years"])
    return calendar


_FIELDS = {
    "off": DayKind.TRANSFERRED,
    "epidemic": DayKind.EPIDEMIC,
    "working": DayKind.WORKING,
    "shortened": DayKind.SHORTENED,
}


def _off_kind(kind: DayKind, day: tuple[int, int], holidays: frozenset[tuple[int, int]]) -> DayKind:
    return DayKind.HOLIDAY if kind is DayKind.TRANSFERRED and day in holidays else kind


def _month_day(text: str, place: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise PackRefused(f"{place}: «{text}» — не день года, нужен вид ММ-ДД") from None
    return day.month, day.day


def _check_totals(calendar: Calendar, years: Mapping[str, Any]) -> None:
    for text, content in years.items():
        first = date(int(text), 1, 1)
        found = calendar.working_days_between(first - DAY, date(first.year, 12, 31))
        if found != content["working_days"]:
            raise PackRefused(
                f"{text} год: рабочих дней получилось {found}, а в паке заявлено {content['working_days']}"
            )


def _days(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step
