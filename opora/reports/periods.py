"""Periods of reports: a year, a quarter, a month. Pure.

>>> Period.read("2024-Q1").days(Span.YEAR_BEFORE)
Days(since=datetime.date(2023, 1, 1), until=datetime.date(2023, 3, 31))
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from opora.reports.errors import NoSuchPeriod
from opora.reports.words import Span

SHAPE = re.compile(r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


class Days(NamedTuple):
    """Days of the territory, both ends counted."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Period:
    """``code`` is ``2024``, ``2024-Q1``, ``2024-01`` or, for months from the first of a year, ``2024-01:08``."""

    code: str
    since: date
    until: date

    @classmethod
    def read(cls, text: str) -> Period:
        """Return the period of a code. Raises NoSuchPeriod with a sentence.

        >>> Period.read("2025-01:08").until
        datetime.date(2025, 8, 31)
        """
        head, _, last = text.partition(":")
        found = SHAPE.fullmatch(head)
        if found is None or (last and not (found["month"] and re.fullmatch(r"0[1-9]|1[0-2]", last))):
            raise NoSuchPeriod
        year = int(found["year"])
        first, final = 1, 12
        if found["quarter"]:
            final = int(found["quarter"]) * 3
            first = final - 2
        elif found["month"]:
            first = int(found["month"])
            final = int(last) if last else first
        if final < first:
            raise NoSuchPeriod
        return cls(text, date(year, first, 1), date(year, final, calendar.monthrange(year, final)[1]))

    def days(self, span: Span) -> Days:
        match span:
            case Span.PERIOD:
                return Days(self.since, self.until)
            case Span.YEAR:
                return Days(self.since.replace(month=1, day=1), self.until)
            case Span.BEFORE:
                return Days(_year_before(self.since), _year_before(self.until))
            case Span.YEAR_BEFORE:
                return Days(_year_before(self.since.replace(month=1, day=1)), _year_before(self.until))

    @property
    def words(self) -> str:
        """How the period is named.

        >>> [Period.read(code).words for code in ("2024", "2024-Q2", "2024-03", "2025-01:08")]
        ['2024 год', '2-й квартал 2024 года', 'март 2024 года', 'январь — август 2025 года']
        """
        year, first, last = self.since.year, MONTHS[self.since.month - 1], MONTHS[self.until.month - 1]
        if "Q" in self.code:
            return f"{self.code[-1]}-й квартал {year} года"
        if len(self.code) == 4:
            return f"{year} год"
        return f"{first} {year} года" if first == last else f"{first} — {last} {year} года"


def _year_before(day: date) -> date:
    """The last day of a month stays the last one: 29 February came from 28 or 29."""
    year = day.year - 1
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, day.month, calendar.monthrange(year, day.month)[1] if is_last else day.day)
