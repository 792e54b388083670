"""Whose insured: one shape of the answer, a limited number of tries, nothing of a person kept or shown."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opora.audit.models import AuditLine
from opora.insured.models import Person
from opora.portal import limits
from opora.portal.models import Tally

ADDRESS = "/s/nsk/insurer/"
NAME = {
    "by": "name", "name-surname": "соловьева-седая", "name-given_name": "Полина",
    "name-patronymic": "Андреевна", "name-birth_on": "14.03.1985",
}  # fmt: skip


def by_policy(enp: str) -> dict[str, str]:
    return {"by": "policy", "policy-enp": enp}


@pytest.mark.parametrize("asked", [by_policy("5476 4108 3500 1236"), NAME])
def test_the_insurer_is_named_and_nothing_else(client: Client, sites: SimpleNamespace, polina: Any, asked: Any) -> None:
    page = client.post(ADDRESS, asked).content.decode()
    assert "Ваша страховая компания" in page
    assert "СМО Альфа" in page
    assert "кабинет 114" in " ".join(page.split())
    for fact in ("Полина", "Соловь", "5476", "14.03.1985", "Поликлиника № 2", "1985"):
        assert fact not in page


def test_who_is_not_found_is_sent_to_the_fund(client: Client, sites: SimpleNamespace, polina: Any) -> None:
    page = client.post(ADDRESS, {**NAME, "name-birth_on": "15.03.1985"}).content.decode()
    assert "не нашли" in page
    assert "ТФОМС Новосибирской области" in page


def test_found_or_not_costs_the_same(client: Client, sites: SimpleNamespace, polina: Any) -> None:
    client.post(ADDRESS, NAME)
    counts = []
    for asked in (NAME, {**NAME, "name-surname": "Нет"}):
        with CaptureQueriesContext(connection) as queries:
            assert client.post(ADDRESS, asked).status_code == 200
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 1  # the fund has no posts whose hours would be read


def test_several_insurers_of_one_name_are_not_guessed(
    client: Client, sites: SimpleNamespace, polina: Any, place: SimpleNamespace
) -> None:
    Person.objects.create(
        territory=place.nsk, insurer=place.beta, surname="Соловьёва-Седая", given_name="Полина",
        patronymic="Андреевна", birth_on=polina.birth_on, sex=2,
    )  # fmt: skip
    assert "не нашли" in client.post(ADDRESS, NAME).content.decode()


def test_guessing_ends_with_a_sentence(client: Client, sites: SimpleNamespace, polina: Any) -> None:
    for number in range(limits.INSURER_BY_ADDRESS.most):
        assert client.post(ADDRESS, {**NAME, "name-surname": f"Чужая{number}"}).status_code == 200
    refused = client.post(ADDRESS, NAME)
    assert refused.status_code == 429
    assert "Подождите" in refused.content.decode()
    limits.forget_closed()  # a restart
    assert client.post(ADDRESS, NAME).status_code == 429
    with CaptureQueriesContext(connection) as queries:
        for _ in range(50):
            assert client.post(ADDRESS, NAME).status_code == 429
    assert len(queries) == 0, "a refused try asks the database nothing"
    assert client.post(ADDRESS, NAME, REMOTE_ADDR="10.1.1.1").status_code == 200
    assert AuditLine.objects.filter(action="portal.too_often").count() == 2


def test_one_person_is_not_asked_about_from_everywhere(client: Client, sites: SimpleNamespace, polina: Any) -> None:
    answers = [
        client.post(ADDRESS, NAME, REMOTE_ADDR=f"10.1.1.{number}").status_code
        for number in range(limits.INSURER_BY_QUESTION.most + 1)
    ]
    assert answers == [200] * limits.INSURER_BY_QUESTION.most + [429]


def test_what_is_kept_names_nobody(client: Client, sites: SimpleNamespace, polina: Any) -> None:
    client.post(ADDRESS, NAME)
    kept = " ".join(f"{row.what} {row.mark}" for row in Tally.objects.all())
    line = AuditLine.objects.get(action="portal.insurer.asked")
    assert line.details == {"by": "name", "is_found": True, "site": "nsk"}
    assert line.subject_id == ""
    for fact in ("127.0.0.1", "соловь", "1985"):
        assert fact not in kept


def test_an_ipv6_household_is_one_caller() -> None:
    class Fake:
        headers: dict[str, str] = {}

        def __init__(self, address: str) -> None:
            self.META = {"REMOTE_ADDR": address}

    places = {limits.place(Fake(f"2001:db8:1:2::{number}")) for number in (1, 2)}  # type: ignore[arg-type]
    assert places == {"2001:db8:1:2::/64"}
    assert limits.place(Fake("::ffff:192.0.2.7")) == "192.0.2.7"  # type: ignore[arg-type]
    assert limits.place(Fake("nonsense")) == ""  # type: ignore[arg-type]
