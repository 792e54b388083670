import json

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory

from opora.shared import refusals

STATUSES = sorted(refusals.REFUSALS)


@pytest.mark.parametrize("status", STATUSES)
def test_people_get_a_page_that_says_what_why_and_what_next(client, db, status):
    answer = client.get(f"/ui/refusal/{status}/")
    about = refusals.REFUSALS[status]
    assert answer.status_code == status
    for sentence in (about.title, about.text, about.advice):
        assert sentence in answer.content.decode()


def test_htmx_gets_a_toast(client, db):
    answer = client.get("/ui/refusal/409/", headers={"HX-Request": "true"})
    news = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert (answer.status_code, news["state"], news["text"]) == (409, "late", refusals.REFUSALS[409].text)
    assert answer.headers["HX-Trigger"].isascii()


@pytest.mark.parametrize(("path", "accept"), [("/api/x", "*/*"), ("/x", "application/json")])
def test_machines_get_code_and_message(path, accept):
    request = RequestFactory().get(path, headers={"Accept": accept})
    answer = refusals.refused(request, 409, sentence="Обращение уже закрыто.", code="already_closed")
    assert json.loads(answer.content) == {"code": "already_closed", "message": "Обращение уже закрыто."}


def test_the_refusal_page_escapes_the_sentence():
    request = RequestFactory().get("/x")
    answer = refusals.permission_denied(request, PermissionDenied("<script>alert(1)</script>"))
    assert b"<script>alert" not in answer.content


def test_unknown_address_and_forged_form(db):
    assert Client().get("/no/such/page/").status_code == 404
    forged = Client(enforce_csrf_checks=True).post("/look/", {"theme": "dark"})
    assert forged.status_code == 403
    assert "Страница устарела" in forged.content.decode()


def test_the_page_of_a_breakdown_needs_no_database():
    # No db fixture: any query here is an error of pytest-django.
    answer = refusals.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert refusals.REFUSALS[500].title in answer.content.decode()
