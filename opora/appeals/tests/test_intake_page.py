"""The page of intake: what it shows, what it keeps, what it registers."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.appeals import commonest
from opora.appeals.intake import NewParty
from opora.appeals.models import Appeal, ApprovalRule, Callback, Draft, Event, IntakeTime, Party, Relation
from opora.appeals.tests.test_register import question, registered
from opora.appeals.words import PartyRole
from opora.audit.models import AuditLine
from opora.audit.services import uuid7
from opora.knowledge.models import AnswerCard, CardText
from opora.organisations.models import Assignment, Organisation

type SignIn = Callable[[str | None], Client]


@pytest.fixture(autouse=True)
def _unlearned() -> None:
    commonest.forget()


@pytest.fixture
def alina(signed_in: SignIn, topics: SimpleNamespace) -> Client:
    return signed_in("alina")


def sheet(**fields: Any) -> dict[str, Any]:
    given = {
        "draft": str(uuid7()),
        "kind": "consultation",
        "topic": "t-policy",
        "channel": "hot_line",
        "next": "answered",
    }
    return {**given, "answer": "Полис действует.", "nameless": "on", **fields}


def test_the_page_opens_empty(alina: Client) -> None:
    page = alina.get("/appeals/new/").content.decode()

    assert "Получение полиса" in page
    assert not Draft.objects.exists(), "a page that was only looked at leaves nothing"


def test_the_page_of_a_person_is_a_reading_of_his_card(alina: Client, polina: Any) -> None:
    page = alina.get(f"/appeals/new/?person={polina.pk}").content.decode()

    assert "Соловьёва-Седая" in page
    assert "В этом году положена диспансеризация" in page
    line = AuditLine.objects.filter(action="insured.card.read").get()
    assert (line.subject_id, line.details) == (str(polina.pk), {"part": "intake"})


def test_a_stranger_does_not_exist(signed_in: SignIn, topics: SimpleNamespace, polina: Any) -> None:
    assert signed_in("vera").get(f"/appeals/new/?person={polina.pk}").status_code == 404
    assert signed_in("vera").post("/appeals/new/person/", {"pick": polina.pk}).status_code == 404


def test_a_typical_question_is_answered_in_one_post(alina: Client, polina: Any) -> None:
    sent = sheet(person=polina.pk, nameless="", identified="enp")
    response = alina.post("/appeals/new/", sent)

    appeal = Appeal.objects.get()
    assert response.headers["Location"] == f"/appeals/new/{sent['draft']}/"
    assert (appeal.stage, appeal.outcome, appeal.standing) == ("closed", "consulted", "identified")
    party = Party.objects.get()
    assert (party.person, party.surname, party.identified_how) == (polina, "Соловьёва-Седая", "name+birth+enp")
    assert AuditLine.objects.filter(action="insured.identification", result="done").exists()
    assert IntakeTime.objects.get().topic_code == "t-policy"
    assert appeal.number in alina.get(response.headers["Location"]).content.decode()


def test_pressed_twice_it_registers_once(alina: Client) -> None:
    sent = sheet()
    first, second = alina.post("/appeals/new/", sent), alina.post("/appeals/new/", sent)

    assert first.headers["Location"] == second.headers["Location"]
    assert Appeal.objects.count() == 1
    assert IntakeTime.objects.count() == 1


def test_of_a_nameless_caller_nothing_is_kept(alina: Client) -> None:
    alina.post("/appeals/new/", sheet())

    assert Appeal.objects.get().standing == "anonymous"
    assert not Party.objects.exists()


FAULTS = [
    ({"topic": ""}, "topic", "Выберите тему"),
    ({"nameless": ""}, "person", "Найдите человека"),
    ({"answer": ""}, "answer", "Карточки ответа к этой теме нет"),
    ({"topic": "t-waiting"}, "text", "Вопрос не типовой"),
    ({"next": "mine"}, "text", "Запишите, о чём говорит"),
    ({"next": "hand_over", "text": "Жалоба"}, "to", "Выберите, кому передать"),
    ({"next": "callback", "text": "Узнаю"}, "callback_at", "Напишите, когда перезвонить"),
    ({"birth_on": "31.02.1985"}, "birth_on", "31.02.1985 нет"),
    ({"received_at": "завтра 10:00"}, "received_at", "в будущем"),
    ({"kind": "complaint", "topic": "t-quality", "text": "Плохо"}, "", "Жалобу сразу не закрывают"),
    ({"origin": "other"}, "", "Назовите организацию"),
]


@pytest.mark.parametrize(("fields", "field", "sentence"), FAULTS)
def test_a_fault_is_told_beside_its_field_and_nothing_is_lost(
    alina: Client, fields: dict[str, Any], field: str, sentence: str
) -> None:
    response = alina.post("/appeals/new/", sheet(proxy_surname="Чижикова", **fields))

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert not field or f'href="#{field}"' in page
    assert "Чижикова" in page
    assert not Appeal.objects.exists()


def test_what_is_approved_first_is_taken_open_with_its_answer(
    alina: Client, cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    assert 'value="answered"' in alina.get("/appeals/new/").content.decode()
    ApprovalRule.objects.create(organisation=place.alfa, kind="consultation", is_needed=True)

    page = alina.get("/appeals/new/").content.decode()
    assert 'value="answered"' not in page
    assert "сначала утверждает руководитель" in page
    refused = alina.post("/appeals/new/", sheet(text="Где полис?"))
    assert refused.status_code == 422
    assert "возьмите обращение себе" in refused.content.decode()
    assert not Appeal.objects.exists()

    assert alina.post("/appeals/new/", sheet(next="mine", text="Где полис?")).status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.stage, appeal.owner) == ("in_work", cast.alina)
    assert (appeal.answers.get().text, appeal.answers.get().state) == ("Полис действует.", "draft")


def test_who_may_not_close_is_offered_to_take_it(alina: Client, cast: SimpleNamespace) -> None:
    role = cast.alina.assignment.role
    role.rights = [right for right in role.rights if right != "appeals:close"]
    role.save()

    page = alina.get("/appeals/new/").content.decode()
    assert 'value="answered"' not in page
    assert "закрывают другие сотрудники" in page
    assert alina.post("/appeals/new/", sheet(text="Где полис?")).status_code == 422


def test_a_complaint_is_taken_with_its_reasons(alina: Client, polina: Any, place: SimpleNamespace) -> None:
    alina.post(
        "/appeals/new/",
        sheet(
            person=polina.pk,
            nameless="",
            kind="complaint",
            topic="t-quality",
            text="Лечили плохо",
            reason_topic=["", "t-waiting"],
            reason_provider=[place.clinic.pk, ""],
            reason_provider_name=[place.clinic.name, "Частная"],
            reason_note=["", "ждал месяц"],
            next="mine",
        ),
    )

    appeal = Appeal.objects.get()
    rows = [(row.topic_code, row.provider_id, row.provider_name) for row in appeal.reasons.all()]
    assert (appeal.stage, appeal.kind) == ("in_work", "complaint")
    assert rows == [("t-quality", place.clinic.pk, "Поликлиника № 1"), ("t-waiting", None, "Частная")]


def test_handing_over_names_whom_and_why(alina: Client, place: SimpleNamespace) -> None:
    page = alina.get("/appeals/new/").content.decode()
    assert "СП2, СМО Альфа" in page
    assert f'value="org:{place.beta.pk}"' in page

    alina.post("/appeals/new/", sheet(next="hand_over", text="Нужен эксперт", to="line:sp2", why="Не типовой вопрос"))

    appeal = Appeal.objects.get()
    assert (appeal.line, appeal.owner, appeal.stage) == ("sp2", None, "registered")
    assert Event.objects.get(kind="handed_over").text == "Не типовой вопрос"


def test_a_closed_insurer_is_not_offered(alina: Client, place: SimpleNamespace) -> None:
    Organisation.objects.filter(pk=place.beta.pk).update(closed_on=timezone.localdate())
    assert f'value="org:{place.beta.pk}"' not in alina.get("/appeals/new/").content.decode()

    to = f"org:{place.beta.pk}"
    refused = alina.post("/appeals/new/", sheet(next="hand_over", text="Застрахован там", to=to, why="Там"))
    assert refused.status_code == 422
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("answer", ["", "Начатый ответ."])
def test_a_repeated_appeal_waits_in_the_queue_of_who_has_left(
    alina: Client, cast: SimpleNamespace, topics: SimpleNamespace, polina: Any, answer: str
) -> None:
    person = [NewParty.of_register(PartyRole.APPLICANT, polina)]
    earlier = registered(cast.sp2, question(topics, mine=True, parties=person))
    Assignment.objects.filter(employee=cast.sp2).update(until=timezone.localdate() - timedelta(days=1))

    again = {"person": polina.pk, "nameless": "", "repeats": str(earlier.id), "text": "Опять", "answer": answer}
    assert alina.post("/appeals/new/", sheet(next="hand_over", to="owner", why="Ведут", **again)).status_code == 302
    later = Appeal.objects.exclude(pk=earlier.id).get()
    assert (later.owner, later.line, later.stage) == (None, "sp2", "registered")


def test_a_promise_to_phone_back_is_a_row_with_an_owner(alina: Client, cast: SimpleNamespace) -> None:
    alina.post("/appeals/new/", sheet(next="callback", text="Узнать", callback_at="через час", phone="89000000001"))

    promise = Callback.objects.get()
    assert (promise.owner, promise.phone, promise.appeal.owner) == (cast.alina, "+79000000001", cast.alina)
    assert promise.due_at > timezone.now()
    assert Event.objects.filter(kind="callback_promised").exists()


def test_earlier_cases_are_shown_and_linked(alina: Client, polina: Any) -> None:
    alina.post("/appeals/new/", sheet(person=polina.pk, nameless="", next="mine", text="Нет талонов"))
    earlier = Appeal.objects.get()

    piece = alina.post("/appeals/new/person/", {"pick": polina.pk, "kind": "consultation"}).content.decode()
    assert earlier.number in piece
    assert "открытых 1" in piece
    alina.post(
        "/appeals/new/", sheet(person=polina.pk, nameless="", next="mine", text="Опять", repeats=str(earlier.pk))
    )

    later = Appeal.objects.exclude(pk=earlier.pk).get()
    assert later.is_repeat
    assert Relation.objects.get().earlier == earlier
    assert Event.objects.filter(kind="linked").count() == 2


def test_a_phone_finds_earlier_cases_of_a_nameless_caller(alina: Client) -> None:
    alina.post("/appeals/new/", sheet(next="mine", text="Нет талонов", phone="8 900 000-00-07"))

    piece = alina.post("/appeals/new/say/", {"phone": "+79000000007", "nameless": "on"}).content.decode()
    assert Appeal.objects.get().number in piece


def test_the_digit_keys_learn_from_the_journal(alina: Client, topics: SimpleNamespace) -> None:
    alina.post("/appeals/new/", sheet(topic="t-insurer", text="Как сменить"))
    commonest.forget()

    page = alina.get("/appeals/new/").content.decode()
    assert page.index("Выбор страховой") < page.index("Получение полиса")


def test_topics_are_found_by_words(alina: Client) -> None:
    piece = alina.post("/appeals/new/topics/", {"topic_q": "ожидание", "kind": "consultation"}).content.decode()
    assert "Сроки ожидания" in piece
    assert "Качество помощи" not in piece


def test_somebody_unknown_is_written_down_as_he_says(alina: Client) -> None:
    piece = alina.post("/appeals/new/person/", {"pick": "said", "q": "иванов пётр 14.03.85"}).content.decode()
    assert 'value="Иванов"' in piece
    assert 'value="14.03.1985"' in piece


def test_deny_without_the_right(signed_in: SignIn, topics: SimpleNamespace) -> None:
    assert signed_in("timur").get("/appeals/new/").status_code == 403
    assert signed_in("clerk").post("/appeals/new/", sheet()).status_code == 403


PIECES = [
    ("people", {"q": "соловьева 14.03.85"}, 16),
    ("topics", {"topic_q": "полис"}, 13),
    ("topic", {"pick": "t-policy"}, 16),
]


@pytest.mark.parametrize(("piece", "fields", "budget"), PIECES)
def test_pieces_cost_few_queries(
    alina: Client, polina: Any, django_assert_max_num_queries: Any, piece: str, fields: dict[str, str], budget: int
) -> None:
    alina.post(f"/appeals/new/{piece}/", fields)
    with django_assert_max_num_queries(budget):
        assert alina.post(f"/appeals/new/{piece}/", fields).status_code == 200


def test_the_page_costs_few_queries(alina: Client, polina: Any, django_assert_max_num_queries: Any) -> None:
    alina.get(f"/appeals/new/?person={polina.pk}")
    with django_assert_max_num_queries(21 + 2):  # each minute two packs are looked for anew
        alina.get(f"/appeals/new/?person={polina.pk}")


def test_an_approved_card_is_the_answer_when_nothing_else_was_written(alina: Client, place: SimpleNamespace) -> None:
    card = AnswerCard.objects.create(slug="policy-is-it-valid")
    text = CardText.objects.create(
        card=card,
        number=1,
        question="Действует ли полис?",
        topic_code="t-policy",
        body="Действует.",
        sources="Правила ОМС",
        is_verified=True,
        valid_since="2020-01-01",
    )
    AnswerCard.objects.filter(pk=card.pk).update(
        text=text, approved=text, approved_at=timezone.now(), status="approved"
    )

    assert "Действует ли полис?" in alina.post("/appeals/new/topic/", {"pick": "t-policy"}).content.decode()
    assert alina.post("/appeals/new/", sheet(answer="")).status_code == 302
    answer = Appeal.objects.get().answers.get()
    assert (answer.text, answer.card) == ("Действует.", "policy-is-it-valid")
