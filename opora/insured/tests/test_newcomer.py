"""A new card: who is like him is shown before it is saved; a stranger is his insurer and nothing more."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.insured.duplicates import likenesses
from opora.insured.elsewhere import insurer_of_stranger
from opora.insured.models import Person, PersonChange
from opora.organisations.models import HotLine, Role

NEW = {
    "surname": "новикова", "given_name": "нина", "patronymic": "", "birth_on": "290200", "sex": "2",
    "enp": "2248 2997 9400 0428", "snils": "", "language": "ru", "time_zone": "",
    "policy_kind": "3", "policy_number": "", "policy_since": "вчера",
}  # fmt: skip


@pytest.fixture
def alina(signed_in: Any, polina: Person) -> Client:
    return signed_in("alina")


@pytest.fixture
def form(place: SimpleNamespace) -> dict[str, str]:
    return NEW | {"insurer": str(place.alfa.pk)}


@pytest.mark.parametrize(("who", "status"), [("alina", 200), ("op1", 200), ("timur", 403), ("clerk", 403), (None, 302)])
def test_who_may_add(signed_in: Any, who: str | None, status: int) -> None:
    assert signed_in(who).get("/insured/new/").status_code == status


def test_whoever_has_no_purpose_says_it_first(alina: Client, cast: SimpleNamespace, form: dict[str, str]) -> None:
    Role.objects.filter(slug="sp1").update(default_purpose="")

    assert alina.get("/insured/new/").url.startswith("/me/purpose/")
    assert alina.post("/insured/new/alike/", form).url.startswith("/me/purpose/")


def test_a_card_is_made(alina: Client, form: dict[str, str], place: SimpleNamespace) -> None:
    answer = alina.post("/insured/new/", form)

    assert answer.status_code == 302, strip_tags(answer.content.decode())
    person = Person.objects.get(surname="Новикова")
    assert answer.url == f"/insured/{person.pk}/"
    assert (person.given_name, person.birth_on, person.insurer) == ("Нина", date(2000, 2, 29), place.alfa)
    assert alina.get(answer.url).status_code == 200


SAME = [
    ({"surname": "Соловьева Седая", "given_name": "полина", "birth_on": "14.03.85", "enp": ""}, "то же имя"),
    ({"snils": "112 233 445 95"}, "тот же СНИЛС"),
    ({"enp": "5476-4108-3500-1236"}, "тот же ЕНП"),
]


@pytest.mark.parametrize(("typed", "why"), SAME)
def test_he_may_be_here_already(
    alina: Client, polina: Person, form: dict[str, str], typed: dict[str, str], why: str
) -> None:
    typed = form | {"policy_number": "5476410835001236"} | typed
    hint = alina.post("/insured/new/alike/", typed).content.decode()
    assert why in hint
    assert f"/insured/{polina.pk}/" in hint

    answer = alina.post("/insured/new/", typed)
    assert answer.status_code == 422
    assert "Похожие люди уже есть" in answer.content.decode()
    assert Person.objects.count() == 1
    assert AuditLine.objects.filter(action="insured.alike").count() == 2


def test_a_namesake_is_another_person(alina: Client, polina: Person, form: dict[str, str]) -> None:
    typed = form | {"surname": "Соловьёва-Седая", "given_name": "Полина", "birth_on": "14.03.1985", "another": "on"}

    assert alina.post("/insured/new/", typed).status_code == 302
    assert Person.objects.count() == 2


def test_the_same_enp_is_never_another_person(alina: Client, polina: Person, form: dict[str, str]) -> None:
    answer = alina.post("/insured/new/", form | {"enp": "5476410835001236", "another": "on"})

    assert answer.status_code == 422
    assert "Человек с таким ЕНП уже есть в регистре" in answer.content.decode()
    assert not PersonChange.objects.exists()


BAD = [
    ({"policy_since": "завтра"}, "Полис ещё не действует"),
    ({"enp": "", "policy_number": ""}, "Напишите номер полиса или ЕНП"),
    ({"birth_on": "завтра"}, "не может быть в будущем"),
    ({"insurer": "999999"}, "Выберите корректный вариант"),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD)
def test_a_bad_card_is_refused_in_words(alina: Client, form: dict[str, str], typed: Any, sentence: str) -> None:
    answer = alina.post("/insured/new/", form | typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Person.objects.count() == 1


def test_an_insurer_registers_for_itself(alina: Client, form: dict[str, str], place: SimpleNamespace) -> None:
    assert alina.post("/insured/new/", form | {"insurer": str(place.beta.pk)}).status_code == 422


def test_likenesses_take_one_query(cast: SimpleNamespace, polina: Person, django_assert_num_queries: Any) -> None:
    cast.alina.scope  # noqa: B018 - her assignment is read once a request
    with enter(cast.alina.scope), django_assert_num_queries(1):
        found = likenesses(by=cast.alina, enp=polina.enp, surname="x", given_name="y", birth_on=date(2000, 1, 1))
    assert [like.person for like in found] == [polina]


# a stranger


def test_a_stranger_is_his_insurer_and_nothing_more(
    signed_in: Any, polina: Person, place: SimpleNamespace, form: dict[str, str]
) -> None:
    HotLine.objects.create(organisation=place.alfa, phone="88005553535")
    page = signed_in("vera").post("/insured/new/alike/", form | {"enp": polina.enp}).content.decode()

    assert "Застрахован в другой организации: СМО Альфа" in page
    assert "800" in page
    for secret in ("Соловь", "Полина", "1985", "Поликлиника", str(polina.pk) + "/"):
        assert secret not in page
    line = AuditLine.objects.get(action="insured.elsewhere")
    assert (line.result, line.subject_id) == ("done", str(place.alfa.pk))


def test_the_search_tells_the_insurer_of_a_whole_number(signed_in: Any, polina: Person) -> None:
    vera = signed_in("vera")
    told = "Застрахован в другой организации: СМО Альфа"

    assert told in vera.post("/insured/search/", {"q": "5476 4108 3500 1236"}).content.decode()
    assert told not in vera.post("/insured/search/", {"q": "5476 4108 3500"}).content.decode()
    assert told not in signed_in("alina").post("/insured/search/", {"q": "5476 4108 3500 1236"}).content.decode()


STRANGERS = [
    ("vera", "5476410835001236", True),
    ("alina", "5476410835001236", False),  # hers: the search has found him
    ("filial", "5476410835001236", False),
    ("op1", "5476410835001236", False),  # the fund sees everybody of its territory
    ("far", "5476410835001236", False),  # another territory answers for itself
    ("ministry", "5476410835001236", False),
    ("vera", "5476410835001237", False),
    ("vera", "1236", False),
    ("vera", "2248299794000428", False),
]


@pytest.mark.parametrize(("who", "enp", "told"), STRANGERS)
def test_who_learns_of_a_stranger(cast: SimpleNamespace, polina: Person, who: str, enp: str, told: bool) -> None:
    employee = getattr(cast, who)
    with enter(employee.scope):
        found = insurer_of_stranger(enp, by=employee)
        assert not (told and Person.objects.exists()), "the system scope has leaked"
    assert (found is not None) is told


def test_the_scope_is_hers_again_after_the_question(cast: SimpleNamespace, polina: Person) -> None:
    with enter(cast.vera.scope):
        insurer_of_stranger(polina.enp or "", by=cast.vera)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('opora.sees')")
            assert cursor.fetchone() == ("insurer",)
