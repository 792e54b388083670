"""A touch on its way: said to be going before anybody is called, folded from whatever a provider says, always ended."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.channels.events import receipts_came
from opora.channels.models import Provider, Receipt
from opora.channels.ports import Accepted, Figures, IncomingReceipt, Refused, Unanswered, mark_of
from opora.channels.words import State
from opora.informing.dispatch import batches
from opora.informing.dispatch.batches import Batch, Going
from opora.informing.models import Roll, Touch, TouchTally, Visit
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned, reported
from opora.insured.models import Consent, Contact, Person

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # a Tuesday, noon in Novosibirsk
NIGHT = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
ZONES = ["Asia/Novosibirsk"]
PRICE = Decimal("2.50")


@pytest.fixture
def provider(place: SimpleNamespace) -> Provider:
    return Provider.objects.create(
        organisation=place.alfa, slug="a", title="А", kind="smpp", channel="sms", segment_price=PRICE
    )


@pytest.fixture
def wave(place: SimpleNamespace, provider: Provider) -> Going:
    planned(place, people(place, 4))
    launch(campaign(place).pk, by=None)
    Touch.objects.update(not_before=NOON - timedelta(hours=1))
    return batches.going("bulk")[0]


def claim(wave: Going, provider: Provider) -> Batch:
    return batches.claim(wave, provider.link(), ZONES, now=NOON)


def states() -> list[str]:
    return list(Touch.objects.order_by("id").values_list("state", flat=True))


def receipt(reference: UUID | None, state: State, **fields: Any) -> IncomingReceipt:
    return IncomingReceipt(state, timezone.now(), fields.pop("message_id", "m1"), reference=reference, **fields)


def test_hours_are_the_persons(wave: Going) -> None:
    assert batches.open_zones(wave, NOON) == ZONES
    assert batches.open_zones(wave, NIGHT) == []
    assert batches.open_zones(wave, datetime(2026, 11, 22, 5, tzinfo=UTC)) == []  # a Sunday
    Touch.objects.filter(id=Touch.objects.order_by("id")[0].id).update(zone="Europe/Kaliningrad")
    assert batches.open_zones(wave, datetime(2026, 11, 24, 15, tzinfo=UTC)) == ["Europe/Kaliningrad"]


def test_urgent_hours_are_of_every_day(place: SimpleNamespace, provider: Provider) -> None:
    planned(place, people(place, 1))
    launch(campaign(place, lane="urgent").pk, by=None)
    urgent = batches.going("urgent")[0]
    sunday = datetime(2026, 11, 22, tzinfo=UTC)  # seven in Novosibirsk
    found = [hour for hour in range(24) if batches.open_zones(urgent, sunday + timedelta(hours=hour))]
    assert found == list(range(1, 15))


def test_a_text_for_each_person(wave: Going, provider: Provider) -> None:
    batch = claim(wave, provider)
    assert states() == ["sending"] * 4
    first = Touch.objects.order_by("id")[0]
    message = next(one for one in batch.messages if one.reference.int == first.id)
    assert message.to == first.address
    assert message.text.startswith("Анна, приходите на профилактический осмотр: Поликлиника № ")
    assert not claim(wave, provider).taken


def test_what_a_partner_told_of_meanwhile_is_looked_at_once_more(
    wave: Going, provider: Provider, place: SimpleNamespace
) -> None:
    first, second = Touch.objects.order_by("id")[:2]
    reported(place, Person.objects.get(pk=first.person_id), "refused")
    reported(place, Person.objects.get(pk=second.person_id), "refused", measure="screening")
    claim(wave, provider)
    assert states() == ["cancelled", "sending", "sending", "sending"]


def test_a_visit_of_spring_does_not_stop_the_message_of_autumn(
    wave: Going, provider: Provider, place: SimpleNamespace
) -> None:
    """Observation has several visits a year: what a partner told of before the plan was known when it was made."""
    Touch.objects.update(measure="observation")
    first, second, third = Touch.objects.order_by("id")[:3]
    on = timezone.localdate(first.planned_at)
    spring = {"on": on - timedelta(days=60)}
    reported(place, Person.objects.get(pk=first.person_id), "passed", measure="observation", **spring)
    reported(place, Person.objects.get(pk=second.person_id), "passed", measure="observation", on=on)
    reported(place, Person.objects.get(pk=third.person_id), "refused", measure="observation", **spring)
    claim(wave, provider)
    assert states() == ["sending", "cancelled", "cancelled", "sending"]


def test_who_has_moved_to_another_territory_is_not_written_to(
    wave: Going, provider: Provider, place: SimpleNamespace
) -> None:
    """Also where a clinic does not tell: observation may be anywhere, and an attachment may be unknown."""
    Touch.objects.update(measure="observation")
    first = Touch.objects.order_by("id")[0]
    Person.objects.filter(pk=first.person_id).update(territory=place.alt, provider=None)
    claim(wave, provider)
    assert states() == ["cancelled", "sending", "sending", "sending"]


def test_a_number_marked_or_changed_since_the_plan_gets_no_message(wave: Going, provider: Provider) -> None:
    """Else the name of a person and his clinic go to a stranger who has told us that the number is his."""
    wrong, dead, changed, _ = Touch.objects.order_by("id")
    Contact.objects.filter(pk=wrong.contact_id).update(state="wrong")
    Contact.objects.filter(pk=dead.contact_id).update(state="dead")
    Contact.objects.filter(pk=changed.contact_id).update(value="8 900 777-66-55", normalised="79007776655")
    assert len(claim(wave, provider).messages) == 1
    assert states() == ["cancelled", "cancelled", "cancelled", "sending"]


def test_a_campaign_of_next_year_counts_for_the_cap(wave: Going, provider: Provider, place: SimpleNamespace) -> None:
    """In December those of January are invited already: whoever was is not written to by a campaign of this year."""
    touch = Touch.objects.order_by("id")[0]
    other = campaign(place, title="Осмотры января", year=2027)
    Touch.objects.create(
        year=2027, campaign_id=other.pk, wave_id=0, round=1, person_id=touch.person_id, channel="sms",
        territory="50000", insurer=place.alfa, measure="checkup", purpose="invite", lane="bulk", zone=touch.zone,
        state="sent", not_before=NOON, sent_at=NOON - timedelta(days=1),
    )  # fmt: skip
    claim(wave, provider)
    assert states().count("planned") == 1


def test_who_came_while_his_message_was_with_the_provider_gets_none(
    wave: Going, provider: Provider, place: SimpleNamespace
) -> None:
    """What waits is spared when a visit is told of; what the provider had no room for comes back after that."""
    batch = claim(wave, provider)
    first, second = Touch.objects.order_by("id")[:2]
    for one, ago in ((first, -1), (second, 1)):
        loaded = first.planned_at - timedelta(hours=ago)
        roll = Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", loaded_at=loaded)
        Visit.objects.create(
            roll=roll, place=1, territory="50000", insurer=place.alfa, person_id=one.person_id, measure=one.measure,
            year=one.year, on=loaded.date(),
        )  # fmt: skip
    full = [Refused(one.reference, "88", is_permanent=False) for one in batch.messages]
    batches.note_answers(batch, full, price=Decimal(2))
    assert states() == ["planned"] * 4
    Touch.objects.update(not_before=NOON - timedelta(hours=1))
    claim(wave, provider)
    assert states() == ["cancelled", "sending", "sending", "sending"]
    assert Touch.objects.get(id=first.id).outcome == "passed"


def test_answers(wave: Going, provider: Provider) -> None:
    batch = claim(wave, provider)
    a, b, c, d = (one.reference for one in batch.messages)
    batches.note_answers(
        batch,
        [
            Accepted(a, ("m1",)),
            Refused(b, "11", is_permanent=True),
            Refused(c, "88", is_permanent=False),
            Unanswered(d, "lost"),
        ],
        price=PRICE,
    )
    found = {one.id: one for one in Touch.objects.all()}
    assert [found[one.int].state for one in (a, b, c, d)] == ["sent", "failed", "planned", "sending"]
    assert (found[a.int].message_id, found[a.int].cost) == ("m1", PRICE * found[a.int].segments)
    assert found[c.int].not_before > timezone.now()


def test_a_receipt_before_the_answer(wave: Going, provider: Provider) -> None:
    batch = claim(wave, provider)
    reference = batch.messages[0].reference
    batches.take_receipts(provider.link(), [receipt(None, State.DELIVERED, message_id="early")], price=PRICE)
    batches.note_answers(batch, [Accepted(reference, ("early",))], price=PRICE)
    batches.take_receipts(provider.link(), [receipt(reference, State.ACCEPTED, message_id="early")], price=PRICE)
    assert Touch.objects.get(id=reference.int).state == "delivered"


def test_a_session_that_does_not_remember_finds_by_the_providers_number(wave: Going, provider: Provider) -> None:
    batch = claim(wave, provider)
    reference = batch.messages[0].reference
    batches.note_answers(batch, [Accepted(reference, ("m5",))], price=PRICE)
    batches.take_receipts(provider.link(), [receipt(None, State.DELIVERED, message_id="m5")], price=PRICE)
    assert Touch.objects.get(id=reference.int).state == "delivered"


def test_an_unknown_id_is_kept_and_harmless(wave: Going, provider: Provider) -> None:
    batches.take_receipts(provider.link(), [receipt(None, State.DELIVERED, message_id="nobody")], price=PRICE)
    assert states() == ["planned"] * 4
    assert Receipt.objects.filter(message_id="nobody").count() == 1


def test_a_message_whose_answer_was_lost_is_known_by_its_receipt(wave: Going, provider: Provider) -> None:
    batch = claim(wave, provider)
    lost, other = batch.messages[:2]
    told = receipt(None, State.DELIVERED, destination=lost.to, mark=mark_of(lost.reference), message_id="m7")
    Touch.objects.update(claimed_at=timezone.now())
    batches.take_receipts(provider.link(), [told], price=PRICE)
    touch = Touch.objects.get(id=lost.reference.int)
    assert (touch.state, touch.message_id) == ("delivered", "m7")
    assert Touch.objects.get(id=other.reference.int).state == "sending"


def test_receipts_that_a_provider_brings_himself(wave: Going, provider: Provider) -> None:
    batch = claim(wave, provider)
    told = receipt(batch.messages[0].reference, State.DELIVERED)
    receipts_came.send(sender=None, link=provider.link(), receipts=[told])
    assert Touch.objects.get(id=batch.messages[0].reference.int).state == "delivered"


def test_receipts_of_other_senders_are_not_ours(wave: Going, provider: Provider) -> None:
    batches.take_receipts(provider.link(), [receipt(uuid4(), State.DELIVERED)], price=PRICE)
    assert states() == ["planned"] * 4


def test_receipts_of_other_rooms_are_announced_and_ours_are_not(wave: Going, provider: Provider) -> None:
    """A survey's receipt may come over the line that informing holds open."""
    heard: list[IncomingReceipt] = []

    def hear(receipts: list[IncomingReceipt], **_: Any) -> None:
        heard.extend(receipts)

    receipts_came.connect(hear)
    theirs, ours = uuid4(), claim(wave, provider).messages[0].reference
    said = [(theirs, "a"), (ours, "b"), (None, "c")]
    come = [receipt(reference, State.DELIVERED, message_id=number) for reference, number in said]
    batches.take_receipts(provider.link(), come, price=PRICE)
    receipts_came.disconnect(hear)
    assert [one.reference for one in heard] == [theirs]


def test_shares_shift_away_from_who_is_down(place: SimpleNamespace, wave: Going, provider: Provider) -> None:
    other = Provider.objects.create(organisation=place.alfa, slug="b", title="Б", kind="smpp", channel="sms")
    before = {one.link.provider: one.weight for one in batches.carriers(wave)}
    batches.note_figures(provider.link(), Figures(unavailable=30))
    after = {one.link.provider: one.weight for one in batches.carriers(wave)}
    assert before[provider.pk] > 0
    assert (after.get(provider.pk, 0), after[other.pk] > 0) == (0, True)


def test_doubt_ends(wave: Going, provider: Provider, settings: Any) -> None:
    claim(wave, provider)
    settings.INFORMING_DOUBT_SECONDS = 60
    Touch.objects.update(claimed_at=timezone.now() - timedelta(seconds=30))
    assert batches.sweep()["lost"] == 0
    Touch.objects.update(claimed_at=timezone.now() - timedelta(seconds=90))
    assert batches.sweep()["lost"] == 4
    assert states() == ["planned"] * 4


def doubt(minutes: int = 90) -> dict[str, int]:
    """Let everybody who is being sent wait beyond the hour of doubt."""
    Touch.objects.filter(state="sending").update(claimed_at=timezone.now() - timedelta(minutes=minutes))
    return batches.sweep()


def test_who_never_answers_is_given_a_message_twice_and_no_more(wave: Going, provider: Provider) -> None:
    """A gateway that delivers and answers nothing: after the repeat nobody knows, and that is said."""
    given = 0
    for _ in range(5):
        batch = batches.claim(wave, provider.link(), ZONES, now=timezone.now() + timedelta(days=1))
        given += len(batch.messages)
        batches.note_answers(batch, [Unanswered(one.reference, "http500") for one in batch.messages], price=PRICE)
        doubt()
    assert given == 2 * 4
    assert set(Touch.objects.values_list("state", "outcome", "doubts")) == {("silent", "unknown", 2)}
    assert not Touch.objects.filter(final_at=None).exists()


def test_a_receipt_after_the_doubt_keeps_it_from_going_again(wave: Going, provider: Provider) -> None:
    """By our number, or, of a message whose answer nobody heard, by address and mark."""
    batch = claim(wave, provider)
    named, marked, late, other = batch.messages
    doubt()
    assert states() == ["planned"] * 4

    def told(message: Any) -> IncomingReceipt:
        mark = mark_of(message.reference)
        return receipt(None, State.DELIVERED, destination=message.to, mark=mark, message_id=f"m{mark}")

    come = [receipt(named.reference, State.DELIVERED), told(marked)]
    batches.take_receipts(provider.link(), come, price=PRICE)
    again = batches.claim(wave, provider.link(), ZONES, now=timezone.now() + timedelta(days=1))
    assert {one.reference for one in again.messages} == {late.reference, other.reference}
    doubt()
    batches.take_receipts(provider.link(), [told(late)], price=PRICE)
    found = {one.id: one.state for one in Touch.objects.all()}
    assert [found[one.reference.int] for one in (named, marked, late, other)] == ["delivered"] * 3 + ["silent"]


def test_a_worker_whose_clock_jumps_sends_nothing_again(
    wave: Going, provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.INFORMING_DOUBT_SECONDS = 60
    claim(wave, provider)  # the worker's clock shows another day
    assert batches.sweep()["lost"] == 0
    ahead = timezone.now() + timedelta(hours=5)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    assert batches.sweep()["lost"] == 0
    assert states() == ["sending"] * 4
    assert not claim(wave, provider).taken


def test_an_answer_after_the_time_out(wave: Going, provider: Provider) -> None:
    """It comes as a receipt of the session; a refusal that late is a refusal for good."""
    batch = claim(wave, provider)
    taken, refused, *_ = (one.reference for one in batch.messages)
    batches.note_answers(batch, [Unanswered(one, "timeout") for one in (taken, refused)], price=PRICE)
    late = [receipt(taken, State.ACCEPTED, message_id="m9"), receipt(refused, State.REJECTED, message_id="")]
    batches.take_receipts(provider.link(), late, price=PRICE)
    found = {pk: Touch.objects.get(id=pk.int) for pk in (taken, refused)}
    assert (found[taken].state, found[taken].message_id, found[taken].cost) == (
        "sent",
        "m9",
        PRICE * found[taken].segments,
    )
    assert found[refused].state == "failed"
    batches.take_receipts(provider.link(), [receipt(None, State.DELIVERED, message_id="m9")], price=PRICE)
    assert Touch.objects.get(id=taken.int).state == "delivered"


def test_receipts_are_found_by_the_key(wave: Going, provider: Provider) -> None:
    """However many touches there are: nobody reads the year to fold one receipt."""
    claim(wave, provider)
    with CaptureQueriesContext(connection) as asked:
        batches.take_receipts(provider.link(), [receipt(UUID(int=7), State.DELIVERED)], price=PRICE)
    folding = next(one["sql"] for one in asked if "UPDATE informing_touch" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + folding.replace("%", "%%"), [])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "AND (id = ANY (" in plan, plan


def test_silence_ends(wave: Going, provider: Provider) -> None:
    batch = claim(wave, provider)
    answers = [Accepted(one.reference, (f"m{n}",)) for n, one in enumerate(batch.messages)]
    batches.note_answers(batch, answers, price=PRICE)
    Touch.objects.update(sent_at=timezone.now() - timedelta(days=4))
    assert batches.sweep()["silent"] == 4
    batches.take_receipts(provider.link(), [receipt(batch.messages[0].reference, State.DELIVERED)], price=PRICE)
    assert sorted(states()) == ["delivered", "silent", "silent", "silent"]


def test_what_is_late_is_not_sent(wave: Going) -> None:
    Touch.objects.update(until=date(2026, 1, 1))
    assert batches.sweep()["expired"] == 4


def test_what_has_changed_since_the_plan(place: SimpleNamespace, wave: Going, provider: Provider) -> None:
    a, b, c, d = Person.objects.order_by("pk")
    Person.objects.filter(pk=a.pk).update(died_on=date(2026, 11, 1))
    Person.objects.filter(pk=b.pk).update(insurer=place.beta)
    Consent.objects.create(
        person=c, channel="sms", purpose="informing", is_granted=False, decided_on=date(2026, 11, 20)
    )
    batch = claim(wave, provider)
    assert [one.to for one in batch.messages] == [f"7900{d.pk:07}"]
    assert sorted(states()) == ["cancelled", "cancelled", "cancelled", "sending"]


def test_who_has_changed_the_clinic_since_the_plan(place: SimpleNamespace, wave: Going, provider: Provider) -> None:
    first = Touch.objects.order_by("id")[0]
    other = place.clinic2 if first.provider_id == place.clinic.pk else place.clinic
    Person.objects.filter(pk=first.person_id).update(provider=other)
    claim(wave, provider)
    assert states() == ["cancelled", "sending", "sending", "sending"]


def test_the_cap_is_looked_at_again(place: SimpleNamespace, wave: Going, provider: Provider) -> None:
    touched = Touch.objects.order_by("id")[0]
    other = campaign(place, title="Другая")
    Touch.objects.create(
        **{
            **{name: getattr(touched, name) for name in ("year", "round", "person_id", "territory", "measure")},
            "campaign_id": other.pk,
            "wave_id": 0,
            "channel": "call",
            "insurer": place.alfa,
            "purpose": "invite",
            "lane": "bulk",
            "zone": touched.zone,
            "not_before": NOON,
            "state": "sent",
            "sent_at": NOON,
        }
    )
    batch = claim(wave, provider)
    assert (batch.taken, len(batch.messages)) == (4, 3)
    again = Touch.objects.get(id=touched.id)
    assert (again.state, again.not_before) == ("planned", NOON + timedelta(days=1))


def test_paused_waves_do_not_go(wave: Going, place: SimpleNamespace) -> None:
    from opora.informing.services import pause

    pause(wave.wave.campaign_id, by=None)
    assert batches.going("bulk") == []


@given(said=st.lists(st.lists(st.sampled_from(list(State)), min_size=1, max_size=8), min_size=4, max_size=4))
@settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("example", range(8))
def test_any_receipts_in_any_order(
    wave: Going, provider: Provider, example: int, said: Sequence[Sequence[State]]
) -> None:
    """A handset that answered outweighs everything; else a failure; an unknown fate is no failure."""
    batch = claim(wave, provider)
    for message, words in zip(batch.messages, said, strict=True):
        for state in words:
            told = receipt(message.reference, state, message_id=str(message.reference))
            batches.take_receipts(provider.link(), [told], price=PRICE)
        found = Touch.objects.get(id=message.reference.int).state
        if {State.DELIVERED, State.READ} & set(words):
            assert found == "delivered"
        elif {State.UNDELIVERABLE, State.REJECTED, State.EXPIRED} & set(words):
            assert found == "failed"
        else:
            assert found in {"sent", "silent"}


def test_counters_after_all(wave: Going, provider: Provider) -> None:
    batch = claim(wave, provider)
    answers = [Accepted(one.reference, (f"m{n}",)) for n, one in enumerate(batch.messages)]
    batches.note_answers(batch, answers, price=PRICE)
    batches.take_receipts(provider.link(), [receipt(batch.messages[0].reference, State.DELIVERED)], price=PRICE)
    batches.fold_tally()
    rows = {(one.state, one.outcome): (one.change, one.cost) for one in TouchTally.objects.all()}
    segments = Touch.objects.order_by("id")[0].segments
    assert rows == {("sent", ""): (3, 3 * PRICE * segments), ("delivered", "delivered"): (1, PRICE * segments)}
