"""The rules and the decisions as people and programs see them."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.rights import Right
from opora.audit.models import AuditLine
from opora.insured.eligibility import facts
from opora.insured.eligibility.facts import Kind, Source
from opora.insured.models import Person, PersonCategory
from opora.partners import services
from opora.partners.models import ApiPartner


def plain(answer: Any) -> str:
    return answer.content.decode().replace("\xa0", " ")


@pytest.fixture
def visited(polina: Person) -> Iterator[date]:
    """A room above says she came today."""
    today = timezone.localdate(timezone=polina.zone)
    told = f"SELECT {polina.pk}, 'screening', date '{today}'"
    facts.register(Source(slug="test.visits", kind=Kind.VISIT, sql=told, is_complete=True))
    yield today
    facts.unregister("test.visits")


def test_the_page_of_a_person_says_what_is_due_and_why(signed_in: Any, polina: Person) -> None:
    page = plain(signed_in("alina").get(f"/insured/{polina.pk}/"))
    assert "Осмотры в этом году" in page
    assert "Почему так" in page
    assert "Положена диспансеризация: в" in page
    assert "мы не знаем: спросите" in page
    assert "Записаться: Поликлиника № 1" in page


def test_a_known_visit_changes_the_page(signed_in: Any, polina: Person, visited: date) -> None:
    page = plain(signed_in("alina").get(f"/insured/{polina.pk}/"))
    assert f"пройдена {visited:%d.%m.%Y}" in page
    assert "мы не знаем" not in page


def test_nobody_invites_the_dead(signed_in: Any, polina: Person) -> None:
    Person.objects.filter(pk=polina.pk).update(died_on=date(2026, 1, 1))
    page = plain(signed_in("alina").get(f"/insured/{polina.pk}/"))
    assert "На осмотры не приглашаем: умер" in page
    assert "Положена диспансеризация" not in page


def test_the_rules_are_shown_with_their_standing(signed_in: Any) -> None:
    page = plain(signed_in("alina").get("/insured/eligibility/?on=01.03.2026"))
    for words in ("Диспансеризация молодых", "от 18 до 39 лет", "404н, п. 5", "по умолчанию", "версия 2026.2"):
        assert words in page, words
    assert "работающий пенсионер" in page
    assert "На этот день правил нет" not in page
    assert "На этот день правил нет" in plain(signed_in("alina").get("/insured/eligibility/?on=01.03.2030"))


def test_the_rules_are_reached_from_the_terms_of_law(signed_in: Any) -> None:
    assert 'href="/insured/eligibility/"' in plain(signed_in("alina").get("/deadlines/terms/"))


@pytest.mark.parametrize("on", ["32.13.2026", "завтра-послезавтра", "\x00"])
def test_a_day_that_is_no_day_does_no_harm(signed_in: Any, on: str) -> None:
    assert signed_in("alina").get("/insured/eligibility/", {"on": on}).status_code == 200


# programs


@pytest.fixture
def program(cast: SimpleNamespace, place: SimpleNamespace) -> Client:
    partner = ApiPartner.objects.create(
        name="МИС", organisation=place.alfa, rights=[Right.INSURED_VIEW], purpose="informing"
    )
    key = services.issue_key(partner, by=cast.alfa_admin)
    given = Client().post("/api/v1/session", {"key": key.text}, content_type="application/json").json()
    return Client(headers={"Authorization": f"Bearer {given['session']}"})


def test_a_program_reads_the_decisions_and_leaves_a_line(program: Client, polina: Person) -> None:
    PersonCategory.objects.create(person=polina, code="working_pensioner")
    answer = program.get(f"/api/v1/insured/{polina.pk}/eligibility")
    assert answer.status_code == 200
    found = {one["measure"]: one for one in answer.json()["measures"]}
    assert found["screening"]["status"] == "due"
    assert (found["screening"]["pack"], found["screening"]["is_verified"]) == ("eligibility 2026.2", False)
    assert found["screening"]["where"] == "Поликлиника № 1"
    assert found["observation"]["status"] == "by_list"
    assert AuditLine.objects.get(action="insured.eligibility.read").subject_id == str(polina.pk)


def test_a_stranger_is_not_found_and_the_question_is_kept(program: Client, place: SimpleNamespace) -> None:
    stranger = Person.objects.create(territory=place.nsk, surname="Чужая", birth_on=date(1980, 1, 1), sex=2)
    assert program.get(f"/api/v1/insured/{stranger.pk}/eligibility").status_code == 404
    assert AuditLine.objects.get(action="insured.eligibility.read").result == "not_found"
