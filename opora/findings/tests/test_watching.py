"""A week is tested once, for every watcher by its own facts; an alarm opens into its rows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import enter
from opora.findings import queries, watching
from opora.findings.models import NOBODY, Alarm, Day, Watch
from opora.findings.tests.conftest import Journal

NOW = datetime(2026, 11, 18, 4, tzinfo=UTC)  # a Wednesday
WEEK = date(2026, 11, 9)


@pytest.fixture
def past(place: SimpleNamespace) -> Callable[..., None]:
    """Weeks of counts: one number for each week, the last is the week under test."""

    def write(numbers: list[int], *, clinic: Any = None, insurer: Any = None, code: str = "t-quality") -> None:
        for back, number in enumerate(reversed(numbers)):
            if number:
                Day.objects.create(
                    territory=place.nsk.pk,
                    day=WEEK - timedelta(weeks=back),
                    insurer_id=(insurer or place.alfa).pk,
                    provider_id=(clinic or place.clinic).pk,
                    what="topic",
                    code=code,
                    kind="complaint",
                    number=number,
                    over=0,
                )

    return write


def test_a_burst_is_an_alarm_for_its_insurer_and_the_fund(past: Any, place: SimpleNamespace) -> None:
    past([1, 0, 2, 1] * 5 + [15])
    past([1, 2, 1, 0] * 5 + [1], clinic=place.clinic2, insurer=place.beta)
    assert watching.watch(NOW) == 2
    told = Alarm.objects.order_by("insurer_id").values_list("insurer_id", "provider_id", "number", "week")
    assert list(told) == [(insurer, place.clinic.pk, 15, WEEK) for insurer in (NOBODY, place.alfa.pk)]
    assert Watch.objects.count() == 3
    assert watching.watch(NOW) == 0


def test_a_short_past_is_not_tested(past: Any) -> None:
    past([3, 2, 40])
    assert watching.watch(NOW) == 0
    assert not Watch.objects.exists()


def test_a_quiet_week_gives_no_alarm(past: Any) -> None:
    past([2, 3, 1, 4] * 4 + [4])
    assert watching.watch(NOW) == 0
    assert Watch.objects.count() == 2


def test_an_insurer_sees_its_own_alarms(past: Any, cast: SimpleNamespace) -> None:
    past([1, 0, 2, 1] * 5 + [15])
    watching.watch(NOW)
    seen = {}
    for name in ("sp3", "vera", "op2", "clerk"):
        with enter(getattr(cast, name).scope):
            seen[name] = (Alarm.objects.count(), queries.alarms(getattr(cast, name)).count())
    assert seen == {"sp3": (1, 1), "vera": (0, 0), "op2": (2, 1), "clerk": (0, 0)}


def test_weeks_of_an_alarm_are_those_that_were_tested(past: Any, cast: SimpleNamespace) -> None:
    past([1, 0, 2, 1] * 5 + [15])
    watching.watch(NOW)
    with enter(cast.sp3.scope):
        [shown] = queries.shown_alarms(list(queries.alarms(cast.sp3)), cast.sp3)
    assert shown.weeks[-5:] == [1, 0, 2, 1, 15]
    assert shown.subject == "Качество помощи" or shown.subject == "t-quality"


def test_waits_count_where_they_are_over(journal: Journal, chained: Callable[[], None], place: SimpleNamespace) -> None:
    from opora.findings import counting

    for days in (60, 61, 2):
        journal.wait(place.clinic, days)
    chained()
    counting.follow()
    day = Day.objects.get().day
    monday = day - timedelta(days=day.weekday())
    found = watching.series(place.nsk.pk, None, monday - timedelta(weeks=9), monday)
    assert found.keys == [(place.clinic.pk, "wait", "SPEC")]
    assert found.counts[0].tolist() == [0] * 9 + [2]
