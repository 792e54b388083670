"""A week of a line: need, who is there, gaps; shifts as they are entered; what the pacing of waves hears of them."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from opora.access.scope import enter
from opora.organisations import capacity
from opora.staffing import counting, queries, services
from opora.staffing.errors import NothingToCopy, NotYourLine, ShiftsUnclear, WeekTaken
from opora.staffing.models import Line, Shift
from opora.staffing.tests.conftest import DAY, MONDAY, NSK, at

WEEK = timedelta(weeks=1)
NOW = datetime(2026, 3, 22, 12, tzinfo=NSK)


def test_a_week_says_what_it_needs(busy: Line) -> None:
    found = queries.week(busy, MONDAY, now=NOW)
    assert [round(sum(day)) for day in found.expected] == [180, 180, 180, 180, 180, 0, 0]
    assert found.missed is not None
    assert found.missed.by_half < 0.2
    assert {people for people in found.need[0] if people} == {queries.promise(busy).people(10.0)}
    assert not found.has_shifts
    assert found.gaps[0].words.endswith("с 9 до 18")
    assert all(number is None for row in found.actual for number in row)


def test_what_was_stands_beside_what_was_expected(busy: Line) -> None:
    found = queries.week(busy, MONDAY - WEEK, now=NOW)
    assert found.actual[0][18] == 10
    assert found.forecast.days[0][18] == pytest.approx(10, abs=2)


def test_calls_after_a_campaign_are_added(busy: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "_expected", {"test": lambda organisation, since, until: {at(MONDAY, 20): 30.0}})
    found = queries.week(busy, MONDAY, now=NOW)
    assert found.expected[0][20] == pytest.approx(40)
    assert found.need[0][20] > found.need[0][21]
    assert found.called_back == 30


def test_shifts_cover_the_need_without_their_breaks(busy: Line, cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        made = services.write_week(
            busy, MONDAY, {(cast.alina.pk, MONDAY): "9-18, обед 13-14", (cast.sp2.pk, MONDAY): "20-8"}, by=cast.boris
        )
    assert made == 2
    there = queries.there(busy, MONDAY)
    assert [there[0][half] for half in (17, 18, 25, 26, 27, 28, 35, 36, 40)] == [0, 1, 1, 0, 0, 1, 1, 0, 1]
    assert (there[1][15], there[1][16]) == (1, 0)
    with enter(cast.boris.scope):
        services.write_week(busy, MONDAY, {(cast.alina.pk, MONDAY): ""}, by=cast.boris)
    assert Shift.objects.count() == 1


def test_last_week_is_copied_once(busy: Line, cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        with pytest.raises(NothingToCopy):
            services.copy_week(busy, MONDAY + WEEK, by=cast.boris)
        services.write_week(busy, MONDAY, {(cast.alina.pk, MONDAY + DAY): "8-20, обед 12-13"}, by=cast.boris)
        assert services.copy_week(busy, MONDAY + WEEK, by=cast.boris) == 1
        with pytest.raises(WeekTaken):
            services.copy_week(busy, MONDAY + WEEK, by=cast.boris)
    assert queries.there(busy, MONDAY + WEEK)[1] == queries.there(busy, MONDAY)[1]


def test_faults_name_their_cells_and_nothing_is_written(busy: Line, cast: SimpleNamespace) -> None:
    cells = {(cast.alina.pk, MONDAY): "9-18", (cast.sp2.pk, MONDAY): "как вчера"}
    with enter(cast.boris.scope), pytest.raises(ShiftsUnclear) as refused:
        services.write_week(busy, MONDAY, cells, by=cast.boris)
    assert set(refused.value.details["faults"]) == {(cast.sp2.pk, MONDAY)}
    night = {(cast.alina.pk, MONDAY): "20-8", (cast.alina.pk, MONDAY + DAY): "7-15"}
    with enter(cast.boris.scope), pytest.raises(ShiftsUnclear, match="перекрываются"):
        services.write_week(busy, MONDAY, night, by=cast.boris)
    assert not Shift.objects.exists()


def test_shifts_of_others_are_not_ours_to_plan(busy: Line, cast: SimpleNamespace) -> None:
    with pytest.raises(NotYourLine):
        services.write_week(busy, MONDAY, {}, by=cast.admin)
    with enter(cast.boris.scope):
        stranger = {(cast.vera.pk, MONDAY): "9-18"}
        assert services.write_week(busy, MONDAY, stranger, by=cast.boris) == 0


def test_pacing_hears_who_is_on_shift(busy: Line, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    busy.shrinkage = 0
    busy.save()
    with enter(cast.boris.scope):
        services.write_week(
            busy, MONDAY, {(one.pk, MONDAY): "9-18, обед 13-14" for one in (cast.alina, cast.sp2)}, by=cast.boris
        )
    found = capacity.on_shift(place.alfa.pk, at(MONDAY, 0), at(MONDAY + DAY, 0))
    assert found[at(MONDAY, 18)] == 2
    assert at(MONDAY, 26) not in found
    assert capacity.on_shift(place.beta.pk, at(MONDAY, 0), at(MONDAY + DAY, 0)) == {}


def test_a_dry_run_hears_of_usual_calls(busy: Line, place: SimpleNamespace) -> None:
    found = capacity.usual(place.alfa.pk, at(MONDAY, 20), at(MONDAY + 5 * DAY, 48))
    assert found[at(MONDAY, 20)] == pytest.approx(10 * busy.call_seconds, rel=0.2)
    assert set(found) == {
        at(MONDAY + day * DAY, half) for day in range(5) for half in range(18, 36) if day or half >= 20
    }, "hours asked for, days and hours that have calls"
    assert capacity.usual(place.beta.pk, at(MONDAY, 0), at(MONDAY, 48)) == {}


def test_together_needs_fewer(busy: Line, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    other = counting.line_of(place.beta, "hot")
    days = [MONDAY - step * DAY for step in range(1, 22)]
    counting.take_load(
        [counting.HalfHour(other.pk, at(day, half), 10, 10, 0) for day in days for half in range(18, 36)]
    )
    with enter(cast.boris.scope):
        assert queries.together(cast.boris, MONDAY) is None
    Line.objects.update(is_pooled=True)
    with enter(cast.boris.scope):
        found = queries.together(cast.boris, MONDAY)
    assert found is not None
    assert len(found.lines) == 2
    assert found.hours < found.apart_hours
    assert found.most < found.apart_most
