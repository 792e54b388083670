"""A wave over days: limits hold, nobody is left out, nothing is longer than it must be."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.informing.errors import LimitsRefused
from opora.informing.pacing import NOBODY, Limits, allowed_time, foreseen, lay
from opora.shared.erlang import calls_served

MONDAY = datetime(2026, 3, 2, 8, 0)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


@given(
    people=st.dictionaries(st.integers(0, 30), st.integers(0, 400), max_size=12),
    per_day=st.sampled_from([0, 50, 137, 1000]),
    clinic=st.sampled_from([0, 10, 33]),
    hour=st.integers(0, 23),
)
@settings(max_examples=150, deadline=None)
def test_limits_hold(people: dict[int, int], per_day: int, clinic: int, hour: int) -> None:
    limits = Limits(per_day=per_day, per_clinic_day=clinic)
    laid = lay(limits, MONDAY.replace(hour=hour), people, weekdays)
    for one, count in people.items():
        assert sum(laid.shares[one]) == count
        if clinic and one:
            assert max(laid.shares[one]) <= clinic
    for day, opens in enumerate(laid.opens):
        assert weekdays(opens.date())
        assert limits.opens <= opens.hour < limits.closes
        if per_day:
            assert sum(row[day] for row in laid.shares.values()) <= per_day
    assert not any(people.values()) or any(row[-1] for row in laid.shares.values())


def test_a_half_day_takes_its_half() -> None:
    laid = lay(Limits(per_day=110), MONDAY.replace(hour=15), {1: 200}, weekdays)
    assert (laid.hours[0], laid.shares[1][0]) == (5, 50)


def test_a_day_begun_late_ends_when_it_closes() -> None:
    """Twenty to eight: a third of an hour is left, with its part of the day, and nothing stands after eight."""
    laid = lay(Limits(per_day=330), MONDAY.replace(hour=19, minute=40), {1: 400}, weekdays)
    assert laid.shares[1] == (10, 330, 60)
    assert laid.opens[0] + timedelta(hours=laid.hours[0]) == MONDAY.replace(hour=20)
    assert laid.busiest_hour == 30
    shifts = {MONDAY.date(): [5] * 24}
    laid = lay(Limits(callback_percent=5), MONDAY.replace(hour=19, minute=40), {1: 10**6}, weekdays, shifts)
    assert laid.shares[1][0] == calls_served(5, 180) * 20 // 3


def test_a_day_laid_twice_is_one_day() -> None:
    """What has gone into a clinic this morning is left out of its day; a day that is full is passed over."""
    limits = Limits(per_clinic_day=10)
    laid = lay(limits, MONDAY.replace(hour=13), {1: 15, 2: 15}, weekdays, gone={1: 7, 2: 12})
    assert laid.shares == {1: (3, 10, 2), 2: (0, 10, 5)}
    laid = lay(Limits(per_day=11), MONDAY.replace(hour=13), {1: 11}, weekdays, gone={1: 9})
    assert laid.shares[1] == (2, 9)
    laid = lay(Limits(per_day=11), MONDAY.replace(hour=13), {1: 11}, weekdays, gone={1: 11})
    assert (laid.opens[0].day, laid.shares[1]) == (3, (11,))


def test_operators_slow_a_wave_down() -> None:
    limits = Limits(operators=4, callback_percent=5, talk_seconds=180)
    assert limits.a_day == calls_served(4, 180) * 20 * 11
    assert lay(limits, MONDAY, {0: 220_000}, weekdays).busiest_hour <= calls_served(4, 180) * 20


@pytest.mark.parametrize("given", [{"per_day": -1}, {"opens": 20, "closes": 9}, {"x": 1}, {"callback_percent": 101}])
def test_limits_in_words(given: dict[str, int]) -> None:
    with pytest.raises(LimitsRefused):
        Limits.read(given)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        (MONDAY, MONDAY.replace(hour=12), 3),  # from nine on
        (MONDAY.replace(hour=19), datetime(2026, 3, 3, 10), 2),
        (datetime(2026, 3, 6, 19), datetime(2026, 3, 9, 9), 1),  # over a weekend
        (MONDAY.replace(hour=12), MONDAY.replace(hour=11), 0),
        (MONDAY, datetime(2026, 3, 9, 8), 5 * 11),
    ],
)
def test_time_in_which_touches_might_have_gone(since: datetime, until: datetime, hours: int) -> None:
    assert allowed_time(Limits(), since, until, weekdays) == timedelta(hours=hours)


def test_a_year_is_the_longest() -> None:
    with pytest.raises(LimitsRefused, match="за год"):
        lay(Limits(per_day=1), MONDAY, {1: 500}, weekdays)


def test_a_day_with_shifts_takes_what_they_answer() -> None:
    """Nobody before ten, five until three, one until six: the five hours of the five take more than all eight do."""
    limits = Limits(operators=50, callback_percent=5, talk_seconds=180)
    shifts = {MONDAY.date(): [0] * 10 + [5] * 5 + [1] * 3 + [0] * 6}
    laid = lay(limits, MONDAY, {0: 300_000}, weekdays, shifts)
    assert (laid.opens[0].hour, laid.hours[0], laid.operators[0]) == (10, 5, 5)
    assert laid.shares[0][0] == calls_served(5, 180) * 20 * 5
    assert laid.shares[0][1] == limits.a_day  # Tuesday has no shifts: the setting stays
    assert (laid.operators[1], sum(laid.shares[0])) == (0, 300_000)


def test_a_day_without_anybody_on_shift_waits() -> None:
    shifts = {MONDAY.date(): [0] * 24}
    laid = lay(Limits(per_day=100), MONDAY, {0: 50}, weekdays, shifts)
    assert laid.opens[0].date() > MONDAY.date()
    laid = lay(Limits(per_day=100, callback_percent=0), MONDAY, {0: 50}, weekdays, shifts)
    assert laid.opens[0].date() == MONDAY.date()


def test_shifts_that_are_entered_tell_of_the_weeks_after() -> None:
    """Two weeks are entered, without weekends and without the second Friday, which nobody knows of then."""
    day = MONDAY.date()
    full, short = [5] * 24, [2] * 24
    entered = {day + timedelta(days=n): full for n in (0, 1, 2, 3, 4)} | {
        day + timedelta(days=n): short for n in (7, 8, 9, 10)
    }
    known = foreseen(entered, day, weekdays)
    assert known[day + timedelta(days=4)] == full
    assert [known[day + timedelta(days=n)] for n in (14, 15, 21, 357)] == [short] * 4, "weeks repeat the last one"
    assert [known[day + timedelta(days=n)] for n in (11, 18)] == [full] * 2, "Fridays are as the last one entered was"
    assert [known[day + timedelta(days=n)] for n in (5, 6, 12, 19)] == [NOBODY] * 4, "a day off has nobody"


def test_nothing_is_foreseen_of_weekdays_nobody_entered() -> None:
    day = MONDAY.date()
    known = foreseen({day: [5] * 24}, day, weekdays)
    assert day + timedelta(days=1) not in known, "the setting of the campaign stays"
    assert known[day + timedelta(days=7)] == [5] * 24
    assert known[day + timedelta(days=5)] == NOBODY
    assert foreseen({}, day, weekdays) == {}


def test_a_holiday_is_not_a_monday_like_others() -> None:
    day = MONDAY.date()
    holiday = day + timedelta(days=14)
    known = foreseen({day: [5] * 24}, day, lambda one: weekdays(one) and one != holiday)
    assert known[holiday] == NOBODY
    assert known[day + timedelta(days=21)] == [5] * 24


def test_a_long_wave_never_goes_at_once_where_shifts_end() -> None:
    """One week of one operator is entered; two thousand people wait for weeks, weekends too."""
    limits = Limits(weekends=True)
    day = MONDAY.date()
    known = foreseen({day + timedelta(days=n): [1] * 24 for n in range(5)}, day, weekdays)
    laid = lay(limits, MONDAY, {0: 20_000}, weekdays, known)
    assert max(laid.shares[0]) <= calls_served(1, 180) * 20 * limits.hours
    assert all(weekdays(opens.date()) for opens in laid.opens)


def test_shifts_do_not_lift_the_limit_of_a_day() -> None:
    shifts = {MONDAY.date(): [30] * 24}
    laid = lay(Limits(per_day=110), MONDAY.replace(hour=15), {1: 200}, weekdays, shifts)
    assert laid.shares[1][0] == 50
