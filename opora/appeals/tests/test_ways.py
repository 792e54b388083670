"""Where an appeal should go: offered with a reason where it is handed over, carried with all that is known."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.appeals import card, routing, ways
from opora.appeals.intake import NewParty, NewReason
from opora.appeals.models import Answer, Appeal, Callback, Event, Route
from opora.appeals.tests.test_intake_page import sheet
from opora.appeals.tests.test_register import complaint, question, registered
from opora.appeals.ways import Way
from opora.appeals.words import PartyRole
from opora.audit.services import uuid7
from opora.organisations.models import Organisation

WHY = "Человек застрахован в другой страховой: отвечает она."


@pytest.fixture
def alina(signed_in: Any, topics: SimpleNamespace) -> Client:
    client: Client = signed_in("alina")
    return client


@pytest.fixture
def betas_person(place: SimpleNamespace) -> NewParty:
    """Insured by Beta, as he says; not in the register of Alfa."""
    return NewParty(surname="Чужой", given_name="Пётр", insurer_id=place.beta.pk, phone="+79000000009")


def offered(appeal_id: Any, who: Any) -> list[Way]:
    pair = card.find(Appeal.objects.get(pk=appeal_id).number, who)
    assert pair
    return ways.of_card(card.of(*pair, who), who)


def test_intake_offers_ranked_ways_with_reasons(alina: Client) -> None:
    page = alina.post("/appeals/new/ways/", sheet(topic="t-waiting", kind="complaint"))
    [way] = page.context["ways"]
    assert (way.key, way.title, way.value) == ("1", "На линию СП2", "line:sp2")
    assert "Нарушены сроки ожидания" in page.content.decode()
    [own] = alina.post("/appeals/new/ways/", sheet()).context["ways"]
    assert (own.title, own.fill, own.href) == ("Ответить самим по карточке", "", "#answer")
    assert alina.post("/appeals/new/ways/", sheet(topic="")).context["ways"] == []


def test_an_open_case_of_the_person_comes_first_and_is_linked(
    alina: Client, cast: SimpleNamespace, topics: SimpleNamespace, polina: Any
) -> None:
    first = registered(cast.sp2, question(topics, mine=True, parties=[NewParty(person_id=polina.pk)]))
    data = sheet(person=polina.pk, nameless="", text="Снова о полисе")
    way = alina.post("/appeals/new/ways/", data).context["ways"][0]
    assert first.number in way.why
    fill = {"to": "owner", "repeats": str(first.id)}
    assert way.fill == ways.json.dumps(fill)
    sent = alina.post("/appeals/new/", {**data, **fill, "why": way.why, "next": "hand_over"})
    assert sent.status_code == 302
    again = Appeal.objects.exclude(pk=first.id).get()
    assert (again.owner, again.line) == (cast.sp2, "sp2")


def test_a_line_only_the_routes_name_is_taken(
    signed_in: Any, place: SimpleNamespace, topics: SimpleNamespace, polina: Any
) -> None:
    client, to = signed_in("op1"), f"org:{place.alfa.pk}:sp3"
    Route.objects.filter(send_to="insurer").update(line="sp3")
    data = sheet(topic="t-waiting", person=polina.pk, nameless="", text="О сроках", next="hand_over", why="К эксперту")
    offered = client.post("/appeals/new/ways/", data).context["ways"]
    assert [way.value for way in offered] == ["line:op2", to]
    assert client.post("/appeals/new/", {**data, "to": f"org:{place.alfa.pk}:sp1"}).status_code == 422
    assert client.post("/appeals/new/", {**data, "to": to}).status_code == 302
    assert (Appeal.objects.get().handler, Appeal.objects.get().line) == (place.alfa, "sp3")


def test_a_card_offers_other_places_only(
    cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace, betas_person: NewParty
) -> None:
    appeal_id = registered(cast.alina, question(topics, parties=[betas_person])).id
    best, own = offered(appeal_id, cast.alina)
    assert (best.key, best.title, best.why) == ("1", "СМО Бета, СП2", WHY)
    assert f'"handler": {place.beta.pk}' in best.fill
    assert (own.key, own.href.endswith("/acts/prepare_answer/")) == ("2", True)
    there = registered(cast.alina, question(topics, topic=topics.waiting, line="sp2")).id
    assert offered(there, cast.alina) == [], "it waits at the second level already"


def test_to_another_territory_one_writes(
    signed_in: Any, cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    far = Organisation.objects.create(kind="insurer", code="22001", name="СМО Гамма", territory=place.alt)
    appeal_id = registered(cast.op1, complaint(topics, parties=[NewParty(surname="Дальний", insurer_id=far.pk)])).id
    way = offered(appeal_id, cast.op1)[0]
    assert (way.title, way.fill) == ("ТФОМС Алтайского края", "")
    form = signed_in("op1").get(way.href).context["form"]
    assert (form["outside"].value(), form["to_name"].value()) == ("territory", "ТФОМС Алтайского края")


def test_to_the_clinic_of_the_person_one_writes(
    signed_in: Any, cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace, polina: Any
) -> None:
    Route.objects.create(position=1, send_to="provider", why="Ответит клиника", since=timezone.localdate())
    routing.forget()
    person = [NewParty.of_register(PartyRole.APPLICANT, polina)]
    appeal_id = registered(cast.sp2, question(topics, parties=person, mine=True)).id
    way = offered(appeal_id, cast.sp2)[0]
    assert (way.title, way.fill) == ("Поликлиника № 1", "")
    form = signed_in("sp2").get(way.href).context["form"]
    assert (form["outside"].value(), form["to_organisation"].value()) == ("provider", str(place.clinic.pk))

    reasons = [NewReason(topic=topics.quality, provider_id=place.clinic.pk)]
    accused = registered(cast.sp2, complaint(topics, parties=person, reasons=reasons, mine=True)).id
    assert all(way.title != "Поликлиника № 1" for way in offered(accused, cast.sp2))


def test_what_is_known_goes_with_it_and_is_shown_to_who_gets_it(
    signed_in: Any, cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace, betas_person: NewParty
) -> None:
    done = registered(cast.alina, question(topics, parties=[betas_person]))
    at = f"/appeals/{done.number}/acts/hand_over/"
    given = {"handler": place.beta.pk, "line": "sp2", "why": WHY, "identity": "name+birth+document"}
    past = signed_in("alina").post(at, {"version": 1, **given, "callback_at": "вчера 10:00"})
    assert past.status_code == 422
    assert "позже этой минуты" in past.content.decode()
    more = {"callback_at": "через час", "draft": "Полис меняют…", "call_id": "rec-2026-07-0042"}
    sent = signed_in("alina").post(at, {"version": 1, **given, **more})
    assert sent.status_code == 302

    promise = Callback.objects.get(appeal=done.id)
    assert (promise.organisation, promise.owner, promise.phone) == (place.beta, None, "+79000000009")
    assert timedelta(minutes=59) < promise.due_at - timezone.now() < timedelta(minutes=61)
    page = signed_in("vera").get(f"/appeals/{done.number}/").content.decode()
    known = ("сверены ФИО, дата рождения и документ", "перезвонить до", "начат ответ", "rec-2026-07-0042")
    for part in ("Вам передали", WHY, *known):
        assert part in page, part
    assert "Передано:" in signed_in("op1").get(f"/appeals/{done.number}/").content.decode()


def test_intake_hands_over_with_a_promise_of_the_other_organisation(
    alina: Client, cast: SimpleNamespace, place: SimpleNamespace, polina: Any
) -> None:
    data = sheet(person=polina.pk, nameless="", identified="enp", text="О полисе", next="hand_over", why="Не наш")
    sent = alina.post("/appeals/new/", {**data, "to": f"org:{place.beta.pk}", "promised_at": "через час"})
    assert sent.status_code == 302
    promise = Callback.objects.get()
    assert (promise.organisation, promise.phone) == (place.beta, "+79000000001")
    appeal = Appeal.objects.get()
    assert (appeal.handler, appeal.line, appeal.owner) == (place.beta, "sp2", None)
    kinds = list(Event.objects.order_by("at").values_list("kind", flat=True))
    assert kinds == ["registered", "handed_over", "callback_promised"]
    assert Event.objects.get(kind="handed_over").details["identity"] == "name+birth+enp"
    nameless = sheet(text="О полисе", next="hand_over", why="Не наш", to="line:sp2", promised_at="через час")
    assert "Запишите номер" in alina.post("/appeals/new/", nameless).content.decode()


def test_intake_carries_what_is_known_with_and_without_a_promise(
    alina: Client, signed_in: Any, place: SimpleNamespace, polina: Any
) -> None:
    known = sheet(person=polina.pk, nameless="", identified="enp", text="О полисе", next="hand_over", why="Не наш")
    known |= {"to": f"org:{place.beta.pk}", "call_id": "rec-7", "answer": ""}
    for more in ({}, {"answer": "Полис меняют там, где выдали", "draft": str(uuid7())}):
        assert alina.post("/appeals/new/", {**known, **more}).status_code == 302
    for appeal in Appeal.objects.all():
        details = Event.objects.get(appeal=appeal, kind="handed_over").details
        assert (appeal.call_id, details["call_id"], details["identity"]) == ("rec-7", "rec-7", "name+birth+enp")
    assert Answer.objects.get().text == "Полис меняют там, где выдали"
    pages = [signed_in("vera").get(f"/appeals/{one.number}/").content.decode() for one in Appeal.objects.all()]
    assert ["rec-7" in page and "личность: сверены" in page for page in pages] == [True, True]
    assert sum("начат ответ" in page for page in pages) == 1


def test_an_identity_known_before_is_not_asked_again(
    signed_in: Any, cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    """Words of a file or a program are kept as they came."""
    party = NewParty(surname="Чужой", given_name="Пётр", identified_how="ЕНП и дата рождения")
    done = registered(cast.alina, question(topics, parties=[party], line="sp2", handed_over_why="Нужна сверка"))
    for who in ("alina", "sp2"):
        assert "личность: ЕНП и дата рождения" in signed_in(who).get(f"/appeals/{done.number}/").content.decode()
    page = signed_in("alina").get(f"/appeals/{done.number}/acts/hand_over/")
    assert '<option value="ЕНП и дата рождения" selected' in page.content.decode()
