"""A line of Alfa with a steady past: ten calls each half-hour from nine to six on working days."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from opora.staffing import counting
from opora.staffing.models import Line

NSK = ZoneInfo("Asia/Novosibirsk")
MONDAY = date(2026, 3, 23)  # no day off that the calendar moves is near
DAY = timedelta(days=1)


def at(day: date, half: int) -> datetime:
    return datetime.combine(day, time(), tzinfo=NSK) + half * timedelta(minutes=30)


@pytest.fixture
def line(place: SimpleNamespace) -> Line:
    return counting.line_of(place.alfa, "hot")


@pytest.fixture
def busy(line: Line) -> Line:
    """Twelve weeks before the Monday."""
    days = [MONDAY - step * DAY for step in range(1, 85)]
    counting.take_load(
        [
            counting.HalfHour(line.pk, at(day, half), 10, 9, 1, 1800)
            for day in days
            if day.weekday() < 5
            for half in range(18, 36)
        ]
    )
    return line
