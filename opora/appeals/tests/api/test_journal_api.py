"""A contact centre's own program carries an appeal: once, in its place, no further than its eyes reach."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.access.rights import Right
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.models import Appeal, ApprovalRule, Event
from opora.audit.models import AuditLine
from opora.partners.models import KeptAnswer

QUESTION = {
    "kind": "consultation",
    "topic": "2.2",
    "channel": "hot_line",
    "text": "Действует ли бумажный полис?",
    "parties": [{"surname": "Соловьёва", "given_name": "Полина", "phone": "8 900 000-00-01"}],
}
CLOSED = {**QUESTION, "closing": {"outcome": "consulted", "answer": "Действует."}}
COMPLAINT = {"kind": "complaint", "topic": "6.1", "channel": "post", "text": "Лечили плохо."}


def test_a_typical_question_is_registered_and_closed(program: Callable[..., Any]) -> None:
    alfa = program()
    done = alfa.post("/appeals", CLOSED)
    assert done.status_code == 201
    read = alfa.get(f"/appeals/{done.json()['number']}").json()
    assert (read["stage"], read["text"], read["parties"][0]["phone"]) == (
        "closed",
        "Действует ли бумажный полис?",
        "+79000000001",
    )


def test_the_same_key_registers_once(program: Callable[..., Any]) -> None:
    alfa = program()
    first, second = (alfa.post("/appeals", QUESTION, key="call-7") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert Appeal.objects.count() == 1


def test_a_key_belongs_to_one_request_and_one_partner(program: Callable[..., Any]) -> None:
    alfa, beta = program(), program("beta")
    alfa.post("/appeals", QUESTION, key="call-7")
    other = alfa.post("/appeals", CLOSED, key="call-7")
    assert (other.status_code, other.json()["code"]) == (409, "key_of_another")
    assert beta.post("/appeals", QUESTION, key="call-7").status_code == 201
    assert Appeal.objects.count() == 2


def test_a_refusal_is_not_kept(program: Callable[..., Any]) -> None:
    alfa = program()
    refused = alfa.post("/appeals", {**QUESTION, "topic": "14.3"}, key="call-8")
    assert refused.status_code == 422
    assert not KeptAnswer.objects.exists()
    assert alfa.post("/appeals", QUESTION, key="call-8").status_code == 201


def test_a_program_registers_only_where_it_could_hand_over(program: Callable[..., Any], place: SimpleNamespace) -> None:
    alfa = program()
    accused = {**COMPLAINT, "reasons": [{"topic": "6.1", "provider": place.clinic.code}]}
    for body, code in [
        ({**accused, "handler": place.clinic.code}, "to_the_accused"),
        ({**QUESTION, "handler": place.other_fund.code}, "no_such_place"),
        ({**QUESTION, "handler": place.beta.code, "line": "op1"}, "no_such_place"),
        ({**CLOSED, "handler": place.beta.code}, "not_yours"),
    ]:
        assert alfa.post("/appeals", body).json()["code"] == code
    assert not Appeal.objects.exists()
    assert alfa.post("/appeals", {**accused, "handler": place.fund.code}).status_code == 201


def test_closing_at_registration_needs_the_right_to_close(program: Callable[..., Any]) -> None:
    refused = program(rights=[Right.APPEALS_REGISTER]).post("/appeals", CLOSED)
    assert (refused.status_code, refused.json()["code"]) == (403, "right_missing")
    assert not Appeal.objects.exists()


def test_what_is_approved_first_is_not_closed_at_registration(
    program: Callable[..., Any], place: SimpleNamespace
) -> None:
    alfa = program()
    closing = {"outcome": "complaint_considered", "answer": "Проверили.", "verdict": "unjustified"}
    refused = alfa.post("/appeals", {**COMPLAINT, "closing": closing})
    assert (refused.status_code, refused.json()["code"]) == (409, "needs_approval")
    assert "без закрытия" in refused.json()["detail"]
    ApprovalRule.objects.create(organisation=place.alfa, kind="consultation", is_needed=True)
    assert alfa.post("/appeals", CLOSED).json()["code"] == "needs_approval"
    assert not Appeal.objects.exists()
    assert alfa.post("/appeals", QUESTION).status_code == 201


def test_a_written_complaint_is_not_closed_without_a_word(program: Callable[..., Any]) -> None:
    alfa = program()
    number = alfa.post("/appeals", {**QUESTION, "channel": "post"}).json()["number"]
    at = f"/appeals/{number}/closure"
    assert alfa.post(at, {"outcome": "call_redirected", "why": "В фонд"}).json()["code"] == "not_a_call"
    assert alfa.post(at, {"outcome": "withdrawn"}).json()["code"] == "words_missing"
    assert alfa.post(at, {"outcome": "withdrawn", "why": "Письмом от 02.03"}).status_code == 200
    redirected = {**QUESTION, "closing": {"outcome": "redirected"}}
    assert alfa.post("/appeals", redirected).json()["code"] == "not_forwarded"


def test_a_command_without_a_key_is_refused(program: Callable[..., Any]) -> None:
    refused = program().post("/appeals", QUESTION, key="")
    assert (refused.status_code, refused.json()["code"]) == (422, "key_missing")
    assert refused["Content-Type"].startswith("application/problem+json")


def test_an_appeal_is_carried_to_its_end(program: Callable[..., Any]) -> None:
    alfa = program()
    number = alfa.post("/appeals", {**QUESTION, "channel": "chat"}).json()["number"]
    steps = [
        ("notes", {"text": "Перезвонили, уточнили номер."}),
        ("interim-answers", {"text": "Проверяем.", "channel": "call"}),
        ("answers", {"text": "Полис действует.", "channel": "call", "delivered": True}),
        ("closure", {"outcome": "consulted"}),
        ("reopening", {"why": "Спрашивает снова"}),
    ]
    for path, body in steps:
        done = alfa.post(f"/appeals/{number}/{path}", body)
        assert done.status_code == 200, (path, done.json())
    kinds = [event["kind"] for event in alfa.get(f"/appeals/{number}/events").json()]
    assert kinds[0] == "registered"
    assert {"noted", "interim_answered", "answered", "closed", "reopened"} <= set(kinds)
    assert alfa.get(f"/appeals/{number}").json()["stage"] != "closed"


def test_a_stale_version_changes_nothing(program: Callable[..., Any]) -> None:
    alfa = program()
    number = alfa.post("/appeals", QUESTION).json()["number"]
    body = {"line": "sp2", "why": "Не типовой", "version": 1}
    assert alfa.post(f"/appeals/{number}/hand-overs", body).status_code == 200
    stale = alfa.post(f"/appeals/{number}/hand-overs", {**body, "line": "sp3"})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")


def test_clocks_come_with_their_proof(program: Callable[..., Any]) -> None:
    alfa = program()
    number = alfa.post("/appeals", COMPLAINT).json()["number"]
    clocks = {clock["term"]: clock for clock in alfa.get(f"/appeals/{number}/clocks").json()}
    assert clocks["consideration"]["is_main"]
    assert any("считаем" in sentence for sentence in clocks["consideration"]["why"])


def test_another_insurer_sees_nothing_until_it_is_handed_over(program: Callable[..., Any]) -> None:
    alfa, beta = program(), program("beta")
    number = alfa.post("/appeals", QUESTION).json()["number"]
    assert beta.get(f"/appeals/{number}").status_code == 404
    assert beta.get("/appeals").json()["appeals"] == []
    assert beta.post("/appeals/search", {"phone": "+79000000001"}, key="").json()["appeals"] == []
    assert beta.post(f"/appeals/{number}/notes", {"text": "Чужое"}).status_code == 404
    body = {"handler": "54002", "why": "Застрахована в Бете"}
    assert alfa.post(f"/appeals/{number}/hand-overs", body).status_code == 200
    assert beta.get(f"/appeals/{number}").json()["handler"] == "54002"


def test_search_by_phone_and_by_policy_leaves_a_line(program: Callable[..., Any]) -> None:
    alfa = program()
    number = alfa.post("/appeals", QUESTION).json()["number"]
    found = alfa.post("/appeals/search", {"phone": "8(900)0000001"}, key="")
    assert [row["number"] for row in found.json()["appeals"]] == [number]
    line = AuditLine.objects.get(action="appeals.search")
    assert line.details == {"by": "phone", "found": 1}


def test_the_list_goes_on_from_page_to_page(program: Callable[..., Any]) -> None:
    alfa = program()
    numbers = [alfa.post("/appeals", QUESTION).json()["number"] for _ in range(5)]
    first = alfa.get("/appeals", size=3).json()
    second = alfa.get("/appeals", size=3, after=first["next"]).json()
    assert [row["number"] for row in first["appeals"] + second["appeals"]] == numbers[::-1]
    assert second["next"] is None
    assert [row["number"] for row in alfa.get("/appeals", is_open=False).json()["appeals"]] == []


def test_the_feed_tells_each_change_once_and_only_ones_own(program: Callable[..., Any]) -> None:
    alfa, beta = program(), program("beta")
    alfa.post("/appeals", CLOSED)
    beta.post("/appeals", QUESTION)
    chain_batch()
    told = alfa.get("/changes").json()
    assert [change["kind"] for change in told["changes"]] == ["registered", "answered", "closed"]
    assert alfa.get("/changes", after=told["next"]).json()["changes"] == []
    number = alfa.post("/appeals", QUESTION).json()["number"]
    chain_batch()
    news = alfa.get("/changes", after=told["next"]).json()["changes"]
    assert [(change["kind"], change["number"]) for change in news] == [("registered", number)]
    assert Event.objects.count() == 5


def test_too_many_requests_are_asked_to_wait(program: Callable[..., Any]) -> None:
    alfa = program()
    alfa.partner.per_minute = 12
    alfa.partner.save()
    answers = [alfa.get("/me") for _ in range(4)]
    assert [answer.status_code for answer in answers].count(429) >= 2
    assert int(answers[-1]["Retry-After"]) >= 1


WITHOUT = [
    ("POST", "/appeals", Right.APPEALS_REGISTER),
    ("POST", "/appeals/54001-26-000001/closure", Right.APPEALS_CLOSE),
    ("POST", "/appeals/54001-26-000001/notes", Right.APPEALS_HANDLE),
    ("GET", "/appeals", Right.APPEALS_VIEW),
    ("GET", "/changes", Right.APPEALS_VIEW),
]
BODIES: dict[str, dict[str, Any]] = {"/appeals": QUESTION, "closure": {"outcome": "consulted"}, "notes": {"text": "…"}}


@pytest.mark.parametrize(("method", "path", "right"), WITHOUT)
def test_who_lacks_the_right_is_refused(program: Callable[..., Any], method: str, path: str, right: Right) -> None:
    from opora.appeals.tests.api.conftest import RIGHTS

    alfa = program(rights=[other for other in RIGHTS if other != right])
    body = next((body for end, body in BODIES.items() if path.endswith(end)), {})
    answer = alfa.post(path, body) if method == "POST" else alfa.get(path)
    assert answer.status_code == 403


def test_no_session_no_answer(place: SimpleNamespace, client: Any) -> None:
    assert client.get("/api/v1/appeals").status_code == 401
    assert client.get("/api/v1/changes").json()["code"] == "not_signed_in"


def test_registering_asks_the_database_little(program: Callable[..., Any]) -> None:
    """The session, the topic, the key, the function, the line of the log, the answer kept; scopes are set around."""
    alfa = program()
    alfa.post("/appeals", COMPLAINT)
    with CaptureQueriesContext(connection) as queries:
        assert alfa.post("/appeals", COMPLAINT).status_code == 201

    asked = [query["sql"] for query in queries.captured_queries]
    own = [sql for sql in asked if not sql.startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(own) <= 7, own
    assert sum("set_config" in sql for sql in asked) <= 4
