"""The invented journal keeps the promises of the real one, and looks like the published figures."""

from collections import Counter
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Count, Max, Sum

from conftest import make_place
from opora.appeals import rules, visibility
from opora.appeals.models import (
    Answer,
    Appeal,
    Clock,
    Event,
    Grant,
    Numbering,
    Party,
    Tally,
    Unchained,
    VisibilityRule,
)
from opora.deadlines import queries as deadlines
from opora.simulation.journal.stream import PER_DAY, Stream, blocks, daily
from opora.simulation.journal.work import NowhereToWork, expected, load_journal

SEPTEMBER = Stream("50000", date(2026, 9, 1), date(2026, 9, 30), scale=0.06)


@pytest.fixture
def journal(cast: SimpleNamespace, polina: Any) -> int:
    return load_journal(SEPTEMBER).appeals


def test_the_stream_keeps_the_published_size(db: None) -> None:
    year = Stream("50000", date(2026, 1, 1), date(2026, 12, 31))
    assert expected(year) == pytest.approx(PER_DAY * 365, rel=0.1)


def test_days_off_are_quiet_and_nights_too(db: None) -> None:
    calendar = deadlines.calendar("50000")
    year = Stream("50000", date(2026, 1, 1), date(2026, 12, 31), scale=0.2)
    working, off = (
        [count for day, count in daily(year, calendar) if calendar.works(day) is it] for it in (True, False)
    )
    assert sum(working) / len(working) > 3 * sum(off) / len(off)
    hours = Counter(moment // 3_600_000_000 % 24 for _, block in blocks(year, calendar) for moment in block.tolist())
    assert hours[10] > 20 * hours[3]


def test_every_row_is_the_fold_of_its_events(journal: int) -> None:
    for appeal in Appeal.objects.prefetch_related("events"):
        events = sorted(appeal.events.all(), key=lambda event: event.at)
        told = rules.fold(event.details for event in events)
        row = rules.told({name: getattr(appeal, name) for name in rules.FOLDED})
        assert _moments(told) == _moments(row), [event.kind for event in events]
        assert events[0].details["number"] == appeal.number


def test_an_invented_journal_is_seen_by_the_rules(cast: SimpleNamespace, polina: Any) -> None:
    VisibilityRule.objects.create(territory="50000", reason="fund", depth1=0, depth2=1, depth3=2)
    visibility.forget()
    load_journal(Stream("50000", date(2026, 9, 1), date(2026, 9, 2), scale=0.06))
    grants = Grant.objects.values_list("reason", "depth1", "depth2", "depth3").distinct()
    assert {("registered", 4, 4, 4), ("fund", 0, 1, 2)} <= set(grants)
    assert not Appeal.objects.exclude(grants__reason="registered").exists()


def test_numbers_have_no_gaps(journal: int) -> None:
    rows = Appeal.objects.values("organisation", "year").annotate(count=Count("pk"), last=Max("sequence"))
    assert all(row["count"] == row["last"] for row in rows)
    assert sum(Numbering.objects.values_list("last", flat=True)) == journal


def test_open_ones_have_a_clock_and_are_counted(journal: int) -> None:
    opened = Appeal.objects.open()
    assert opened.exists()
    assert set(opened.values_list("pk", flat=True)) == set(
        Clock.objects.filter(state="running", is_main=True).values_list("appeal", flat=True)
    )
    assert Tally.objects.aggregate(open=Sum("change"))["open"] == opened.count()


def test_closed_ones_are_answered(journal: int) -> None:
    closed = Appeal.objects.filter(closed_at__isnull=False, needs_answer=True).exclude(outcome="redirected")
    answered = Answer.objects.filter(kind="final").values("appeal")
    assert closed.exists()
    assert not closed.exclude(pk__in=answered).exists()


def test_every_event_will_get_its_place(journal: int) -> None:
    assert Unchained.objects.count() == Event.objects.count() > 2 * journal


def test_two_see_each_appeal_and_most_callers_are_known(journal: int) -> None:
    assert Grant.objects.count() >= journal
    assert Party.objects.count() > 0.85 * journal


def test_the_same_seed_adds_nothing_again(journal: int) -> None:
    before = Appeal.objects.count()
    assert load_journal(SEPTEMBER).appeals == 0
    assert Appeal.objects.count() == before == journal


def test_a_place_without_people_is_refused(system: None) -> None:
    make_place()
    with pytest.raises(NowhereToWork):
        load_journal(SEPTEMBER)


def _moments(row: dict[str, Any]) -> dict[str, Any]:
    """Moments are the same in any time zone."""
    at = ("interim", "answered", "closed", "outside_at")
    return {**row, **{name: datetime.fromisoformat(row[name]) for name in at if row[name]}}
