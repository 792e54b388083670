"""The shipped calendar against the official numbers, and arithmetic of days as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.deadlines.calendar import DAY, DayKind, read_calendar
from opora.deadlines.errors import PackRefused
from opora.deadlines.packs import SHIPPED, read_pack

RUSSIA = read_calendar(read_pack(SHIPPED / "calendar-russia-2026.1.json").content)
DAYS = st.dates(date(2013, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(("year", "total"), [(2013, 247), (2020, 219), (2021, 240), (2024, 248), (2026, 247)])
def test_working_days_of_a_year(year: int, total: int) -> None:
    assert RUSSIA.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == total


WHAT_DAY = [
    (date(2024, 12, 28), DayKind.WORKING),  # a Saturday that works
    (date(2024, 12, 30), DayKind.TRANSFERRED),
    (date(2026, 1, 1), DayKind.HOLIDAY),
    (date(2026, 3, 9), DayKind.TRANSFERRED),
    (date(2026, 3, 8), DayKind.HOLIDAY),
    (date(2026, 4, 30), DayKind.SHORTENED),
    (date(2020, 4, 6), DayKind.EPIDEMIC),
    (date(2026, 11, 21), DayKind.WEEKEND),
    (date(2026, 11, 23), DayKind.WORKING),
]


@pytest.mark.parametrize(("day", "kind"), WHAT_DAY)
def test_what_day_it_is(day: date, kind: DayKind) -> None:
    assert RUSSIA.kind(day) is kind


def test_a_year_without_decree_is_provisional() -> None:
    assert RUSSIA.is_provisional(date(2027, 3, 1))
    assert not RUSSIA.works(date(2027, 11, 4))  # a Thursday, known from the Labour Code alone
    assert not RUSSIA.is_provisional(date(2026, 3, 1))


@given(DAYS, st.integers(0, 60))
def test_adding_and_counting_are_inverse(day: date, count: int) -> None:
    end = RUSSIA.add_working_days(day, count)
    assert RUSSIA.working_days_between(day, end) == count
    assert count == 0 or RUSSIA.works(end)


@given(DAYS)
def test_next_and_previous_touch_no_working_day(day: date) -> None:
    later, earlier = RUSSIA.next_working(day), RUSSIA.previous_working(day)
    assert earlier <= day <= later
    between = [earlier + DAY * step for step in range(1, (later - earlier).days)]
    assert not any(RUSSIA.works(found) for found in between)


def test_a_region_has_days_of_its_own() -> None:
    radonitsa = date(2026, 4, 21)
    region = RUSSIA.with_region([radonitsa], "35-2026")
    assert region.kind(radonitsa) is DayKind.REGIONAL
    assert RUSSIA.differences(region) == [(radonitsa, DayKind.WORKING, DayKind.REGIONAL)]
    assert "35-2026" in region.version


def test_a_pack_that_does_not_add_up_is_refused() -> None:
    content = {
        "version": "x",
        "holidays": ["01-01"],
        "years": {"2026": {"working_days": 247, "off": [], "working": [], "shortened": []}},
    }
    with pytest.raises(PackRefused, match="2026 год: рабочих дней получилось 261, а в паке заявлено 247"):
        read_calendar(content)
    content["holidays"] = ["02-30"]
    with pytest.raises(PackRefused, match="«02-30» — не день года"):
        read_calendar(content)


def test_a_new_decree_shows_what_changed() -> None:
    before = RUSSIA
    content = read_pack(SHIPPED / "calendar-russia-2026.1.json").content
    years = {**content["years"], "2027": {"working_days": 247, "off": [], "working": [], "shortened": []}}
    off = [date(2027, 1, 1) + timedelta(days=step) for step in range(8)]
    written = [f"{day:%m-%d}" for day in off if day.weekday() < 5]
    years["2027"]["off"] = [*written, "02-23", "03-08", "05-03", "05-10", "06-14", "11-04"]
    years["2027"]["working_days"] = 261 - len(years["2027"]["off"])
    after = read_calendar({**content, "years": years, "version": "2027.1"})
    changed = {day for day, _, _ in before.differences(after)}
    assert {date(2027, 5, 3), date(2027, 5, 10), date(2027, 6, 14)} <= changed
    assert date(2027, 11, 4) not in changed
