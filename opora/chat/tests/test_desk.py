"""An employee takes, answers, passes on and ends talks; the transcript is in the journal as a consultation."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from opora.appeals.models import Appeal, ApprovalRule, Callback, Draft, File
from opora.appeals.words import Stage
from opora.chat import queries, rules, services
from opora.chat.errors import NobodyWaits, NoSuchColleague, NotYours, TakenByColleague
from opora.chat.models import Line, Talk
from opora.chat.services._writing import NewLine
from opora.chat.tests.conftest import KEY, Citizen
from opora.chat.words import Ending, Level, State
from opora.classifiers.words import Channel, Kind


@pytest.fixture
def talk(citizen: Citizen) -> Talk:
    citizen.say("Где получить полис?", name="Полина Соловьёва", phone="8 900 000-00-01")
    return Talk.objects.get()


@pytest.fixture
def taken(talk: Talk, cast: SimpleNamespace) -> Talk:
    return services.take(talk.pk, by=cast.alina)


def answer(talk: Talk, text: str, by: Any) -> Line:
    written, _ = services.answer(talk.pk, NewLine(uuid4(), text), by=by)
    return written


def others(number: int) -> list[Talk]:
    """Talks of other citizens, the first has waited longest."""
    for one in range(number):
        Citizen(key=f"{one:02d}{KEY[2:]}", address=f"192.0.2.{one + 20}").say(f"Вопрос {one}")
    return list(Talk.objects.waiting().order_by("waiting_since", "pk"))


def test_a_talk_is_taken_once_and_the_citizen_is_told_by_whom(
    talk: Talk, citizen: Citizen, cast: SimpleNamespace
) -> None:
    services.take(talk.pk, by=cast.alina)
    assert services.take(talk.pk, by=cast.alina).owner == cast.alina, "pressed twice"
    with pytest.raises(TakenByColleague):
        services.take(talk.pk, by=cast.sp2)
    told = citizen.lines()
    assert told["talk"]["who"] == "Алина"
    assert [line["text"] for line in told["lines"] if line["kind"] == "event"] == ["Вам отвечает Алина."]
    assert "Алиева" not in str(told), "the surname of an employee is not for the site"


def test_the_next_is_who_has_waited_longest(places: SimpleNamespace, cast: SimpleNamespace) -> None:
    first, second = others(2)
    assert services.take_next(by=cast.alina) == first
    assert services.take_next(by=cast.alina) == second, "several talks stand side by side"
    with pytest.raises(NobodyWaits):
        services.take_next(by=cast.alina)
    assert list(queries.talks_of(cast.alina)) == [first, second]


def test_an_answer_sent_again_is_one_line_and_reading_is_told(
    taken: Talk, citizen: Citizen, cast: SimpleNamespace, signed_in: Any
) -> None:
    desk, line = signed_in("alina"), {"id": str(uuid4()), "text": "В любом офисе."}
    address = f"/chat/{taken.pk}/"
    sent = [desk.post(address + "lines/", line, content_type="application/json").status_code for _ in range(3)]
    assert sent == [201, 200, 200]
    assert citizen.texts() == ["Где получить полис?", "В любом офисе."]
    assert desk.get(address + "lines/").json()["talk"]["read"] == 0
    assert citizen.post("reading/", {"number": 3}).status_code == 204
    assert desk.get(address + "lines/").json()["talk"]["read"] == 3
    citizen.post("reading/", {"number": 1})
    citizen.post("reading/", {"number": 10**8})
    assert desk.get(address + "lines/").json()["talk"]["read"] == 3, "no more than there is, never less"
    desk.post(address + "reading/", {"number": 2}, content_type="application/json")
    assert citizen.lines()["talk"]["read"] == 2


def test_another_house_and_another_employee_have_no_pane(taken: Talk, signed_in: Any) -> None:
    address = f"/chat/{taken.pk}/"
    for who, status in (("vera", 404), ("op1", 404), ("sp2", 404)):
        assert signed_in(who).get(address + "lines/").status_code == status, who
        body = {"id": str(uuid4()), "text": "x"}
        assert signed_in(who).post(address + "lines/", body, content_type="application/json").status_code == 404
    assert signed_in("sp2").get(address).status_code == 200, "a colleague may read the talk as a whole"
    assert signed_in("vera").get(address).status_code == 404


def test_handed_over_with_a_note_the_citizen_does_not_see(taken: Talk, citizen: Citizen, cast: SimpleNamespace) -> None:
    services.hand_over(taken.pk, cast.sp2, why="Спорит с отказом", by=cast.alina)
    taken.refresh_from_db()
    assert (taken.owner, taken.state) == (cast.sp2, State.TAKEN)
    with pytest.raises(NotYours):
        answer(taken, "поздно", cast.alina)
    assert "Спорит" not in str(citizen.lines())
    assert "Спорит" in str(queries.lines_after(taken, 0, is_citizen=False))
    for stranger in (cast.vera, cast.clerk):
        with pytest.raises(NoSuchColleague):
            services.hand_over(taken.pk, stranger, why="x", by=cast.sp2)


def test_the_second_level_takes_what_was_passed_on_first(
    taken: Talk, cast: SimpleNamespace, places: SimpleNamespace
) -> None:
    (waiting,) = others(1)
    services.return_to_queue(taken.pk, level=Level.SECOND, why="сложно", by=cast.alina)
    assert services.take_next(by=cast.alina) == waiting, "the first level does not take it"
    with pytest.raises(NobodyWaits):
        services.take_next(by=cast.alina)
    assert services.take_next(by=cast.sp2) == taken


def test_a_consultation_is_in_the_journal_with_its_transcript(
    taken: Talk, citizen: Citizen, cast: SimpleNamespace, topics: SimpleNamespace, signed_in: Any
) -> None:
    answer(taken, "В любом офисе, возьмите паспорт.", cast.alina)
    page = signed_in("alina").get(f"/chat/{taken.pk}/closing/")
    assert "Получение полиса" in page.content.decode()
    form = {"topic_code": topics.policy.code, "name": "Полина Соловьёва"}
    assert signed_in("alina").post(f"/chat/{taken.pk}/closing/", form).status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.kind, appeal.channel, appeal.stage) == (Kind.CONSULTATION, Channel.CHAT, Stage.CLOSED)
    text = appeal.content.text
    assert re.search(r"\d\d:\d\d Полина Соловьёва: Где получить полис\?", text)
    assert "Алиева Алина" in text
    assert "возьмите паспорт" in text
    taken.refresh_from_db()
    assert (taken.state, taken.ending, taken.appeal) == (State.CLOSED, Ending.CONSULTED, appeal)
    assert taken.forget_at is not None
    assert citizen.say("Спасибо").json()["code"] == "talk_closed"
    again = signed_in("alina").post(f"/chat/{taken.pk}/closing/", form)
    assert again.status_code == 422
    assert Appeal.objects.count() == 1


def test_where_answers_are_approved_first_the_consultation_stays_open(
    taken: Talk, cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace, signed_in: Any
) -> None:
    ApprovalRule.objects.create(organisation=place.alfa, kind="consultation", is_needed=True)
    answer(taken, "В любом офисе.", cast.alina)
    page = signed_in("alina").get(f"/chat/{taken.pk}/closing/").content.decode()
    assert "Ответ утвердит руководитель" in page
    assert signed_in("alina").post(f"/chat/{taken.pk}/closing/", {"topic_code": topics.policy.code}).status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.stage, appeal.owner) == (Stage.IN_WORK, cast.alina)
    assert appeal.answers.get().text == "В любом офисе."


def test_without_an_answer_there_is_no_consultation(taken: Talk, topics: SimpleNamespace, signed_in: Any) -> None:
    refused = signed_in("alina").post(f"/chat/{taken.pk}/closing/", {"topic_code": topics.policy.code})
    assert refused.status_code == 422
    assert "ещё ничего не ответили" in refused.content.decode()
    assert not Appeal.objects.exists()


def test_a_promise_to_phone_back_is_one_of_the_journal(
    taken: Talk, citizen: Citizen, topics: SimpleNamespace, signed_in: Any, cast: SimpleNamespace
) -> None:
    form = {"topic_code": topics.policy.code, "name": "Полина", "phone": "8 900 000-00-01", "due_at": "через час"}
    answered = signed_in("alina").post(f"/chat/{taken.pk}/callback/", form)
    assert answered.status_code == 302, answered.content.decode()
    promised = Callback.objects.get()
    assert (promised.owner, promised.phone) == (cast.alina, "+79000000001")
    assert promised.appeal.number in citizen.lines()["lines"][-1]["text"]


def test_a_talk_becomes_any_appeal_by_intake(taken: Talk, citizen: Citizen, cast: SimpleNamespace) -> None:
    draft = services.open_intake(taken.pk, by=cast.alina)
    assert services.open_intake(taken.pk, by=cast.alina) == draft
    body = Draft.objects.get(pk=draft).body
    assert body["channel"] == ["chat"]
    assert "Где получить полис?" in body["text"][0]
    citizen.say("Ещё одно")
    assert Talk.objects.get().state == State.TAKEN, "the talk goes on meanwhile"


def test_nothing_comes_of_it_for_a_reason(taken: Talk, signed_in: Any) -> None:
    desk = signed_in("alina")
    assert desk.post(f"/chat/{taken.pk}/dropping/", {"reason": "other"}).status_code == 422
    assert desk.post(f"/chat/{taken.pk}/dropping/", {"reason": "spam"}).status_code == 302
    taken.refresh_from_db()
    assert (taken.ending, taken.closed_why) == (Ending.NOTHING, "Реклама или шутка")
    assert desk.get("/chat/past/").status_code == 200


def test_what_the_citizen_sent_goes_along(citizen: Citizen, cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    png = b"\x89PNG\r\n\x1a\n" + b"0" * 64
    body = {"id": str(uuid4()), "text": "", "files": SimpleUploadedFile("отказ.png", png)}
    citizen.client.post(citizen.base + "lines/", body, headers=citizen.headers)
    talk = services.take_next(by=cast.alina)
    answer(talk, "Видим отказ.", cast.alina)
    services.consult(talk.pk, topic=topics.policy, by=cast.alina)
    assert File.objects.get().name == "отказ.png"
    assert "[файл: отказ.png]" in Appeal.objects.get().content.text


def test_talks_are_forgotten_when_their_time_is_over(taken: Talk, cast: SimpleNamespace) -> None:
    services.drop(taken.pk, why="Реклама", by=cast.alina)
    assert services.forget() == 0
    Talk.objects.update(forget_at=timezone.now() - timedelta(seconds=1))
    assert services.forget() == 1
    assert not Line.objects.exists()


def test_the_desk_shows_the_queue_and_her_panes(talk: Talk, signed_in: Any, cast: SimpleNamespace) -> None:
    page = signed_in("alina").get("/chat/").content.decode()
    assert "Где получить полис?" in page
    assert "У вас нет разговоров" in page
    assert "Где получить полис?" not in signed_in("vera").get("/chat/").content.decode()
    moved = signed_in("alina").post("/chat/next/")
    assert moved["Location"] == f"/chat/#t-{talk.pk}"
    assert f'data-talk="{talk.pk}"' in signed_in("alina").get("/chat/").content.decode()


def test_a_long_transcript_keeps_its_end(places: SimpleNamespace) -> None:
    zone, now = places.alfa.organisation.zone, timezone.now()
    told = [rules.Told(now, "Полина", f"строка {number} " + "я" * 100) for number in range(400)]
    text = rules.transcript(told, zone)
    assert len(text) == rules.LONGEST_TRANSCRIPT
    assert text.startswith("(начало")
    assert "строка 399" in text
