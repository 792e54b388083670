"""One question a step: nothing lost on the way, nothing sent twice, nothing left behind."""

import io
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.intake import NewAppeal, register
from opora.appeals.models import Answer, Party
from opora.doors import services
from opora.doors.models import Door, Message, MessageFile, Thread
from opora.doors.words import Kind, Rule
from opora.portal import limits
from opora.portal.models import Ask, AskFile, Tally
from opora.portal.services import drafts
from opora.portal.standing import standing

BASE = "/s/alfa/ask/"
STEPS = {
    "text": {"text": "Не записывают к кардиологу второй месяц, что делать?"},
    "help": {},
    "name": {"surname": "Соловьёва-Седая", "given_name": "Полина", "patronymic": "Андреевна"},
    "policy": {"birth_on": "14.03.1985", "enp": "5476410835001236"},
    "contact": {"phone": "8 900 000-00-01"},
    "files": {},
}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def walk(client: Client, *, upto: str = "check", **changed: dict[str, Any]) -> None:
    for step, given in {**STEPS, **changed}.items():
        if step == upto:
            return
        answer = client.post(BASE if step == "text" else f"{BASE}{step}/", given)
        assert answer.status_code == 302, (step, answer.content.decode())


def send(client: Client) -> Any:
    return client.post(f"{BASE}check/", {"consent": "on"}, follow=True)


def test_a_question_is_asked_and_its_state_is_seen(client: Client, sites: SimpleNamespace, polina: Any) -> None:
    walk(client)
    page = send(client).content.decode()
    thread = Thread.objects.get()
    ask = Ask.objects.get()
    assert ask.number in page
    assert ask.code in page
    assert "30 дней" in page
    message = Message.objects.get(thread=thread)
    assert message.text.startswith("Не записывают")
    assert "5476 4108 3500 1236" in message.text
    assert thread.person_id == polina.pk
    assert not thread.is_identified
    assert thread.correspondent == "+79000000001"
    assert ask.answers == {}
    seen = client.post("/s/alfa/state/", {"number": ask.number.lower(), "code": ask.code}).content.decode()
    assert "Получено, ждёт сотрудника" in seen


def test_who_wrote_of_anothers_appeal_does_not_see_it_by_his_code(
    client: Client, sites: SimpleNamespace, topics: Any, cast: SimpleNamespace
) -> None:
    walk(client)
    send(client)
    ask, thread = Ask.objects.get(), Thread.objects.get()
    new = NewAppeal(kind="consultation", topic=topics.policy, channel="internet", mine=True)
    done = register(new, by=cast.alina)
    Answer.objects.create(
        appeal_id=done.id, kind="final", state="sent", channel="internet", text="Ответ заявителю.",
        created_at=timezone.now(), sent_at=timezone.now(), created_by=cast.alina,
    )  # fmt: skip
    services.link(thread.pk, done.number, is_applicants=False, by=cast.alina)

    seen = standing(ask.number, ask.code)

    assert seen is not None
    assert (seen.number, seen.words, seen.said) == (ask.number, "Зарегистрировано", [])
    assert standing(done.number, ask.code) is None
    services.link(thread.pk, done.number, is_applicants=True, by=cast.alina)
    his = standing(done.number, ask.code)
    assert his is not None
    assert [one.text for one in his.said] == ["Ответ заявителю."]


def test_a_door_that_registers_gives_the_number_of_the_journal(
    client: Client, sites: SimpleNamespace, place: SimpleNamespace, topics: Any
) -> None:
    Door.objects.create(
        organisation=place.alfa, kind=Kind.SITE, slug="site", title="Сайт", rule=Rule.APPEAL,
        appeal_kind="consultation", topic=topics.policy.code,
    )  # fmt: skip
    walk(client)
    page = send(client).content.decode()
    appeal = Thread.objects.get().appeal
    assert appeal is not None
    assert appeal.number in page
    party = Party.objects.get(appeal=appeal)
    assert (party.surname, party.given_name, party.phone) == ("Соловьёва-Седая", "Полина", "+79000000001")
    assert (party.birth_on, party.enp) == (date(1985, 3, 14), "5476410835001236")
    seen = client.post("/s/alfa/state/", {"number": appeal.number, "code": Ask.objects.get().code}).content.decode()
    assert "Зарегистрировано" in seen
    assert f"{appeal.due_on:%d.%m.%Y}" in seen.replace("\u00a0", " ")


def test_sent_twice_it_is_one(client: Client, sites: SimpleNamespace) -> None:
    walk(client)
    first, second = send(client), send(client)
    assert first.redirect_chain[-1] == second.redirect_chain[-1]
    assert first.content == second.content
    assert Message.objects.count() == 1
    assert client.get(f"{BASE}name/").headers["Location"] == f"{BASE}done/"


def test_back_and_again_replaces_and_loses_nothing(client: Client, sites: SimpleNamespace) -> None:
    walk(client)
    assert "кардиологу" in client.get(BASE).content.decode()
    assert "Соловьёва-Седая" in client.get(f"{BASE}name/").content.decode()
    client.post(f"{BASE}name/", {"surname": "Иная", "given_name": "Анна"})
    page = client.get(f"{BASE}check/").content.decode()
    assert "Иная" in page
    assert "Соловьёва" not in page
    assert "14.03.1985" in page


def test_a_step_that_was_left_out_is_asked_for(client: Client, sites: SimpleNamespace) -> None:
    walk(client, upto="contact")
    assert client.get(f"{BASE}check/").headers["Location"] == f"{BASE}contact/"
    refused = client.post(f"{BASE}contact/", {})
    assert refused.status_code == 422
    assert "иначе мы не сможем ответить" in refused.content.decode()


def test_without_consent_nothing_leaves(client: Client, sites: SimpleNamespace) -> None:
    walk(client)
    assert client.post(f"{BASE}check/", {}).status_code == 422
    assert not Message.objects.exists()


def test_answers_come_before_the_question(client: Client, sites: SimpleNamespace) -> None:
    walk(client, upto="help", text={"text": "На госуслугах нет полиса, что мне делать"})
    page = client.get(f"{BASE}help/").content.decode()
    assert "Отзовите согласие" in page
    assert "вопрос решён" in page
    client.post(f"{BASE}helped/")
    assert not Ask.objects.exists()
    walk(client, upto="name", text={"text": "Благодарю участкового врача за внимание."})
    assert client.get(f"{BASE}help/").headers["Location"] == f"{BASE}name/", "nothing fits: not asked"


def test_files_are_checked_as_those_of_the_journal(client: Client, sites: SimpleNamespace) -> None:
    walk(client)

    def put(name: str, content: bytes) -> Any:
        file = io.BytesIO(content)
        file.name = name
        return client.post(f"{BASE}files/", {"files": file})

    assert put("снимок.png", PNG).status_code == 302
    for name, content in (("вирус.exe", b"MZ"), ("снимок.png", b"<html>"), ("a.zip", b"PK\x03\x04"), ("a.pdf", b"")):
        assert put(name, content).status_code == 422
    for number in range(1, drafts.MOST_FILES):
        assert put(f"{number}.png", PNG).status_code == 302
    assert "не больше 5 файлов" in put("ещё.png", PNG).content.decode()
    removed = AskFile.objects.order_by("-pk")[0]
    client.post(f"{BASE}files/", {"remove": removed.pk})
    send(client)
    assert MessageFile.objects.exclude(sha256="").count() == drafts.MOST_FILES - 1
    assert not AskFile.objects.exists()


def test_a_key_of_another_opens_nothing(client: Client, sites: SimpleNamespace) -> None:
    walk(client)
    stranger = Client()
    for key in ("", "x" * 32, "\x00", client.cookies["ask"].value + "x"):
        stranger.cookies["ask"] = key
        assert stranger.get(f"{BASE}check/").headers["Location"] == BASE
    stranger.cookies["ask"] = client.cookies["ask"].value
    assert stranger.get("/s/nsk/ask/check/").headers["Location"] == "/s/nsk/ask/", "it belongs to its site"
    cookie = client.cookies["ask"]
    assert cookie["httponly"]
    assert cookie["path"] == "/s/alfa/"


def test_a_draft_is_seen_by_the_program_alone(client: Client, sites: SimpleNamespace, cast: SimpleNamespace) -> None:
    walk(client)
    with enter(cast.boris.scope):
        assert not Ask.objects.exists()
    with enter(Scope()):
        assert not Ask.objects.exists()


def test_drafts_and_tallies_are_forgotten(client: Client, sites: SimpleNamespace) -> None:
    walk(client)
    assert drafts.forget_old() == 0
    Ask.objects.update(touched_at=timezone.now() - timedelta(days=2))
    assert client.get(f"{BASE}check/").headers["Location"] == BASE
    assert drafts.forget_old() == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_tally SET since = since - interval '2 days'")
    assert limits.forget_old() > 0
    assert not Tally.objects.exists()


def test_a_shut_door_keeps_the_draft(client: Client, sites: SimpleNamespace, place: SimpleNamespace) -> None:
    Door.objects.create(organisation=place.alfa, kind=Kind.SITE, slug="site", title="Сайт", is_active=False)
    walk(client)
    refused = send(client)
    assert refused.status_code == 503
    assert "не принимаются" in refused.content.decode()
    Door.objects.update(is_active=True)
    assert "принято" in send(client).content.decode()


def test_floods_end_with_a_sentence(client: Client, sites: SimpleNamespace) -> None:
    answers = [Client().post(BASE, STEPS["text"]).status_code for _ in range(limits.ASK_BY_ADDRESS.most + 2)]
    assert answers == [302] * limits.ASK_BY_ADDRESS.most + [429] * 2
    assert Ask.objects.count() == limits.ASK_BY_ADDRESS.most


def test_one_address_fills_no_database_with_files(
    client: Client, sites: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = limits.Limit("attach.address", 2, 60)
    monkeypatch.setattr(limits, "ATTACH_BY_ADDRESS", few)
    walk(client)
    answers = [client.post(f"{BASE}files/", {"files": SimpleUploadedFile(f"{one}.png", PNG)}) for one in range(3)]
    assert [one.status_code for one in answers] == [302, 302, 422]
    assert "Слишком много попыток" in answers[-1].content.decode()
    assert AskFile.objects.count() == few.most
    assert "принято" in send(client).content.decode()


WRONG = [("С-00000000", ""), ("", "BBBBB-BBBBB"), ("'; --", "<script>"), ("\x00", "\x00"), ("x" * 500, "B" * 500)]


@pytest.mark.parametrize(("number", "code"), WRONG)
def test_every_refusal_is_the_same(client: Client, sites: SimpleNamespace, number: str, code: str) -> None:
    walk(client)
    send(client)
    ask = Ask.objects.get()
    answer = client.post("/s/nsk/state/", {"number": number or ask.number, "code": code or ask.code})
    assert answer.status_code == 422
    assert ask.code not in answer.content.decode() or not code


def test_ten_thousand_guesses_cost_little(client: Client, sites: SimpleNamespace) -> None:
    guess = {"number": "С-00000000", "code": "BBBBB-BBBBB"}
    answers = {client.post("/s/alfa/state/", guess).status_code for _ in range(limits.STATE_BY_NUMBER.most)}
    assert answers == {422}
    refused = client.post("/s/alfa/state/", guess)
    assert refused.status_code == 429
    assert "Подождите" in refused.content.decode()


def test_one_number_is_one_number_however_it_is_written(client: Client, sites: SimpleNamespace) -> None:
    ways = ("С-00000000", "с 00000000", "C00000000", "С--00000000", " С-0000 0000 ")  # the third with a Latin letter
    guesses = [ways[place % len(ways)] for place in range(limits.STATE_BY_NUMBER.most + 1)]
    answers = [client.post("/s/alfa/state/", {"number": one, "code": "BBBBB-BBBBB"}).status_code for one in guesses]
    assert answers == [422] * limits.STATE_BY_NUMBER.most + [429]


def test_a_delivery_is_asked_for_by_the_same_steps(client: Client, sites: SimpleNamespace) -> None:
    page = client.get("/s/alfa/delivery/").content.decode()
    assert "шаг 1 из 6" in page
    first = client.post("/s/alfa/delivery/", {"category": "limited_mobility"})
    assert first.status_code == 302, first.content.decode()
    for step, given in (
        ("address", {"address": "Новосибирск, ул. Ленина, 1, кв. 5", "hours": "10–13"}),
        ("name", STEPS["name"]),
        ("policy", STEPS["policy"]),
        ("contact", STEPS["contact"]),
    ):
        assert client.post(f"{BASE}{step}/", given).status_code == 302
    assert "принято" in send(client).content.decode()
    message = Message.objects.get()
    assert message.subject == "Доставка полиса"
    assert "ул. Ленина" in message.text
