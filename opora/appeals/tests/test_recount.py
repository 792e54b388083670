"""A new calendar moves open clocks, tells what moved, and leaves closed ones alone."""

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from opora.access.scope import enter
from opora.appeals import terms
from opora.appeals.card import proof
from opora.appeals.intake import Closing, NewAppeal, register
from opora.appeals.models import Appeal, Clock, Event, Grant, Tally
from opora.appeals.recount import recount_open_clocks
from opora.appeals.tests.test_carrying import do
from opora.appeals.tests.test_outside_and_time import pausing_law
from opora.deadlines.packs import PackFile
from opora.deadlines.services import load_pack

NOVOSIBIRSK = ZoneInfo("Asia/Novosibirsk")


def region(*days: str, version: str = "1") -> PackFile:
    """The own non-working days of the territory of the tests."""
    content = {"kind": "region", "version": version, "days": list(days)}
    return PackFile(
        kind="region",
        code="nsk",
        territory="50000",
        version=version,
        since=date(2020, 1, 1),
        until=None,
        title="Дни региона",
        source="test",
        content=content,
        sha256="",
    )


@pytest.fixture
def complaint(cast: SimpleNamespace, topics: SimpleNamespace) -> Appeal:
    new = NewAppeal(kind="complaint", topic=topics.quality, channel="post", text="Лечили плохо.", mine=True)
    with enter(cast.sp3.scope):
        done = register(new, by=cast.sp3)
    return Appeal.objects.get(pk=done.id)


def test_a_new_day_off_moves_the_last_day_earlier(complaint: Appeal) -> None:
    was = complaint.due_on
    assert was

    loaded = load_pack(region(was.isoformat()))

    complaint.refresh_from_db()
    clock = Clock.objects.get(appeal=complaint, is_main=True)
    assert complaint.due_on == clock.due_on < was
    assert clock.due_on == terms.recount("consideration", clock.started_on, "50000").due_on
    assert clock.due_at == complaint.due_at == datetime.combine(clock.due_on, terms.END_OF_DAY, tzinfo=NOVOSIBIRSK)
    assert Grant.objects.filter(appeal=complaint, due_at=complaint.due_at).count() == 2
    assert {row["due_on"]: row["open"] for row in _tally()} == {complaint.due_on: 1}
    assert any(f"{complaint.number}: " in sentence for sentence in loaded.consequences)
    event = Event.objects.get(appeal=complaint, kind="clock_moved")
    assert event.details["was"] == was.isoformat()


def test_a_clock_that_comes_out_the_same_is_not_written_again(complaint: Appeal) -> None:
    clock = Clock.objects.get(appeal=complaint, is_main=True)
    before = _written(clock)

    load_pack(region("2030-01-15"))

    clock.refresh_from_db()
    assert _written(clock) == before, "a million rows with another word in them help nobody"
    assert "+ 1" not in clock.calendar_version, "its date was counted by the former calendar"
    assert any("+ 1" in sentence for sentence in proof(clock)), "the page counts by the one in force"
    assert not Event.objects.filter(kind="clock_moved").exists()


def test_days_of_warning_move_though_the_last_day_stays(complaint: Appeal) -> None:
    clock = Clock.objects.get(appeal=complaint, is_main=True)
    warned, due_on = list(clock.warn_on), clock.due_on
    assert date.fromisoformat(warned[-1]) < due_on

    load_pack(region(warned[-1]))

    clock.refresh_from_db()
    assert clock.due_on == complaint.due_on == due_on
    assert warned[-1] not in clock.warn_on
    assert "+ 1" in clock.calendar_version
    assert not Event.objects.filter(kind="clock_moved").exists()


def test_a_clock_that_stands_does_not_break_a_calendar(
    cast: SimpleNamespace, topics: SimpleNamespace, complaint: Appeal
) -> None:
    pausing_law(day_off="earlier")
    do(cast.sp3, "pause", complaint.pk, what_for="Экспертиза")
    clock = Clock.objects.get(appeal=complaint, is_main=True)
    [[since, until, _]] = clock.pauses
    assert until is None

    load_pack(region(clock.due_on.isoformat()))

    moved = Clock.objects.get(pk=clock.pk)
    assert moved.pauses == clock.pauses
    assert moved.due_on == terms.recount("consideration", clock.started_on, "50000").due_on != clock.due_on
    do(cast.sp3, "resume", complaint.pk)
    [[_, until, _]] = Clock.objects.get(pk=clock.pk).pauses
    assert until == since


def test_closed_appeals_keep_their_dates(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    closing = Closing(outcome="consulted", answer="Полис действует.")
    with enter(cast.alina.scope):
        register(
            NewAppeal(kind="consultation", topic=topics.policy, channel="hot_line", closing=closing), by=cast.alina
        )

    assert recount_open_clocks().clocks == 0


def test_equal_inputs_are_counted_once(
    cast: SimpleNamespace, topics: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = NewAppeal(kind="complaint", topic=topics.quality, channel="visit", mine=True)
    with enter(cast.sp3.scope):
        for _ in range(5):
            register(replace(new), by=cast.sp3)
    counted: list[Any] = []
    honest = terms.recount
    monkeypatch.setattr(terms, "recount", lambda *a, **k: counted.append(a) or honest(*a, **k))

    done = recount_open_clocks("50000")

    assert (done.clocks, len(counted), done.moved) == (5, 1, ())


def _written(clock: Clock) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM appeals_clock WHERE id = %s", [clock.pk])
        return cursor.fetchone()[0]


def _tally() -> Any:
    from django.db.models import Sum

    return Tally.objects.values("due_on").annotate(open=Sum("change")).filter(open__gt=0)
