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

    @property
    def kind(self) -> str:
        """``year``, ``quarter``, ``month`` or ``months``, as forms name them."""
        if ":" in self.code:
            return "months"
        return "year" if len(self.code) == 4 else "quarter" if "Q" in self.code else "month"

    def shifted(self, step: int) -> Period:
        """Return the period of the same kind so many before (−) or after; of months in a row — one month longer.

        >>> [Period.read(code).shifted(1).code for code in ("2024", "2024-Q4", "2024-12", "2024-01:08", "2024-01:12")]
        ['2025', '2025-Q1', '2025-01', '2024-01:09', '2025-01:01']

        Raises NoSuchPeriod outside of what a period may be.
        """
        year, last = self.since.year, self.until.month
        match self.kind:
            case "year":
                return Period.read(f"{year + step:04d}")
            case "quarter":
                year, quarter = divmod(year * 4 + last // 3 - 1 + step, 4)
                return Period.read(f"{year:04d}-Q{quarter + 1}")
            case "month":
                return Period.read(_month(year * 12 + last - 1 + step))
            case _:
                moved, month = divmod(year * 12 + last - 1 + step, 12)
                first = self.since.month if self.since.month <= month + 1 and moved == year else 1
                return Period.read(f"{moved:04d}-{first:02d}:{month + 1:02d}")

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


def last_full(kind: str, today: date) -> Period:
    """Return the last period of a kind that is over; months in a row begin with the year.

    >>> [last_full(kind, date(2025, 9, 3)).code for kind in ("year", "quarter", "month", "months")]
    ['2024', '2025-Q2', '2025-08', '2025-01:08']
    """
    year, month = today.year, today.month
    match kind:
        case "year":
            return Period.read(f"{year - 1:04d}")
        case "quarter":
            before, quarter = divmod(year * 4 + (month - 1) // 3 - 1, 4)
            return Period.read(f"{before:04d}-Q{quarter + 1}")
        case "month":
            return Period.read(_month(year * 12 + month - 2))
        case _:
            before, last = divmod(year * 12 + month - 2, 12)
            return Period.read(f"{before:04d}-01:{last + 1:02d}")


def recent(kind: str, today: date, many: int) -> list[Period]:
    """Return the last full period of a kind and those before it, the newest first."""
    newest = last_full(kind, today)
    return [newest.shifted(-step) for step in range(many)]


def _month(months: int) -> str:
    year, month = divmod(months, 12)
    return f"{year:04d}-{month + 1:02d}"


def _year_before(day: date) -> date:
    """The last day of a month stays the last one: 29 February came from 28 or 29."""
    year = day.year - 1
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, day.month, calendar.monthrange(year, day.month)[1] if is_last else day.day)
