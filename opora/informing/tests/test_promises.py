"""What the database keeps by itself, tried against it."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from opora.access.scope import Scope, enter
from opora.informing.models import Campaign, PlanEntry, Rung, Touch, TouchTally, Wave
from opora.informing.rules import MOVES, may_become
from opora.informing.words import TouchState

ALL = Scope.system("tests look at everything")


@pytest.fixture
def wave(place: SimpleNamespace, db: None) -> Wave:
    with enter(ALL):
        campaign = Campaign.objects.create(
            territory="50000", insurer=place.alfa, title="Осмотры", measure="checkup", year=2026
        )
        rung = Rung.objects.create(campaign=campaign, step=1, channel="sms")
        return Wave.objects.create(campaign=campaign, rung=rung, round=1)


def touch(wave: Wave, polina: Any, **fields: Any) -> Touch:
    given = {
        "year": 2026,
        "campaign_id": wave.campaign_id,
        "wave_id": wave.pk,
        "round": 1,
        "person_id": polina.pk,
        "channel": "sms",
        "territory": "50000",
        "insurer": wave.campaign.insurer,
        "measure": "checkup",
        "purpose": "invite",
        "lane": "bulk",
        "zone": "Asia/Novosibirsk",
        "not_before": datetime(2026, 3, 1, tzinfo=UTC),
    }
    return Touch.objects.create(**{**given, **fields})


def test_one_person_one_round_one_channel(wave: Wave, polina: Any) -> None:
    with enter(ALL):
        touch(wave, polina)
        with pytest.raises(IntegrityError, match="informing_touch"), transaction.atomic():
            touch(wave, polina)
        touch(wave, polina, channel="call")


def test_the_table_moves_as_the_rules_say(wave: Wave, polina: Any) -> None:
    with enter(ALL):
        rows = {now: touch(wave, polina, state=now, round=at) for at, now in enumerate(TouchState, start=1)}
        for now, row in rows.items():
            for then in TouchState:
                change = Touch.objects.filter(id=row.id)
                if now == then or may_become(now, then):
                    with transaction.atomic():
                        assert change.update(state=then) == 1, (now, then)
                        transaction.set_rollback(True)
                else:
                    with pytest.raises(IntegrityError, match="moves forward only"), transaction.atomic():
                        change.update(state=then)


def test_final_states_are_left_by_a_late_receipt_only() -> None:
    assert {then for now in (TouchState.SILENT, TouchState.FAILED) for then in MOVES[now]} == {
        TouchState.DELIVERED,
        TouchState.FAILED,
    }


def test_counters_follow_by_themselves(wave: Wave, polina: Any) -> None:
    with enter(ALL):
        row = touch(wave, polina, segments=2, cost="3.50")
        Touch.objects.filter(id=row.id).update(state="claimed")
        Touch.objects.filter(id=row.id).update(state="sending")
        counted: dict[str, list[Any]] = {}
        for one in TouchTally.objects.all():
            sums = counted.setdefault(one.state, [0, 0, 0])
            sums[0] += one.change
            sums[1] += one.segments
            sums[2] += one.cost
        assert {state: sums for state, sums in counted.items() if any(sums)} == {"sending": [1, 2, 3.5]}


def test_touches_stay(wave: Wave, polina: Any) -> None:
    with enter(ALL):
        row = touch(wave, polina)
        with pytest.raises(match="not deleted"), transaction.atomic():
            Touch.objects.filter(id=row.id).delete()
        with pytest.raises(match="does not change"), transaction.atomic():
            Touch.objects.filter(id=row.id).update(round=2)


@pytest.mark.parametrize(("who", "sees"), [("alina", True), ("op1", True), ("vera", False), ("far", False)])
def test_scope(cast: SimpleNamespace, wave: Wave, polina: Any, who: str, sees: bool) -> None:
    with enter(ALL):
        touch(wave, polina)
        PlanEntry.objects.create(
            year=2026, territory="50000", insurer=wave.campaign.insurer, person=polina, measure="checkup"
        )
    employee = getattr(cast, who)
    with enter(employee.scope):
        for model in (Touch, PlanEntry, Campaign, Wave, TouchTally):
            assert model.objects.exists() is sees, model
    with enter(ALL):
        assert Touch.objects.accessible_to(employee).exists() is sees


def test_a_stranger_plans_nothing_for_another_insurer(cast: SimpleNamespace, wave: Wave, polina: Any) -> None:
    with enter(cast.vera.scope), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        touch(wave, polina)


def test_years_have_their_own_tables(wave: Wave, polina: Any) -> None:
    with enter(ALL):
        touch(wave, polina)
        PlanEntry.objects.create(
            year=2026, territory="50000", insurer=wave.campaign.insurer, person=polina, measure="checkup"
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM informing_touch")
            assert cursor.fetchall() == [("informing_touch_2026",)]
