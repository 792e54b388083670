"""A wave carried by sets leaves the rows that the dispatcher and the call list leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from opora.access.scope import enter
from opora.channels.models import Provider, Receipt
from opora.channels.ports import Accepted, IncomingReceipt, Refused
from opora.channels.words import State
from opora.informing import calls
from opora.informing.dispatch import batches
from opora.informing.models import Attempt, Campaign, Template, Touch, Wave
from opora.informing.services import create, launch
from opora.informing.tests.crowd import TEXT, people, planned
from opora.informing.words import Channel, Outcome
from opora.insured.models import Person
from opora.simulation.akbars import carry
from opora.simulation.akbars.targets import targets
from opora.simulation.akbars.world import SMS_PRICE, World

NOON = datetime(2026, 3, 11, 5, 0, tzinfo=UTC)  # a Wednesday, noon in Novosibirsk
ZONES = ["Asia/Novosibirsk"]
# Of a touch what does not depend on whose it is: filled or not, and what it says.
FILLED = ("message_id", "sent_at", "final_at", "claimed_at", "claimed_by", "gateway_id", "employee_id")
SAID = ("state", "outcome", "attempts", "segments", "cost")
GONE, CAME = 2, 2


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def world(place: SimpleNamespace, cast: SimpleNamespace) -> World:
    """Alfa instead of the insurer of the year."""
    gateway = Provider.objects.create(
        organisation=place.alfa, slug="a", title="А", kind="smpp", channel="sms", segment_price=SMS_PRICE
    )
    aims = SimpleNamespace(**{name: getattr(targets(0.001), name) for name in ("source", "insured_on", "streams")})
    aims.year = 2026
    return World(aims, 1, place.alfa, (place.clinic.pk,), (cast.alina.pk,), gateway.pk)  # type: ignore[arg-type]


@pytest.fixture
def crowd(place: SimpleNamespace) -> Iterator[list[Person]]:
    """People, two of whom are gone and two of whom have come since the wave was planned."""
    some = people(place, 44)
    planned(place, some)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.chance(enp text, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS"
            " $$ SELECT (hashtextextended(enp, salt) & 1099511627775)::float8 / 1099511627776 $$"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE year_people AS SELECT id AS person_id, surname::text AS enp, NULL::date AS died_on,"
            " NULL::date AS left_on FROM insured_person WHERE id = ANY(%s)", [[one.pk for one in some]]
        )  # fmt: skip
        cursor.execute("CREATE TEMPORARY TABLE coming (person_id bigint, measure varchar(16), on_day date)")
    return some


def wave_of(place: SimpleNamespace, channel: str) -> Wave:
    template = {"measure": "checkup", "purpose": "invite", "channel": channel, "text": TEXT}
    text = Template.objects.create(organisation=place.alfa, version=7, is_current=False, **template)
    campaign = create(
        insurer=place.alfa, title=f"Волна {channel} {Campaign.objects.count()}", measure="checkup", year=2026,
        ladder=[{"channel": channel, "template": text if channel != "call" else None}],
        limits={"cap_days": 0, "weekends": True}, by=None,
    )  # fmt: skip
    Template.objects.filter(pk=text.pk).update(version=Template.objects.count() + 10)
    wave, found = launch(campaign.pk, by=None)
    assert found.people
    Touch.objects.filter(wave_id=wave.pk).update(not_before=NOON)
    return Wave.objects.select_related("campaign", "rung").get(pk=wave.pk)


def shapes(wave: Wave) -> set[tuple[Any, ...]]:
    found = Touch.objects.filter(wave_id=wave.pk).values(*SAID, *FILLED)
    return {(*(one[name] for name in SAID), *(one[name] not in (None, "") for name in FILLED)) for one in found}


def lose(some: list[Person]) -> None:
    """The same for both ways: in the register, and among the fates."""
    gone = [one.pk for one in some[:GONE]]
    Person.objects.filter(pk__in=gone).update(died_on=NOON.date())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE year_people SET died_on = %s WHERE person_id = ANY(%s)", [NOON.date(), gone])


def test_messages(world: World, place: SimpleNamespace, crowd: list[Person], monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = wave_of(place, "sms")
    lose(crowd)
    going, link = batches.going("bulk")[0], Provider.objects.get().link()
    batch = batches.claim(going, link, ZONES, now=NOON)
    refused, *taken = [one.reference for one in batch.messages]
    accepted = [Accepted(one, (f"m{n}",)) for n, one in enumerate(taken)]
    batches.note_answers(batch, [Refused(refused, "11", is_permanent=True), *accepted], price=SMS_PRICE)
    told = [State.ACCEPTED] * len(taken)
    batches.take_receipts(link, _receipts(accepted, told), price=SMS_PRICE)
    ends = [State.DELIVERED, State.UNDELIVERABLE] * (len(taken) // 2 - 1)
    batches.take_receipts(link, _receipts(accepted, ends), price=SMS_PRICE)
    Touch.objects.filter(state="sent").update(sent_at=NOON - timedelta(days=30))
    batches.sweep()
    heard = set(Receipt.objects.values_list("state", "code", "destination", "mark").distinct())
    Person.objects.update(died_on=None)
    Wave.objects.update(state="finished")
    Touch.objects.filter(sent_at__isnull=False).update(
        sent_at=NOON - timedelta(days=40), final_at=NOON - timedelta(days=40)
    )

    ours = wave_of(place, "sms")
    monkeypatch.setitem(carry.MANNERS, Channel.SMS, carry.Manner(0.2, 0.5, 0.75, 0, 47, Outcome.UNDELIVERED))
    before = Receipt.objects.count()
    carried = carry.carry(world, ours, carry.Quota())
    assert not carried.is_full
    assert shapes(ours) == shapes(theirs)
    assert len(shapes(ours)) == 5  # delivered, undelivered, silent, refused, gone
    fresh = Receipt.objects.order_by("received_at", "id")
    assert fresh.count() > before
    assert (
        set(Receipt.objects.filter(reference__isnull=False).values_list("state", "code", "destination", "mark"))
        == heard
    )


def test_who_has_come_is_spared(world: World, place: SimpleNamespace, crowd: list[Person]) -> None:
    ours = wave_of(place, "sms")
    came = [one.pk for one in crowd[:CAME]]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO coming SELECT unnest(%s), 'checkup', %s", [came, NOON.date() - timedelta(days=1)])
    carry.carry(world, ours, carry.Quota())
    spared = Touch.objects.filter(wave_id=ours.pk, state="cancelled")
    assert set(spared.values_list("person_id", "outcome", "attempts", "gateway_id")) == {
        (one, "passed", 0, None) for one in came
    }


def test_a_quota_ends_a_wave_in_its_order(world: World, place: SimpleNamespace, crowd: list[Person]) -> None:
    ours = wave_of(place, "sms")
    Touch.objects.filter(wave_id=ours.pk).update(not_before=NOON + timedelta(minutes=1))
    carried = carry.carry(world, ours, carry.Quota(firsts=10))
    assert carried.is_full
    informed = Touch.objects.filter(wave_id=ours.pk, state__in=["delivered", "silent"])
    assert informed.count() == 10
    waiting = Touch.objects.filter(wave_id=ours.pk, state="planned")
    assert waiting.order_by("id").first().id > informed.order_by("-id").first().id  # type: ignore[union-attr]


def test_calls(world: World, place: SimpleNamespace, cast: SimpleNamespace, crowd: list[Person]) -> None:
    theirs = wave_of(place, "call")
    with enter(cast.alina.scope):
        for outcome in ("promised", *["no_answer"] * 5, "answered"):
            call = calls.next_call(cast.alina)
            assert call is not None
            calls.finish_call(call.touch.id, outcome=outcome, by=cast.alina, seconds=30)
            if outcome == "no_answer":
                Touch.objects.filter(year=2026, id=call.touch.id).update(not_before=NOON - timedelta(days=1))
    done = {shape[len(SAID) :] for shape in shapes(theirs) if shape[0] == "done"}
    failed = {shape[1:] for shape in shapes(theirs) if shape[0] == "failed"}
    heard = _filled(Attempt.objects.all())
    assert done
    assert {shape[:2] for shape in failed} == {("no_answer", 5)}
    Touch.objects.filter(wave_id=theirs.pk, state="planned").update(state="expired", final_at=NOON)
    month_ago = NOON - timedelta(days=40)
    Touch.objects.filter(wave_id=theirs.pk).update(sent_at=month_ago, final_at=month_ago)
    Wave.objects.update(state="finished")

    ours = wave_of(place, "call")
    former = list(Attempt.objects.values_list("pk", flat=True))
    carry.carry(world, ours, carry.Quota())
    assert not Touch.objects.filter(wave_id=ours.pk, state__in=["planned", "claimed"]).exists()
    assert {shape[len(SAID) :] for shape in shapes(ours) if shape[0] == "done"} == done
    silent = {shape[1:] for shape in shapes(ours) if shape[0] == "failed"}
    assert {shape[1:] for shape in silent} <= {shape[1:] for shape in failed}
    fresh = Attempt.objects.exclude(pk__in=former)
    assert _filled(fresh) - {"reason"} == heard - {"reason"}
    assert fresh.filter(touch_id__in=Touch.objects.filter(wave_id=ours.pk).values("id")).count() == fresh.count()


def _filled(attempts: Any) -> set[str]:
    return {name for one in attempts.values() for name, value in one.items() if value not in (None, "")}


def _receipts(accepted: list[Accepted], states: list[State]) -> list[IncomingReceipt]:
    return [
        IncomingReceipt(
            state, NOON, one.message_id, reference=one.reference, code="11" if state == State.UNDELIVERABLE else ""
        )
        for one, state in zip(accepted, states, strict=False)
    ]
