"""The desk of each role."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from opora.audit.services import record
from opora.insured.models import ImportRun, MatchTask
from opora.organisations.models import Assignment, Employee
from opora.shared.attention import MANY, Few, few

SignIn = Callable[[str | None], Client]
EVERYBODY = ["alina", "timur", "sp2", "sp3", "boris", "op1", "op2", "filial", "clerk", "admin", "auditor", "ministry"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_has_a_desk(signed_in: SignIn, who: str) -> None:
    answer = signed_in(who).get("/")
    assert answer.status_code == 200
    assert "Что можно сделать" in answer.content.decode()


WHAT_THEY_BEGIN = [
    ("alina", {"insured:new", "organisations:list", "deadlines:waiting"}),
    ("sp2", {"surveys:calls", "policies:new"}),
    ("timur", {"organisations:list", "deadlines:waiting"}),
    ("alfa_admin", {"organisations:new_employee", "organisations:roles"}),
]


@pytest.mark.parametrize(("who", "offered"), WHAT_THEY_BEGIN)
def test_the_desk_offers_only_what_the_role_may(signed_in: SignIn, who: str, offered: set[str]) -> None:
    client = signed_in(who)
    actions = client.get("/").context["actions"]
    assert offered <= {action.url_name for action in actions}
    assert all(client.get(action.url).status_code == 200 for action in actions)


def test_people_opened_lately_come_back_latest_first(signed_in: SignIn, cast: SimpleNamespace, polina: Any) -> None:
    assert signed_in("alina").get("/").context["opened"] == []
    for _ in range(3):
        record("insured.card.read", polina, by=cast.alina)
    (found,) = signed_in("alina").get("/").context["opened"]
    assert found.person == polina
    assert signed_in("sp2").get("/").context["opened"] == []


def test_a_card_that_is_no_longer_hers_is_not_named(signed_in: SignIn, cast: SimpleNamespace, polina: Any) -> None:
    record("insured.card.read", polina, by=cast.vera)
    assert signed_in("vera").get("/").context["opened"] == []


def test_an_administrator_sees_who_cannot_enter(signed_in: SignIn, cast: SimpleNamespace) -> None:
    AccessAttempt.objects.create(username="alina", ip_address="10.0.0.1", user_agent="", failures_since_start=10)

    def says(who: str) -> bool:
        return "Алиева А. не может войти" in signed_in(who).get("/").content.decode()

    assert says("alfa_admin")
    assert says("admin")
    assert not says("boris")
    assert not says("vera")


def test_assignments_that_end_soon(signed_in: SignIn, cast: SimpleNamespace) -> None:
    soon = timezone.localdate() + timedelta(days=5)
    Assignment.objects.filter(employee=cast.alina).update(until=soon)
    assert "Алиева А.: последний день" in signed_in("alfa_admin").get("/").content.decode()
    assert "Ваше назначение действует" in signed_in("alina").get("/").content.decode()
    Assignment.objects.filter(employee=cast.alina).update(until=soon + timedelta(days=30))
    assert "последний день" not in signed_in("alfa_admin").get("/").content.decode()


def test_nobody_counts_beyond_a_hundred(db: None, django_assert_num_queries: Any) -> None:
    Employee.objects.bulk_create(
        Employee(login=f"many{number}", surname="Многих", given_name="Ева") for number in range(MANY + 5)
    )
    with django_assert_num_queries(1):
        assert str(few(Employee.objects.all())) == "99+"
    assert not Few(0)
    assert str(Few(7)) == "7"


def test_the_desk_has_a_budget(signed_in: SignIn, django_assert_max_num_queries: Any) -> None:
    client = signed_in("admin")
    client.get("/")
    with django_assert_max_num_queries(42):
        client.get("/")


def test_files_and_rows_that_wait(signed_in: SignIn, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    states = ImportRun.State
    for state in (states.BROKEN, states.READING, states.DONE):
        run = ImportRun.objects.create(organisation=place.alfa, file_name=f"{state}.csv", state=state)
    MatchTask.objects.create(run=run, organisation=place.alfa, line=2, why="двое похожих", fingerprint="1", given={})

    def said(who: str) -> list[tuple[str, str]]:
        matters = signed_in(who).get("/").context["matters"]
        return [(matter.state, matter.text) for matter in matters if "строк" in matter.text or "Файл" in matter.text]

    rows = ("today", "Ждут разбора строк: 1")
    assert said("alfa_admin") == [
        ("late", "Файл broken.csv прерван"),
        rows,
        ("now", "Файл reading.csv: читаем файл"),
    ]
    assert said("boris") == [rows]  # a supervisor matches, but loads nothing
    assert said("alina") == []
    assert said("vera") == []
