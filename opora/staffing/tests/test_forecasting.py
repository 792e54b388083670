"""A week is like the weeks before it; holidays are like holidays; the error is what the rule really missed."""

import random
from datetime import date, timedelta

import pytest

from opora.staffing.forecasting import HALVES, Past, forecast, missed

DAY = timedelta(days=1)
MONDAY = date(2026, 3, 23)
HOLIDAYS = {date(2026, 3, 25), *(date(2026, 1, day) for day in range(1, 9))}


def kind(day: date) -> str:
    return "off" if day in HOLIDAYS else "weekend" if day.weekday() >= 5 else "working"


def past(weeks: int, of_day: object = None) -> dict[date, tuple[float, ...]]:
    """``of_day(day)`` calls in each half-hour of the day."""
    tell = of_day if callable(of_day) else (lambda day: {"working": 10, "weekend": 4, "off": 1}[kind(day)])
    days = (MONDAY - step * DAY for step in range(1, weeks * 7 + 1))
    return {day: (float(tell(day)),) * HALVES for day in days}


def test_days_are_like_days_of_their_kind() -> None:
    told = forecast(past(12), MONDAY, kind)
    assert [day[20] for day in told.days] == [10, 10, 1, 10, 10, 4, 4]
    assert told.days_like == (8, 8, 8, 8, 8, 8, 8)
    assert told.season == 1


def test_the_holiday_of_a_young_line_is_a_sunday() -> None:
    told = forecast(past(4), MONDAY, kind)
    assert told.days[2][20] == 4
    assert told.days_like[2] == 4


def test_a_saturday_that_works_is_a_working_day() -> None:
    saturday = MONDAY + 5 * DAY
    told = forecast(past(6), MONDAY, lambda day: "working" if day == saturday else kind(day))
    assert told.days[5][20] == 10


def test_last_year_tells_the_season() -> None:
    def grows(day: date) -> int:
        return 15 if MONDAY - timedelta(weeks=53) <= day < MONDAY - timedelta(weeks=50) else 10

    told = forecast(past(64, grows), MONDAY, lambda day: "working" if day.weekday() < 5 else "weekend")
    assert told.season == pytest.approx(1.5, abs=0.1)
    assert told.days[0][20] == pytest.approx(10 * told.season)


def test_nothing_is_known_of_a_line_without_a_past() -> None:
    told = forecast({}, MONDAY, kind)
    assert not told.is_known
    assert missed({}, MONDAY, kind) is None


def test_the_error_is_what_was_missed() -> None:
    steady = missed(past(16, lambda day: 7), MONDAY, kind)
    assert steady is not None
    assert (steady.weeks, steady.by_half, steady.by_day) == (4, 0, 0)
    chance = random.Random(3)
    shaky: Past = {day: tuple(float(chance.randint(0, 20)) for _ in row) for day, row in past(16).items()}
    found = missed(shaky, MONDAY, kind)
    assert found is not None
    assert 0.3 < found.by_half < 0.8  # a die of 0…20 around its mean misses by half of it
    assert found.by_day < 0.15


def test_a_forecast_does_not_look_ahead() -> None:
    known = past(12)
    ahead = known | {MONDAY + step * DAY: (99.0,) * HALVES for step in range(7)}
    assert forecast(ahead, MONDAY, kind) == forecast(known, MONDAY, kind)
