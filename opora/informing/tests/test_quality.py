"""Numbers are marked by what arrived and by talks; the page says whom we can reach, the night keeps its counts."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.informing.models import Campaign, Reachability, Touch, Unreached
from opora.informing.quality import nightly
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned
from opora.insured import reach
from opora.insured.models import Consent, Contact, Person, PersonChange
from opora.insured.services import take_phone

SignIn = Callable[[str | None], Client]
SENT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def touched(place: SimpleNamespace, person: Person, *states: str, channel: str = "sms") -> None:
    """Messages to the first contact of a person, a day apart, each with its end."""
    contact = person.contacts.order_by("pk")[0]
    before = Touch.objects.filter(person_id=person.pk).count()
    made = Campaign.objects.first() or campaign(place)
    for n, state in enumerate(states, start=before):
        Touch.objects.create(
            year=2026, campaign_id=made.pk, wave_id=1, round=n + 1, person_id=person.pk, channel=channel,
            territory="50000", insurer=place.alfa, measure="checkup", purpose="invite", lane="bulk",
            zone="Asia/Novosibirsk", contact_id=contact.pk, address=contact.normalised, state=state,
            outcome="undelivered" if state == "failed" else "", not_before=SENT, sent_at=SENT + timedelta(days=n),
            final_at=SENT + timedelta(days=n),
        )  # fmt: skip


@pytest.fixture(autouse=True)
def in_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opora.informing.quality.nightly.timezone.now", lambda: SENT + timedelta(days=60))


def test_receipts_mark_numbers_once_and_leave_a_trace(place: SimpleNamespace, cast: SimpleNamespace) -> None:
    arrived, tired, mended, wrong, two = people(place, 5)
    touched(place, arrived, "failed", "delivered")
    touched(place, mended, "failed", "failed", "failed", "delivered")
    touched(place, two, "delivered", "failed", "failed")
    Contact.objects.filter(person=tired).update(state="confirmed", confirmed_on=date(2026, 1, 5), confirmed_by="talk")
    touched(place, tired, "delivered", "failed", "failed", "failed")
    Contact.objects.filter(person=wrong).update(state="wrong")
    touched(place, wrong, "delivered")
    found = nightly.weigh()
    assert (found.confirmed, found.lowered) == (2, 1)
    marks = {
        one.person_id: (one.state, one.confirmed_by, one.failures) for one in Contact.objects.order_by("person_id")
    }
    assert list(marks.values()) == [
        ("confirmed", "delivery", 0),
        ("unconfirmed", "", 3),
        ("confirmed", "delivery", 0),
        ("wrong", "", 0),
        ("unconfirmed", "", 2),
    ]
    assert arrived.contacts.get().confirmed_on == date(2026, 3, 3)
    told = PersonChange.objects.filter(source="квитанции").order_by("person_id")
    assert [(one.person_id, one.after) for one in told] == [
        (arrived.pk, "подтверждён"),
        (tired.pk, "не подтверждён"),
        (mended.pk, "подтверждён"),
    ]
    assert nightly.weigh().written == 0


def test_a_talk_outweighs_what_did_not_arrive(place: SimpleNamespace, cast: SimpleNamespace) -> None:
    one = people(place, 1)[0]
    one.contacts.update(value="8 913 000-00-07", normalised="79130000007")
    touched(place, one, "failed", "failed", "failed")
    nightly.weigh()
    contact = one.contacts.get()
    assert reach.to_ask([contact], date(2026, 3, 9)) == "подряд не дошло сообщений: 3"
    with enter(cast.alina.scope):
        take_phone(one.pk, value=contact.value, by=cast.alina)
    contact.refresh_from_db()
    assert (contact.failures, contact.confirmed_by, contact.is_preferred) == (0, "talk", True)
    nightly.weigh()
    contact.refresh_from_db()
    assert (contact.failures, contact.state) == (0, "confirmed")
    assert reach.to_ask([contact], contact.confirmed_on or date.min) == ""


def test_a_wave_takes_the_number_the_card_would(place: SimpleNamespace) -> None:
    """One order of contacts in two languages: Python for the card, SQL for millions."""
    dice = random.Random(4)
    some = people(place, 40)
    Contact.objects.bulk_create(
        Contact(
            person=one, kind="phone", value=f"+{number}", normalised=str(number),
            phone_kind=dice.choice(["mobile", "landline", ""]), owner=dice.choice(Contact.Owner.values),
            state=(state := dice.choice(Contact.State.values)), failures=dice.choice([0, 1, 3, 7]),
            confirmed_on=date(2026, 1, dice.randint(1, 28)) if state == "confirmed" else None,
            confirmed_by=dice.choice(["", "talk", "delivery"]) if state == "confirmed" else "",
            is_preferred=dice.random() < 0.2,
        )
        for one in some for number in dice.sample(range(79130000000, 79139999999), 4)
    )  # fmt: skip
    planned(place, some)
    launch(campaign(place, ladder=[{"channel": "call"}]).pk, by=None)
    taken = dict(Touch.objects.values_list("person_id", "contact_id"))
    chosen = {one.pk: reach.best(one.contacts.all()) for one in some}
    assert taken == {pk: best.pk for pk, best in chosen.items() if best}


def test_the_night_counts_and_every_share_opens(
    signed_in: SignIn, place: SimpleNamespace, cast: SimpleNamespace
) -> None:
    some = people(place, 6, clinics=[place.clinic])
    Contact.objects.filter(person=some[0]).delete()
    Contact.objects.filter(person=some[1]).update(phone_kind="landline")
    Contact.objects.filter(person=some[2]).update(failures=3)
    Consent.objects.create(
        person=some[3], channel="sms", purpose="informing", is_granted=False, decided_on=date(2026, 1, 5)
    )
    Contact.objects.create(person=some[4], kind="email", value="a@example.ru", normalised="a@example.ru")
    Person.objects.filter(pk=some[5].pk).update(birth_on=date(2015, 1, 1), insurer=place.beta)
    assert nightly.count() == 6
    assert nightly.count() == 6
    counted = Reachability.objects.get(insurer=place.alfa)
    figures = (counted.people, counted.phone, counted.mobile, counted.messenger, counted.email, counted.nothing)
    assert figures == (5, 3, 1, 2, 1, 2)
    page = signed_in("alina").get("/informing/contacts/").content.decode()
    assert "60,0" in page
    assert f"provider={place.clinic.pk}" in page
    lists = {lack: _names(signed_in("alina"), lack) for lack in ("phone", "mobile", "messenger", "all")}
    assert lists == {
        "phone": {some[0].pk, some[2].pk},
        "mobile": {some[0].pk, some[1].pk, some[2].pk, some[3].pk},
        "messenger": {some[0].pk, some[1].pk, some[2].pk},
        "all": {some[0].pk, some[2].pk},
    }
    assert AuditLine.objects.filter(action="informing.unreached").count() == 4
    Contact.objects.create(person=some[0], kind="phone", value="1", normalised="79130000001", phone_kind="mobile")
    nightly.count()
    assert not Unreached.objects.filter(person=some[0], phone=False).exists()
    assert _names(signed_in("vera"), "address") == {some[5].pk}
    with enter(cast.vera.scope):
        assert set(Reachability.objects.values_list("insurer", flat=True)) == {place.beta.pk}


def _names(client: Client, lacks: str) -> set[int]:
    answer = client.get(f"/informing/contacts/people/?lacks={lacks}")
    assert answer.status_code == 200
    return {one.person_id for one in answer.context["page"]}


def test_the_card_asks_for_a_number_until_it_is_told(signed_in: SignIn, polina: Any) -> None:
    page = signed_in("alina")
    assert "Уточните телефон" in page.get(f"/insured/{polina.pk}/").content.decode()
    assert page.post(f"/insured/{polina.pk}/phone/", {"phone": "12"}).status_code == 422
    page.post(f"/insured/{polina.pk}/phone/", {"phone": "8 913 000 00 02"})
    told = polina.contacts.get(normalised="79130000002")
    assert (told.state, told.confirmed_by, told.is_preferred, told.source) == ("confirmed", "talk", True, "call")
    assert "Уточните телефон" not in page.get(f"/insured/{polina.pk}/").content.decode()
    assert signed_in("timur").post(f"/insured/{polina.pk}/phone/", {"phone": "89130000003"}).status_code == 403


def test_a_call_confirms_the_number_and_keeps_the_new_one(
    signed_in: SignIn, place: SimpleNamespace, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By keys of the page: «Обещал прийти», and the number he has named."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 3, 11, 5, 0, tzinfo=UTC))
    told, refused = people(place, 2)
    planned(place, [told, refused])
    launch(campaign(place, ladder=[{"channel": "call"}]).pk, by=None)
    Touch.objects.update(not_before=SENT)
    page = signed_in("alina")
    page.post("/informing/calls/next/")
    shown = page.get("/informing/calls/")
    assert "номер никто не подтверждал" in shown.content.decode()
    first = shown.context["call"]
    given = {"touch": first.touch.id, "outcome": "promised", "phone": "12"}
    assert page.post("/informing/calls/result/", given).status_code == 422
    page.post("/informing/calls/result/", {**given, "phone": "8 913 000 00 05"})
    marks = {one.normalised: (one.state, one.confirmed_by, one.is_preferred) for one in first.person.contacts.all()}
    assert marks == {
        first.touch.address: ("confirmed", "talk", False),
        "79130000005": ("confirmed", "talk", True),
    }
    second = page.get("/informing/calls/").context["call"]
    page.post("/informing/calls/result/", {"touch": second.touch.id, "outcome": "refused_talk"})
    assert {one.state for one in second.person.contacts.all()} == {"unconfirmed"}


def test_the_intake_asks_too(signed_in: SignIn, topics: Any, polina: Any) -> None:
    page = signed_in("alina")
    assert "Уточните телефон" in page.get(f"/appeals/new/?person={polina.pk}").content.decode()
    kept = page.post(f"/insured/{polina.pk}/phone/?piece=hint", {"phone": "+7 913 000-00-06"}).content.decode()
    assert "записан и подтверждён" in kept
    assert "Уточните телефон" not in page.get(f"/appeals/new/?person={polina.pk}").content.decode()
