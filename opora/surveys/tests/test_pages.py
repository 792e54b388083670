"""Pages of the room: who opens them, a round from draft to results, the phone, the link, paper and the tablet."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.models import Appeal
from opora.audit.models import AuditLine
from opora.surveys import sealing, services
from opora.surveys.matters import rounds_to_close
from opora.surveys.models import Attempt, Cell, Invitee, Round, Sheet, Survey, SurveyVersion, Waiting
from opora.surveys.services.rounds import digest
from opora.surveys.tests.conftest import NOON, QUESTIONS, TODAY, crowd
from opora.surveys.tests.test_rounds import TOWN, end

type SignIn = Callable[[str | None], Client]
STEPS = [["yes"], ["5"], ["speed", "care"], ["no"]]

WHO_SEES = [
    ("", "boris", 200), ("", "alina", 200), ("", "timur", 200), ("", "op1", 403), ("", "clerk", 403), ("", None, 302),
    ("new/", "boris", 200), ("new/", "alina", 403), ("calls/", "alina", 200), ("calls/", "timur", 403),
    ("questionnaires/", "alina", 200), ("size/", "alina", 200), ("size/?margin=5&population=500", "alina", 200),
    ("size/?margin=x", "alina", 200),
]  # fmt: skip


@pytest.mark.parametrize(("address", "who", "status"), WHO_SEES)
def test_who_sees(signed_in: SignIn, address: str, who: str | None, status: int) -> None:
    assert signed_in(who).get(f"/surveys/{address}").status_code == status


@pytest.mark.parametrize(("who", "status"), [("boris", 200), ("alina", 200), ("vera", 404), ("admin", 200)])
def test_whose_round(signed_in: SignIn, place: Any, running: Any, who: str, status: int) -> None:
    crowd(place, 2)
    asked = running(wanted=1)
    assert signed_in(who).get(f"/surveys/{asked.pk}/").status_code == status


def test_a_round_shows_no_names(signed_in: SignIn, place: Any, running: Any) -> None:
    crowd(place, 2)
    asked = running(wanted=1)
    for address in ("", f"{asked.pk}/", "calls/"):
        assert "Опросова" not in signed_in("alina").get(f"/surveys/{address}").content.decode()


def test_a_round_on_pages(signed_in: SignIn, place: Any, survey: Survey, noon: Any) -> None:
    crowd(place, 5)
    boss = signed_in("boris")
    given = {
        "survey": survey.pk, "title": "Март", "since": "11.03.2026", "until": "31.03.2026", "modes": ["phone"],
        "source": "register", "wanted": "2", "reserve": "2",
    }  # fmt: skip
    assert boss.post("/surveys/new/", {**given, "until": "01.03.2026"}).status_code == 422
    assert boss.post("/surveys/new/", {**given, "source": "nobody"}).status_code == 422
    assert boss.post("/surveys/new/", given).status_code == 302
    asked = Round.objects.get()
    here = f"/surveys/{asked.pk}/"
    assert "Посчитано: 5 человек" in boss.post(f"{here}acts/sample/", follow=True).content.decode()
    assert Cell.objects.get().planned == 2
    assert "изменил другой" in boss.post(f"{here}acts/launch/", {"lock": 99}, follow=True).content.decode()
    assert "Опрос начат" in boss.post(f"{here}acts/launch/", {"lock": asked.lock}, follow=True).content.decode()
    assert boss.get(f"{here}results/").status_code == 302, "not before the end"
    assert boss.get(f"{here}results/xlsx/").status_code == 404
    asked.refresh_from_db()
    assert "Итоги открыты" in boss.post(f"{here}acts/close/", {"lock": asked.lock}, follow=True).content.decode()
    assert "слишком мало" in boss.get(f"{here}results/").content.decode()
    assert boss.post(f"{here}acts/riddle/").status_code == 404


def step(client: Client, page: Any, address: str, answer: list[str] | str, **more: Any) -> Any:
    state = re.search(r'name="state" value="([^"]+)"', page.content.decode())
    invitee = re.search(r'name="invitee" value="(\d+)"', page.content.decode())
    data = {"state": state[1] if state else "", "step": "next", "answer": answer, **more}
    return client.post(address, data | ({"invitee": invitee[1]} if invitee else {}))


def test_an_interview_on_pages(signed_in: SignIn, place: Any, running: Any) -> None:
    crowd(place, 3)
    asked = running(wanted=2)
    alina, where = signed_in("alina"), "/surveys/calls/step/"
    page = alina.post("/surveys/calls/next/", follow=True)
    person = Invitee.objects.get(state="held").person
    assert person.full_name in page.content.decode()
    assert AuditLine.objects.filter(action="insured.card.read", subject_id=str(person.pk)).exists()
    page = step(alina, page, where, [], step="begin")
    assert "Вы обращались к врачу?" in page.content.decode()
    assert step(alina, page, where, []).status_code == 422
    page = step(alina, page, where, ["no"])
    page = step(alina, page, where, ["5"])
    assert "Не обращались, но оценили врача." in page.content.decode()
    page = step(alina, page, where, [], step="back")
    assert re.search(r'value="5"\s+checked', page.content.decode())
    page = step(alina, page, where, [], step="back")
    for answer in STEPS:
        page = step(alina, page, where, answer)
    assert "Сохранить, следующий" in page.content.decode()
    with enter(place_scope(asked)):
        services.new_version(asked.survey_id, {**QUESTIONS, "hello": "Иначе."}, by=asked.by)
        services.change_version(asked.pk, lock=asked.lock, by=asked.by)
    page = step(alina, page, where, [], step="back")
    assert "Анкета изменилась" in page.content.decode()
    page = step(alina, page, where, ["no"])
    page = step(alina, page, where, [], step="save")
    assert page.status_code == 302
    assert Waiting.objects.count() == 1
    assert Invitee.objects.filter(state="held").count() == 1, "the next person is there"
    assert step(alina, page, where, [], step="begin").status_code == 302, "the page of the first person is no more"
    assert not Appeal.objects.exists()


def place_scope(asked: Round) -> Any:
    assert asked.by is not None
    return asked.by.scope


def test_a_page_of_one_person_is_not_anothers(signed_in: SignIn, place: Any, running: Any) -> None:
    crowd(place, 3)
    running(wanted=3)
    alina, where = signed_in("alina"), "/surveys/calls/step/"
    page = step(alina, alina.post("/surveys/calls/next/", follow=True), where, [], step="begin")
    first = Invitee.objects.get(state="held")
    alina.post("/surveys/calls/result/", {"invitee": first.pk, "outcome": "refused"})
    second = Invitee.objects.get(state="held")
    told = step(alina, page, where, ["yes"], invitee=second.pk)
    assert told.status_code == 302
    assert not Waiting.objects.exists()


def test_how_calls_end_on_pages(signed_in: SignIn, place: Any, running: Any) -> None:
    crowd(place, 3)
    running(wanted=3)
    alina = signed_in("alina")
    alina.post("/surveys/calls/next/")
    row = Invitee.objects.get(state="held")
    given = {"invitee": row.pk, "outcome": "later", "again_at": "завтра 23:30"}
    assert alina.post("/surveys/calls/result/", given).status_code == 422
    assert alina.post("/surveys/calls/result/", {**given, "again_at": "когда-нибудь"}).status_code == 422
    assert alina.post("/surveys/calls/result/", {**given, "outcome": "magic"}).status_code == 422
    assert alina.post("/surveys/calls/result/", {**given, "again_at": "завтра 12:00"}).status_code == 302
    assert Attempt.objects.get().outcome == "later"
    assert alina.post("/surveys/calls/release/").status_code == 302
    assert not Invitee.objects.filter(state="held").exists()


@pytest.fixture
def link(place: Any, running: Any) -> str:
    """The link of the first of two people."""
    crowd(place, 2)
    asked = running(wanted=1, modes=["link"])
    row = Invitee.objects.filter(round=asked).order_by("rank")[0]
    Invitee.objects.filter(pk=row.pk).update(state="sent", token_hash=digest("key"))
    return "/surveys/a/key/"


def walked(client: Client, address: str) -> Any:
    page = step(client, client.get(address), address, [], step="begin")
    for answer in STEPS:
        page = step(client, page, address, answer)
    return page


def test_a_link_is_answered_once(link: str, client: Client) -> None:
    other = Client()
    begun = walked(other, link)
    page = walked(client, link)
    assert "Отправить ответы" in page.content.decode()
    assert "Спасибо" in step(client, page, link, [], step="save").content.decode()
    again = step(other, begun, link, [], step="save")
    assert again.status_code == 409
    assert "уже ответили" in again.content.decode()
    assert client.get(link).status_code == 409
    assert "key" not in str(sealing.unseal(Waiting.objects.get().sealed, "box"))


def test_a_link_when_the_group_is_full(link: str, client: Client) -> None:
    page = walked(client, link)
    Cell.objects.update(done=1)
    told = step(client, page, link, [], step="save")
    assert "уже собрано" in told.content.decode()
    assert Invitee.objects.filter(state="over").count() == 1
    assert not Waiting.objects.exists()


@pytest.mark.parametrize("address", ["/surveys/a/other/", "/surveys/a/%00/", "/surveys/post/x/", "/surveys/post/%00/"])
def test_a_link_that_is_none(system: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_damaged_page_begins_anew(link: str, client: Client) -> None:
    told = client.post(link, {"step": "next", "state": "испорчено", "answer": "yes"})
    assert told.status_code == 422
    assert "устарела" in told.content.decode()


def test_a_link_ends_with_its_round(link: str, client: Client, cast: SimpleNamespace) -> None:
    end(cast.boris, Round.objects.get())
    assert client.get(link).status_code == 404


LATER = NOON + timedelta(days=31)  # a day after the last one of the rounds here


def test_after_its_last_day_a_link_asks_nobody_new(link: str, client: Client, noon: Any) -> None:
    page = walked(client, link)
    noon(LATER)
    late = Client().get(link)
    assert (late.status_code, "Опрос закончился" in late.content.decode()) == (410, True)
    assert Client().post(link, {"step": "begin"}).status_code == 410
    assert "Спасибо" in step(client, page, link, [], step="save").content.decode(), "who has begun may end"


@pytest.fixture
def desk(running: Any) -> Round:
    """A round on paper and a tablet, with nobody to be called."""
    made: Round = running(modes=["paper", "post"], source="nobody", wanted=0)
    return made


def test_paper_is_entered_by_digits(signed_in: SignIn, desk: Round) -> None:
    alina, where = signed_in("alina"), f"/surveys/{desk.pk}/entry/"
    assert re.search(r"2\s+внимание", alina.get(where).content.decode())
    sheet = {"version": desk.version_id, "q1": "1", "q2": "5", "q3": "1,2", "q4": "2", "q5": ""}
    assert alina.post(where, {**sheet, "q3": "9"}).status_code == 422
    odd = alina.post(where, {**sheet, "q1": "2"})
    assert "Не обращались, но оценили врача." in odd.content.decode()
    assert odd.status_code == 422
    assert alina.post(where, {**sheet, "q1": "2", "as_written": "on"}).status_code == 302
    assert alina.post(where, {**sheet, "q2": "", "q4": ""}).status_code == 302, "paper may lack answers"
    assert alina.post(where, {"version": desk.version_id}).status_code == 422
    assert alina.post(where, {**sheet, "version": "0"}).status_code == 422
    assert Waiting.objects.count() == 2
    assert Cell.objects.get(number=0).done == 2
    assert "обведите" in alina.get(f"/surveys/{desk.pk}/paper/").content.decode().lower()
    assert signed_in("vera").get(where).status_code == 404


def test_a_tablet_asks_again_and_again(signed_in: SignIn, desk: Round, client: Client) -> None:
    shown = signed_in("boris").post(f"/surveys/{desk.pk}/post/").content.decode()
    [address] = set(re.findall(r"/surveys/post/[\w-]+/", shown))
    assert address.split("/")[3] not in Round.objects.get().post_hash
    for _ in range(2):
        page = client.get(address)
        for answer in STEPS:
            page = step(client, page, address, answer)
        told = step(client, page, address, [], step="save").content.decode()
        assert 'http-equiv="refresh"' in told
    assert Waiting.objects.count() == 2
    signed_in("boris").post(f"/surveys/{desk.pk}/post/")
    assert client.get(address).status_code == 404, "a new key replaces the former"


def test_after_the_last_day_a_tablet_is_silent_and_paper_goes_on(
    signed_in: SignIn, desk: Round, client: Client, noon: Any
) -> None:
    key = re.findall(r"/surveys/post/[\w-]+/", signed_in("boris").post(f"/surveys/{desk.pk}/post/").content.decode())[0]
    noon(LATER)
    late = client.get(key)
    assert (late.status_code, "Опрос закончился" in late.content.decode()) == (410, True)
    sheet = {"version": desk.version_id, "q1": "1", "q2": "5", "q3": "1,2", "q4": "2", "q5": ""}
    assert signed_in("alina").post(f"/surveys/{desk.pk}/entry/", sheet).status_code == 302
    assert "Срок опроса вышел" in signed_in("boris").get(f"/surveys/{desk.pk}/").content.decode()


def test_who_leads_a_round_is_reminded_to_close_it(
    signed_in: SignIn, desk: Round, cast: SimpleNamespace, noon: Any, django_assert_num_queries: Any
) -> None:
    def said(who: Any) -> list[str]:
        with enter(who.scope):
            return [matter.text for matter in rounds_to_close(who)]

    assert said(cast.boris) == []
    noon(LATER)
    with enter(cast.boris.scope), django_assert_num_queries(1):
        list(rounds_to_close(cast.boris))
    assert said(cast.boris) == ["Опросы, срок которых вышел: 1. Завершите их"]
    assert said(cast.vera) == []
    end(cast.boris, desk)
    assert said(cast.boris) == []


def test_after_the_last_day_nobody_new_is_called(signed_in: SignIn, place: Any, running: Any, noon: Any) -> None:
    crowd(place, 3)
    running(wanted=2)
    alina = signed_in("alina")
    alina.post("/surveys/calls/next/")
    held = Invitee.objects.get(state="held")
    noon(LATER)
    alina = signed_in("alina")
    assert "Опросова" in alina.get("/surveys/calls/").content.decode(), "who is on the line is talked to"
    alina.post("/surveys/calls/result/", {"invitee": held.pk, "outcome": "refused"})
    assert not Invitee.objects.filter(state="held").exists()
    page = alina.get("/surveys/calls/").content.decode()
    assert "Срок опроса «Март» вышел" in page
    assert "Взять человека" not in page


def test_own_questionnaires(signed_in: SignIn, system: None, cast: Any) -> None:
    boss = signed_in("boris")
    ready = Survey.objects.get(code="public_opinion")
    assert "не сверен" in boss.get(f"/surveys/questionnaires/{ready.pk}/").content.decode()
    assert boss.post(f"/surveys/questionnaires/{ready.pk}/document/", {"content": "{}"}).status_code == 422
    assert boss.post(f"/surveys/questionnaires/{ready.pk}/copy/", {"title": "Наш"}).status_code == 302
    own = Survey.objects.get(title="Наш")
    where = f"/surveys/questionnaires/{own.pk}/document/"
    assert boss.post(where, {"content": "нет"}).status_code == 422
    assert boss.post(where, {"content": '{"questions": []}'}).status_code == 422
    assert boss.get(where).status_code == 200
    assert boss.post(where, {"content": '{"questions": [{"code": "a", "kind": "scale", "text": "?", "source": "мы"}]}'}).status_code == 302  # fmt: skip  # noqa: E501
    assert SurveyVersion.objects.filter(survey=own).count() == 2
    assert signed_in("alina").get(where).status_code == 403
    assert signed_in("admin").get(f"/surveys/questionnaires/{own.pk}/").status_code == 200


GARBAGE = ["?after=x", "?after=%00", "questionnaires/?after=x", "new/?survey=x", "size/?margin=%00"]


@pytest.mark.parametrize("query", GARBAGE)
def test_garbage_in_the_address_is_no_fault(signed_in: SignIn, query: str) -> None:
    assert signed_in("boris").get(f"/surveys/{query}").status_code == 200


def test_the_list_asks_little(signed_in: SignIn, place: Any, running: Any, django_assert_max_num_queries: Any) -> None:
    crowd(place, 2)
    running(wanted=1)
    client = signed_in("boris")
    client.get("/surveys/")
    with django_assert_max_num_queries(18):
        client.get("/surveys/")
    assert Sheet.objects.count() == 0
    assert TOWN
    assert timezone.localdate() == TODAY
