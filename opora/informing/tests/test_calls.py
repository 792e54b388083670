"""The call list: nobody is phoned by two, at night or in vain, and every talk leaves its trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.informing import calls, merge
from opora.informing.dispatch import batches
from opora.informing.errors import CallTaken, InformingError
from opora.informing.models import Attempt, Campaign, Rung, Touch, Wave
from opora.informing.scripts import script
from opora.informing.services import stop
from opora.informing.tests.crowd import people, planned, reported
from opora.informing.words import Measure, Purpose
from opora.insured.models import Consent, Contact, Person

NOON = datetime(2026, 3, 11, 5, 0, tzinfo=UTC)  # a Wednesday, noon in Novosibirsk
NBSP = chr(160)
NIGHT = NOON + timedelta(hours=11)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The clock of the tests; ``noon(moment)`` moves it."""

    def move(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    move(NOON)
    return move


@pytest.fixture
def crowd(place: SimpleNamespace, cast: SimpleNamespace) -> list[Person]:
    """Three people who wait for a call of Alfa."""
    some = people(place, 3)
    planned(place, some)
    campaign = Campaign.objects.create(
        territory="50000", insurer=place.alfa, title="Осмотры", measure="checkup", year=2026, state="running"
    )
    rung = Rung.objects.create(campaign=campaign, step=1, channel="call")
    wave = Wave.objects.create(campaign=campaign, rung=rung, round=1, state="running", planned=3)
    for at, one in enumerate(some):
        contact = one.contacts.get()
        Touch.objects.create(
            year=2026, campaign_id=campaign.pk, wave_id=wave.pk, round=1, person_id=one.pk, channel="call",
            territory="50000", insurer=place.alfa, provider_id=one.provider_id, measure="checkup", purpose="invite",
            lane="bulk", zone="Asia/Novosibirsk", contact_id=contact.pk, address=contact.normalised,
            not_before=NOON - timedelta(hours=9 - at),
        )  # fmt: skip
    return some


def take(who: Any) -> calls.Call | None:
    with enter(who.scope):
        return calls.next_call(who)


def finish(who: Any, outcome: str, **given: Any) -> Touch:
    with enter(who.scope):
        call = calls.next_call(who)
        assert call is not None
        calls.finish_call(call.touch.id, outcome=outcome, by=who, **given)
    return Touch.objects.get(year=2026, id=call.touch.id)


def test_two_operators_never_get_one_person(cast: SimpleNamespace, crowd: list[Person]) -> None:
    operators = (cast.alina, cast.sp2, cast.filial, cast.sp3)
    taken = [call.person.pk if (call := take(who)) else None for who in operators]
    assert taken == [*(one.pk for one in crowd), None]
    assert take(cast.alina).person == crowd[0]  # type: ignore[union-attr]
    with pytest.raises(CallTaken), enter(cast.sp3.scope):
        calls.finish_call(take(cast.alina).touch.id, outcome="promised", by=cast.sp3)  # type: ignore[union-attr]
    assert not Attempt.objects.exists()


def test_another_insurer_and_the_fund_get_nobody(cast: SimpleNamespace, crowd: list[Person]) -> None:
    assert take(cast.vera) is None
    assert take(cast.op1) is None


def test_at_night_nobody(cast: SimpleNamespace, crowd: list[Person], noon: Callable[[datetime], None]) -> None:
    noon(NIGHT)
    assert take(cast.alina) is None
    noon(NIGHT + timedelta(hours=13))
    assert take(cast.alina) is not None


def test_what_changed_since_the_plan(cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]) -> None:
    Person.objects.filter(pk=crowd[0].pk).update(died_on=NOON.date())
    Consent.objects.create(
        person=crowd[1], channel="call", purpose="informing", is_granted=False, decided_on=NOON.date()
    )
    assert take(cast.alina).person == crowd[2]  # type: ignore[union-attr]
    assert list(Touch.objects.order_by("person_id").values_list("state", "outcome")) == [
        ("cancelled", "impossible"), ("cancelled", "impossible"), ("claimed", "")
    ]  # fmt: skip


def test_of_another_clinic_now(cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]) -> None:
    other = place.clinic2 if crowd[0].provider_id == place.clinic.pk else place.clinic
    Person.objects.filter(pk=crowd[0].pk).update(provider=other)
    assert take(cast.alina).person == crowd[1]  # type: ignore[union-attr]
    assert Touch.objects.get(person_id=crowd[0].pk).state == "cancelled"


def test_a_refusal_that_a_partner_told_of_meanwhile(
    cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]
) -> None:
    reported(place, crowd[0], "refused")
    assert take(cast.alina).person == crowd[1]  # type: ignore[union-attr]
    assert Touch.objects.get(person_id=crowd[0].pk).state == "cancelled"


def test_of_another_insurer_now(cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]) -> None:
    Person.objects.filter(pk=crowd[0].pk).update(insurer=place.beta)
    assert take(cast.alina).person == crowd[1]  # type: ignore[union-attr]


def test_what_was_said_is_kept_although_the_register_moved_the_person(
    signed_in: Callable[[str], Client], cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]
) -> None:
    browser, page = signed_in("alina"), reverse("informing:calls")
    browser.post(reverse("informing:call-next"))
    Person.objects.filter(pk=crowd[0].pk).update(insurer=place.beta)
    browser.post(reverse("informing:call-next"))  # she holds him still: nobody else is taken
    shown = browser.get(page).content.decode()
    assert "за вами больше не числится" in shown
    assert crowd[0].full_name not in shown
    assert AuditLine.objects.filter(action="insured.card.read").count() == 0
    touch = Touch.objects.get(person_id=crowd[0].pk)
    assert browser.post(reverse("informing:call-result"), {"touch": touch.id}).status_code == 422
    said = {"touch": touch.id, "outcome": "refused", "phone": "+7 913 111-22-33"}
    assert browser.post(reverse("informing:call-result"), said).url == page  # type: ignore[attr-defined]
    touch = Touch.objects.get(id=touch.id)
    assert (touch.state, touch.outcome, Attempt.objects.get().employee) == ("done", "refused", cast.alina)
    assert crowd[1].full_name in browser.get(page).content.decode()


def test_the_result_of_an_older_person_in_her_hands(cast: SimpleNamespace, crowd: list[Person]) -> None:
    """However she came to hold two, each takes its own result."""
    first = take(cast.alina)
    second = Touch.objects.get(person_id=crowd[1].pk)
    Touch.objects.filter(id=second.id).update(
        state="claimed", employee_id=cast.alina.pk, claimed_at=NOON + timedelta(minutes=1)
    )
    with enter(cast.alina.scope):
        assert calls.finish_call(second.id, outcome="promised", by=cast.alina).state == "done"
        assert calls.held_call(cast.alina).touch.id == first.touch.id  # type: ignore[union-attr]


def test_a_number_marked_since_gives_way_to_another(cast: SimpleNamespace, crowd: list[Person]) -> None:
    Contact.objects.filter(person=crowd[0]).update(state="dead")
    other = Contact.objects.create(person=crowd[0], kind="phone", value="8 900 777-66-55", normalised="79007776655")
    Contact.objects.filter(person=crowd[1]).update(state="wrong")
    call = take(cast.alina)
    assert call is not None
    assert (call.person, call.touch.address, call.touch.contact_id) == (crowd[0], "79007776655", other.pk)
    assert take(cast.sp2).person == crowd[2]  # type: ignore[union-attr]


def test_who_has_moved_to_another_territory_is_not_phoned(
    cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]
) -> None:
    Touch.objects.update(measure="observation")
    Person.objects.filter(pk=crowd[0].pk).update(territory=place.alt)
    assert take(cast.alina).person == crowd[1]  # type: ignore[union-attr]
    assert Touch.objects.get(person_id=crowd[0].pk).state == "cancelled"


def test_a_visit_of_spring_does_not_stop_the_call_of_autumn(
    cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]
) -> None:
    """Observation has several visits a year: neither a partner's word nor ours about the one before the plan stops it,
    a refusal does."""
    Touch.objects.update(measure="observation", planned_at=NOON)
    spring = {"measure": "observation", "on": NOON.date() - timedelta(days=30)}
    reported(place, crowd[0], "passed", **spring)
    reported(place, crowd[1], "refused", **spring)
    talk = Touch.objects.get(person_id=crowd[2].pk)
    talk.id, talk.round, talk.state, talk.outcome = talk.id + 1000, 0, "done", "passed"
    talk.final_at = talk.sent_at = NOON - timedelta(days=30)
    talk.save(force_insert=True)
    assert take(cast.alina).person == crowd[0]  # type: ignore[union-attr]
    assert take(cast.sp2).person == crowd[2]  # type: ignore[union-attr]
    assert Touch.objects.get(person_id=crowd[1].pk).state == "cancelled"


def test_a_person_of_another_campaign_is_spared_for_a_day(
    cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]
) -> None:
    touch = Touch.objects.get(person_id=crowd[0].pk)
    fields = {name: getattr(touch, name) for name in ("year", "wave_id", "person_id", "territory", "zone", "lane")}
    other = Campaign.objects.create(
        territory="50000", insurer=place.alfa, title="Диспансеризация", measure="screening", year=2026
    )
    Touch.objects.create(
        **fields, campaign_id=other.pk, round=1, channel="sms", insurer=place.alfa, measure="screening",
        purpose="invite", state="sent", not_before=NOON, sent_at=NOON - timedelta(days=1),
    )  # fmt: skip
    assert take(cast.alina).person == crowd[1]  # type: ignore[union-attr]
    touch = Touch.objects.get(id=touch.id)
    assert (touch.state, touch.not_before) == ("planned", NOON + timedelta(days=1))


def touched_yesterday(place: SimpleNamespace, some: Sequence[Person]) -> None:
    """Another campaign of Alfa wrote to them."""
    other = Campaign.objects.create(
        territory="50000", insurer=place.alfa, title="Диспансеризация", measure="screening", year=2026
    )
    Touch.objects.bulk_create(
        Touch(
            year=2026, campaign_id=other.pk, wave_id=0, round=1, person_id=one.pk, channel="sms", territory="50000",
            insurer=place.alfa, measure="screening", purpose="invite", lane="bulk", zone="Asia/Novosibirsk",
            state="sent", not_before=NOON, sent_at=NOON - timedelta(days=1),
        )
        for one in some
    )  # fmt: skip


def also_to_phone(crowd: list[Person], some: Sequence[Person], at: datetime) -> None:
    """The wave of the crowd has them too, from ``at`` on."""
    touch = Touch.objects.get(person_id=crowd[0].pk)
    names = ("year", "campaign_id", "wave_id", "round", "channel", "territory", "insurer_id", "measure", "purpose")
    fields = {name: getattr(touch, name) for name in (*names, "lane", "zone")}
    contacts = {one.person_id: one for one in Contact.objects.filter(person__in=some)}
    Touch.objects.bulk_create(
        Touch(
            **fields, person_id=one.pk, provider_id=one.provider_id, not_before=at, contact_id=contacts[one.pk].pk,
            address=contacts[one.pk].normalised,
        )
        for one in some
    )  # fmt: skip


def test_a_crowd_that_may_not_be_phoned_costs_no_more_queries(
    cast: SimpleNamespace,
    place: SimpleNamespace,
    crowd: list[Person],
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    """Sixty before the crowd: some have just been written to, some died, some have lost their number."""
    some = people(place, 60)
    also_to_phone(crowd, some, NOON - timedelta(days=1))
    touched_yesterday(place, some[:40])
    Person.objects.filter(pk__in=[one.pk for one in some[40:50]]).update(died_on=NOON.date())
    Contact.objects.filter(person__in=some[50:]).update(state="dead")
    with django_assert_max_num_queries(40):
        assert take(cast.alina).person == crowd[0]  # type: ignore[union-attr]
    found = Touch.objects.filter(measure="checkup", person_id__in=[one.pk for one in some])
    assert found.filter(state="planned", not_before=NOON + timedelta(days=1)).count() == 40
    assert found.filter(state="cancelled", outcome="impossible").count() == 20


def test_one_press_looks_at_so_many_and_says_so(
    signed_in: Callable[[str], Client], place: SimpleNamespace, crowd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MANY", 10)
    monkeypatch.setattr(calls, "LOOKS", 2)
    some = people(place, 40)
    also_to_phone(crowd, some, NOON - timedelta(days=1))
    touched_yesterday(place, some)
    browser, page = signed_in("alina"), reverse("informing:calls")
    browser.post(reverse("informing:call-next"))
    assert "Возьмите ещё раз" in browser.get(page).content.decode()
    assert Touch.objects.filter(not_before__gt=NOON, measure="checkup").count() == 5 + 2 * 10
    browser.post(reverse("informing:call-next"))
    assert crowd[0].full_name in browser.get(page).content.decode()


@pytest.mark.parametrize("outcome", sorted(calls.TALKED))
def test_a_talk_is_done(cast: SimpleNamespace, crowd: list[Person], outcome: str) -> None:
    touch = finish(cast.alina, outcome, reason="no_time", seconds=42, note=" Просил не спешить ")
    assert (touch.state, touch.outcome, touch.attempts, touch.sent_at) == ("done", outcome, 1, NOON)
    attempt = Attempt.objects.get()
    assert (attempt.employee, attempt.seconds, attempt.note) == (cast.alina, 42, "Просил не спешить")
    assert attempt.reason == touch.reason == ("no_time" if outcome in calls.ASKED_WHY else "")
    assert AuditLine.objects.filter(action="informing.call").get().details == {"outcome": outcome}


def test_no_answer_comes_back_in_three_hours_and_ends_at_the_fifth(cast: SimpleNamespace, crowd: list[Person]) -> None:
    touch = finish(cast.alina, "no_answer")
    assert (touch.state, touch.outcome, touch.employee_id) == ("planned", "", None)
    assert touch.not_before == NOON + timedelta(hours=3)
    assert take(cast.alina).person == crowd[1]  # type: ignore[union-attr]
    with enter(cast.alina.scope):
        calls.release(cast.alina)
    Touch.objects.filter(id=touch.id).update(attempts=4, not_before=NOON - timedelta(days=1))
    touch = finish(cast.alina, "busy")
    assert (touch.state, touch.outcome, touch.attempts) == ("failed", "busy", 5)


def test_a_promised_call_comes_first_and_on_time(
    cast: SimpleNamespace, crowd: list[Person], noon: Callable[[datetime], None]
) -> None:
    at = NOON + timedelta(hours=1)
    touch = finish(cast.alina, "call_later", again_at=at)
    assert (touch.state, touch.not_before, Attempt.objects.get().again_at) == ("planned", at, at)
    assert take(cast.sp2).person == crowd[1]  # type: ignore[union-attr]
    noon(at + timedelta(minutes=1))
    assert take(cast.alina).person == crowd[0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("again_at", "words"),
    [(None, "когда перезвонить"), (NOON - timedelta(hours=1), "впереди"), (NIGHT, "рано или поздно")],
)
def test_a_promise_at_a_bad_time(cast: SimpleNamespace, crowd: list[Person], again_at: Any, words: str) -> None:
    with pytest.raises(InformingError, match=words):
        finish(cast.alina, "call_later", again_at=again_at)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(("outcome", "state"), [("wrong_number", "dead"), ("foreign_person", "wrong")])
def test_a_wrong_number_marks_the_contact(cast: SimpleNamespace, crowd: list[Person], outcome: str, state: str) -> None:
    touch = finish(cast.alina, outcome)
    assert (touch.state, touch.outcome) == ("failed", outcome)
    assert Contact.objects.get(pk=touch.contact_id).state == state


def test_who_refused_is_left_alone(cast: SimpleNamespace, place: SimpleNamespace, crowd: list[Person]) -> None:
    touch = Touch.objects.get(person_id=crowd[0].pk)
    fields = {name: getattr(touch, name) for name in ("year", "wave_id", "person_id", "territory", "zone", "lane")}
    Touch.objects.create(
        **fields, campaign_id=touch.campaign_id, round=2, channel="sms", insurer=place.alfa, measure="checkup",
        purpose="remind", not_before=NOON,
    )  # fmt: skip
    finish(cast.alina, "refused", reason="unwilling")
    assert Touch.objects.get(round=2).state == "cancelled"


def test_given_back(cast: SimpleNamespace, crowd: list[Person]) -> None:
    take(cast.alina)
    with enter(cast.alina.scope):
        assert calls.release(cast.alina)
        assert not calls.release(cast.alina)
    assert take(cast.sp2).person == crowd[0]  # type: ignore[union-attr]


@pytest.mark.parametrize("ended", ["answered", "no_answer", "call_later", "released", "dropped"])
def test_a_talk_outlives_its_campaign(cast: SimpleNamespace, crowd: list[Person], ended: str) -> None:
    """Somebody stops the campaign while she talks: she saves the talk, and nobody is phoned again."""
    call = take(cast.alina)
    assert call is not None
    assert stop(call.touch.campaign_id, why="Список отозван", by=None) == 2
    assert Touch.objects.get(id=call.touch.id).state == "claimed"
    if ended == "released":
        with enter(cast.alina.scope):
            calls.release(cast.alina)
    elif ended == "dropped":
        Touch.objects.filter(id=call.touch.id).update(claimed_at=datetime(2026, 3, 1, tzinfo=UTC))
        batches.sweep()
    else:
        finish(cast.alina, ended, again_at=NOON + timedelta(days=1) if ended == "call_later" else None)
    assert take(cast.sp2) is None
    batches.sweep()
    touch = Touch.objects.get(id=call.touch.id)
    assert touch.state == ("done" if ended == "answered" else "cancelled")
    assert Attempt.objects.count() == (0 if ended in {"released", "dropped"} else 1)


def test_there_is_something_to_say_for_everything() -> None:
    values = {name: name.upper() for name in merge.FIELDS}
    for purpose in Purpose.values:
        for measure in Measure.values:
            said = script(purpose, measure, values)
            assert all(said.values())
            assert "ДИАГНОЗ" not in " ".join(said["body"])
    spoken = script("invite", "checkup", {**values, "телефон_клиники": "+73830000200"})
    assert any("+7\u00a0383\u00a0000-02-00" in line for line in spoken["body"])
    no_phone = script("invite", "checkup", {**values, "телефон_клиники": ""})
    assert not any("регистратуре" in line for line in no_phone["body"])


def test_the_page(signed_in: Callable[[str], Client], cast: SimpleNamespace, crowd: list[Person]) -> None:
    browser, page = signed_in("alina"), reverse("informing:calls")
    assert "Взять человека" in browser.get(page).content.decode()
    browser.post(reverse("informing:call-next"))
    shown = browser.get(page).content.decode()
    assert crowd[0].full_name in shown
    assert "12:00" in shown
    assert "+7 900 " in shown.replace(NBSP, " ")
    assert f"?person={crowd[0].pk}" in shown
    read = AuditLine.objects.filter(action="insured.card.read").get()
    assert (read.subject_id, read.purpose, read.details["part"]) == (str(crowd[0].pk), "informing", "calls")
    touch = Touch.objects.get(person_id=crowd[0].pk)
    later = {"touch": touch.id, "outcome": "call_later", "again_at": "завтра 10:00"}
    assert browser.post(reverse("informing:call-result"), later).url == page  # type: ignore[attr-defined]
    touch = Touch.objects.get(id=touch.id)
    assert touch.not_before == datetime(2026, 3, 12, 3, 0, tzinfo=UTC)
    assert crowd[1].full_name in browser.get(page).content.decode()
    again = browser.post(reverse("informing:call-result"), later)  # sent twice: the next person is not touched
    assert again.status_code == 302
    assert Attempt.objects.count() == 1
    assert browser.post(reverse("informing:call-result"), {"touch": 1}).status_code == 422
    browser.post(reverse("informing:call-release"))
    assert "Взять человека" in browser.get(page).content.decode()


@pytest.mark.parametrize(("who", "status"), [("sp2", 200), ("vera", 200), ("timur", 403), ("op1", 403)])
def test_who_calls(signed_in: Callable[[str], Client], place: SimpleNamespace, who: str, status: int) -> None:
    answer = signed_in(who).get(reverse("informing:calls"))
    assert answer.status_code == status


@pytest.mark.browser
def test_a_call_by_keys_alone(page: Page, site: str, signed_in_browser: Any, crowd: list[Person]) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    signed_in_browser("alina")
    page.goto(site + reverse("informing:calls"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=crowd[0].full_name)).to_be_visible()
    reasons = page.locator(".call-reasons")
    expect(reasons).to_be_hidden()
    page.keyboard.press("5")
    expect(reasons).to_be_visible()
    page.keyboard.press("A")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=crowd[1].full_name)).to_be_visible()
    page.keyboard.press("7")
    page.keyboard.type("завтра 11:00")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=crowd[2].full_name)).to_be_visible()
    page.keyboard.press("Minus")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Сейчас звонить некому")).to_be_visible()
    assert list(Attempt.objects.order_by("pk").values_list("outcome", "reason")) == [
        ("refused", "no_time"), ("call_later", ""), ("foreign_person", "")
    ]  # fmt: skip
