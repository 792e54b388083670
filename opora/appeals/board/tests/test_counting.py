"""The counters of the board are what counting the rows would give, whatever happened to them, folded or not."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Sum

from opora.access.scope import enter
from opora.appeals.board import counting
from opora.appeals.chain import invariants
from opora.appeals.models import Appeal, Callback, DayTally, PromiseTally, Queued
from opora.appeals.tests.test_register import question, registered

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SEEDS = range(4)
STEPS = 60


@pytest.fixture
def appeals(cast: SimpleNamespace, topics: SimpleNamespace) -> list[Any]:
    people = [cast.alina, cast.vera, cast.op1, cast.filial]
    return [registered(by, question(topics, mine=mine)).id for by in people for mine in (True, False)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_stream_counts_as_its_rows(
    cast: SimpleNamespace, place: SimpleNamespace, appeals: list[Any], seed: int
) -> None:
    random = Random(seed)
    for _ in range(STEPS):
        _anything(random, cast, place, appeals)
        if random.random() < 0.1:
            counting.fold()
    assert kept() == counted()
    counting.fold()
    assert kept() == counted()
    assert not differences()
    assert not DayTally.objects.filter(is_folded=False).exists()


def _anything(random: Random, cast: SimpleNamespace, place: SimpleNamespace, appeals: list[Any]) -> None:
    """Change some appeals at once, promise a call, keep one, or take everything back."""
    chosen = Appeal.objects.filter(pk__in=random.sample(appeals, random.randint(1, 4)))
    moment = NOON + timedelta(hours=random.randint(-40, 40))
    changes: list[dict[str, Any]] = [
        {"owner": random.choice([None, cast.alina, cast.sp2])},
        {"handler": random.choice([place.alfa, place.beta, place.fund])},
        {"line": random.choice(["sp1", "sp2", "op1"])},
        {"answered_at": random.choice([None, moment])},
        {"due_at": moment, "due_on": moment.date()},
        {"stage": "closed", "closed_at": datetime.now(UTC), "outcome": "withdrawn"},
        {"stage": "assigned", "closed_at": None, "outcome": ""},
    ]
    match random.randint(0, len(changes) + 1):
        case number if number < len(changes):
            chosen.update(**changes[number])
        case number if number == len(changes):
            by = random.choice([place.alfa, place.branch, place.beta])
            Callback.objects.create(appeal=chosen[0], organisation=by, due_at=moment)
        case _:
            Callback.objects.filter(appeal__in=chosen).update(
                **random.choice(
                    [{"due_at": moment}, {"state": "done", "done_at": moment}, {"state": "open", "done_at": None}]
                )
            )


def kept() -> tuple[Any, ...]:
    day = DayTally.objects.values_list("territory", "handler_id", "line", "answered_on", "is_in_time")
    promise = PromiseTally.objects.values_list("territory", "handler_id", "due_at")
    return (
        {row[:-1]: row[-1] for row in day.annotate(sum=Sum("change")) if row[-1]},
        {row[:-1]: row[-1] for row in promise.annotate(sum=Sum("change")) if row[-1]},
        set(Queued.objects.values_list("appeal_id", "territory", "handler_id", "line")),
    )


def counted() -> tuple[Any, ...]:
    """Count the rows themselves, by the clock of each territory."""
    given: Counter[Any] = Counter()
    queued = set()
    for one in Appeal.objects.select_related("territory"):
        place = (one.territory_id, one.handler_id, one.line)
        if one.answered_at:
            day = one.answered_at.astimezone(ZoneInfo(one.territory.time_zone)).date()
            given[*place, day, one.due_at is None or one.answered_at <= one.due_at] += 1
        if one.owner_id is None and one.closed_at is None:
            queued.add((one.pk, *place))
    promised = Counter(
        (one.appeal.territory_id, one.organisation.parent_id or one.organisation_id, one.due_at)
        for one in Callback.objects.filter(state="open").select_related("appeal", "organisation")
    )
    return dict(given), dict(promised), queued


def differences() -> list[str]:
    found: list[Any] = []
    for row in invariants._broken(
        branches=["answered_differs", "queue_differs", "promises_differ"], organisations=None, no_answer=[]
    ):
        found.append(row.what)
    return found


SPOILT = [
    ("UPDATE appeals_daytally SET change = change + 1", "answered_differs"),
    ("DELETE FROM appeals_queued", "queue_differs"),
    ("UPDATE appeals_queued SET line = 'sp3'", "queue_differs"),
    ("UPDATE appeals_promisetally SET change = change + 1", "promises_differ"),
]


@pytest.mark.parametrize(("statement", "what"), SPOILT)
def test_what_was_spoilt_is_found_and_counted_anew(
    place: SimpleNamespace, appeals: list[Any], statement: str, what: str
) -> None:
    Appeal.objects.filter(pk=appeals[0]).update(answered_at=NOON)
    Callback.objects.create(appeal_id=appeals[0], organisation=place.alfa, due_at=NOON)
    before = kept()
    since = dict(Queued.objects.values_list("appeal_id", "since"))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount
    assert differences()[0] == what
    counting.rebuild()
    assert not differences()
    assert kept() == before
    assert dict(Queued.objects.values_list("appeal_id", "since")) == since


def test_an_answer_counts_for_the_day_of_its_territory(appeals: list[Any]) -> None:
    late_in_utc = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)  # half past midnight of the third in Novosibirsk
    Appeal.objects.filter(pk=appeals[0]).update(answered_at=late_in_utc)
    assert [f"{row.answered_on}" for row in DayTally.objects.all()] == ["2026-03-03"]


def test_who_is_handed_on_waits_in_the_new_queue_from_then(place: SimpleNamespace, appeals: list[Any]) -> None:
    waiting = Queued.objects.get(appeal_id=appeals[1])
    appeal = Appeal.objects.get(pk=appeals[1])
    assert waiting.since == appeal.registered_at
    Appeal.objects.filter(pk=appeal.pk).update(handler=place.beta, line="sp2")
    moved = Queued.objects.get(appeal_id=appeals[1])
    assert (moved.handler_id, moved.line) == (place.beta.pk, "sp2")
    assert moved.since > waiting.since


def test_nobody_takes_a_counter_away(cast: SimpleNamespace, appeals: list[Any]) -> None:
    with enter(cast.alina.scope):
        assert Queued.objects.exists()
        assert Queued.objects.all()._raw_delete("default") == 0  # type: ignore[attr-defined]
    with enter(cast.far.scope):
        assert not Queued.objects.exists()
