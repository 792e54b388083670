"""Own sessions, the assignment, the purpose."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from conftest import PASSWORD
from opora.audit.models import AuditLine
from opora.organisations.models import Assignment, Role


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    cache.clear()


def browser(login: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": login, "password": PASSWORD})
    return client


def test_she_sees_her_sessions_and_ends_another(cast: SimpleNamespace) -> None:
    here, there = browser("alina"), browser("alina")
    other = UserSession.objects.get(session_key=there.session.session_key)
    assert str(other.ip) in here.get("/me/sessions/").content.decode()
    assert here.post(f"/me/sessions/{other.pk}/end/").status_code == 302
    assert there.get("/me/sessions/").status_code == 302
    assert here.get("/me/sessions/").status_code == 200
    assert AuditLine.objects.filter(action="entrance.session.ended").exists()


def test_she_ends_all_others_at_once(cast: SimpleNamespace) -> None:
    here, there, elsewhere = browser("alina"), browser("alina"), browser("alina")
    here.post("/me/sessions/")
    assert [client.get("/me/sessions/").status_code for client in (here, there, elsewhere)] == [200, 302, 302]


def test_nobody_ends_a_strangers_session(cast: SimpleNamespace) -> None:
    alina, vera = browser("alina"), browser("vera")
    foreign = UserSession.objects.get(session_key=vera.session.session_key)
    assert alina.post(f"/me/sessions/{foreign.pk}/end/").status_code == 404
    assert vera.get("/me/sessions/").status_code == 200


def test_a_new_password_ends_the_other_sessions(cast: SimpleNamespace) -> None:
    here, there = browser("alina"), browser("alina")
    new = {"oldpassword": PASSWORD, "password1": "Zimnij-Les-7", "password2": "Zimnij-Les-7"}
    assert here.post("/me/password/", new).status_code == 302
    assert here.get("/me/sessions/").status_code == 200
    assert there.get("/me/sessions/").status_code == 302


@pytest.fixture
def second(cast: SimpleNamespace, place: SimpleNamespace) -> Assignment:
    return Assignment.objects.create(
        employee=cast.alina,
        organisation=place.branch,
        role=Role.objects.get(slug="supervisor"),
        since=date(2024, 1, 1),
    )


def test_she_chooses_as_whom_to_work(signed_in: Any, cast: SimpleNamespace, second: Assignment) -> None:
    client = signed_in("alina")
    assert "СП1" in client.get("/me/purpose/").content.decode()
    assert client.post("/me/assignment/", {"assignment": second.pk, "next": "/me/sessions/"}).url == "/me/sessions/"
    page = client.get("/me/sessions/")
    assert page.wsgi_request.user.assignment == second
    assert page.wsgi_request.purpose == "quality"
    line = AuditLine.objects.get(action="entrance.assignment")
    assert (line.role, line.organisation_name) == ("supervisor", "СМО Альфа, филиал")


def test_a_foreign_assignment_is_not_taken(signed_in: Any, cast: SimpleNamespace) -> None:
    client = signed_in("alina")
    foreign = Assignment.objects.get(employee=cast.vera)
    assert client.post("/me/assignment/", {"assignment": foreign.pk}).status_code == 422
    assert client.get("/me/sessions/").wsgi_request.user.assignment.employee_id == cast.alina.pk


def test_an_ended_assignment_falls_back_to_the_first(signed_in: Any, cast: SimpleNamespace, second: Assignment) -> None:
    client = signed_in("alina")
    client.post("/me/assignment/", {"assignment": second.pk})
    Assignment.objects.filter(pk=second.pk).update(until=date(2024, 2, 1))
    assert client.get("/me/sessions/").wsgi_request.user.assignment.role.slug == "sp1"


WHO_HAS_WHICH_PURPOSE = [("alina", "appeal"), ("sp3", "control"), ("timur", ""), ("auditor", "")]


@pytest.mark.parametrize(("who", "why"), WHO_HAS_WHICH_PURPOSE)
def test_the_usual_purpose_of_a_role(signed_in: Any, who: str, why: str) -> None:
    assert signed_in(who).get("/me/sessions/").wsgi_request.purpose == why


def test_a_stated_purpose_lasts_and_reaches_the_log(signed_in: Any) -> None:
    client = signed_in("timur")
    assert client.post("/me/purpose/", {"purpose": "nonsense"}).status_code == 422
    assert client.post("/me/purpose/", {"purpose": "inspection", "next": "//evil.example"}).url == "/"
    assert client.get("/me/sessions/").wsgi_request.purpose == "inspection"
    assert AuditLine.objects.get(action="entrance.purpose").purpose == "inspection"
