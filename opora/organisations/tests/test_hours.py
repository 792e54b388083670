"""Hours of work: what people type, what they read, and whether the door is open now."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.organisations.hours import (
    MIDNIGHT,
    NO_HOURS,
    ROUND_THE_CLOCK,
    Day,
    Interval,
    Week,
    WeekUnclear,
    day_text,
    parse_day,
    parse_week,
    state,
    together,
    week_lines,
    week_text,
)

NSK = ZoneInfo("Asia/Novosibirsk")
OFFICE: Week = (*[parse_day("8-20")] * 5, parse_day("9-14"), ())

TYPED = [
    ("8-20", "8:00–20:00"),
    ("8:00–20:00", "8:00–20:00"),
    ("с 8.30 до 17.15", "8:30–17:15"),
    ("8:00-13:00, 14:00-20:00", "8:00–20:00, перерыв 13:00–14:00"),
    ("8-20 обед 13-14", "8:00–20:00, перерыв 13:00–14:00"),
    ("8:00–20:00, перерыв 12:00–12:30 и 16:00–16:15", None),  # two breaks: the second needs its own word
    ("8–24", "8:00–24:00"),
    ("0-24", "круглосуточно"),
    ("Круглосуточно", "круглосуточно"),
    ("выходной", "выходной"),
    ("", "выходной"),
    ("—", "выходной"),
]


@pytest.mark.parametrize(("typed", "read"), TYPED)
def test_a_day_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(ValueError):
            parse_day(typed)
    else:
        assert day_text(parse_day(typed)) == read


NONSENSE = ["утром", "8", "8-25", "8:70-9", "20-8", "8-12, 11-15", "8-20, обед 7-9", "8-", "-20", "8" * 5000]


@pytest.mark.parametrize("typed", NONSENSE)
def test_what_is_no_time_gets_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"[А-Яа-я]"):
        parse_day(typed)


@st.composite
def days(draw: st.DrawFn) -> Day:
    edges = sorted(draw(st.sets(st.integers(0, 24 * 12), max_size=4)))
    edges = edges[: len(edges) // 2 * 2]
    return tuple(Interval(a * 5, b * 5) for a, b in zip(edges[::2], edges[1::2], strict=True))


@given(days())
def test_what_is_shown_can_be_typed_back(day: Day) -> None:
    assert parse_day(day_text(day)) == day


@given(days())
def test_intervals_survive_the_database(day: Day) -> None:
    assert tuple(Interval.of(part.opens_at, part.closes_at) for part in day) == day


def test_a_day_may_copy_another() -> None:
    week = parse_week(["8-20", "как в пн", "= пн", "как понедельник", "как во вторник", "9-14", "как в субботу"])
    assert week_text(week) == "пн–пт 8:00–20:00; сб, вс 9:00–14:00"
    with pytest.raises(WeekUnclear) as fault:
        parse_week(["8-20", "как в пн", "", "как чт", "", "утром", ""])
    assert set(fault.value.faults) == {3, 5}


def test_a_week_is_read_in_one_line() -> None:
    assert week_text(OFFICE) == "пн–пт 8:00–20:00; сб 9:00–14:00"
    assert week_lines(OFFICE)[-1] == ("вс", "выходной")
    assert week_text((ROUND_THE_CLOCK,) * 7) == "каждый день круглосуточно"
    assert week_text(NO_HOURS) == ""
    assert week_lines((parse_day("8-20"),) * 7) == [("каждый день", "8:00–20:00")]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week of Monday 16 March 2026, Novosibirsk time."""
    return datetime(2026, 3, day, hour, minute, tzinfo=NSK)


NOW = [
    (at(16, 7, 30), "закрыто, откроется через 30 мин"),
    (at(16, 8), "открыто, закроется в 20:00"),
    (at(16, 18), "открыто, закроется через 2 ч"),
    (at(16, 18, 30), "открыто, закроется через 1 ч 30 мин"),
    (at(16, 19, 59), "открыто, закроется через 1 мин"),
    (at(16, 20), "закрыто, откроется завтра в 8:00"),
    (at(20, 21), "закрыто, откроется завтра в 9:00"),
    (at(21, 15), "закрыто, откроется в понедельник в 8:00"),
    (at(22, 12), "закрыто, откроется завтра в 8:00"),
]


@pytest.mark.parametrize(("now", "words"), NOW)
def test_open_now(now: datetime, words: str) -> None:
    found = state(OFFICE, now, NSK)
    assert found is not None
    assert found.words == words


def test_open_is_decided_by_the_clock_on_the_wall_of_the_place() -> None:
    moment = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)  # 8:30 in Novosibirsk, 4:30 in Moscow
    here, there = state(OFFICE, moment, NSK), state(OFFICE, moment, ZoneInfo("Europe/Moscow"))
    assert here is not None
    assert here.is_open
    assert there is not None
    assert not there.is_open


def test_work_past_midnight_closes_once() -> None:
    night = ((), (), (), (), parse_day("9-24"), parse_day("0-2"), ())
    found = state(night, at(20, 23), NSK)
    assert found is not None
    assert found.words == "открыто, закроется через 3 ч"
    assert state(night, at(21, 1, 30), NSK).is_open  # type: ignore[union-attr]


def test_lunch_is_closed() -> None:
    found = state((parse_day("8-13, 14-20"),) * 7, at(16, 13, 15), NSK)
    assert found is not None
    assert found.words == "закрыто, откроется через 45 мин"


def test_around_the_clock_and_the_unknown() -> None:
    assert state((ROUND_THE_CLOCK,) * 7, at(16, 3), NSK).words == "открыто круглосуточно"  # type: ignore[union-attr]
    assert state(NO_HOURS, at(16, 3), NSK) is None


def test_a_zone_that_changes_its_clock_keeps_the_wall_time() -> None:
    zone = ZoneInfo("Europe/Berlin")  # 29 March 2026: 2:00 becomes 3:00
    found = state((parse_day("8-20"),) * 7, datetime(2026, 3, 28, 23, 0, tzinfo=zone), zone)
    assert found is not None
    assert found.until is not None
    assert found.until.time() == time(8)
    assert found.until.astimezone(UTC).hour == 6
    assert found.words == "закрыто, откроется завтра в 8:00"


@given(days(), st.integers(0, MIDNIGHT - 1))
def test_the_state_agrees_with_the_hours(day: Day, minute: int) -> None:
    now = at(16, 0) + timedelta(minutes=minute)
    found = state((day,) * 7, now, NSK)
    assert (found is not None) is bool(day)
    if found:
        assert found.is_open is any(part.opens <= minute < part.closes for part in day)
        assert found.until is None or found.until > now


def test_several_buildings_are_open_while_one_is() -> None:
    early, late = (parse_day("8-14"),) * 7, (parse_day("9-20"),) * 7

    def words(now: datetime) -> str:
        found = together([each for week in (early, late) if (each := state(week, now, NSK))])
        return found.words if found else ""

    assert words(at(16, 10)) == "открыто, закроется в 20:00"
    assert words(at(16, 18)) == "открыто, закроется через 2 ч"
    assert words(at(16, 21)) == "закрыто, откроется завтра в 8:00"
    assert together([]) is None
