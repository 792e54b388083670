"""The page of the access log: what it finds, what it hides, what it costs."""

import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from opora.access.scope import Scope, enter
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.oversight import queries

SignedIn = Callable[[str | None], Client]


@pytest.fixture
def lines(cast: SimpleNamespace, polina: Any) -> SimpleNamespace:
    return SimpleNamespace(
        read=record("insured.card.read", polina, by=cast.alina, purpose="appeal"),
        refused=record("access.refused", ("page", "roles"), by=cast.alina, result="refused"),
        by_beta=record("insured.card.read", ("insured.person", "77"), by=cast.vera),
        far=record("entrance.entered", by=cast.far),
    )


def shown(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/audit/{query}")
    assert response.status_code == 200, response.content.decode()[:500]
    return [f"{row.line.employee_name.split()[0]}:{row.line.action}" for row in response.context["rows"]]


WHO_SEES = [
    ("alfa_admin", {"Алиева:insured.card.read", "Алиева:access.refused"}),
    ("auditor", {"Алиева:insured.card.read", "Алиева:access.refused", "Верина:insured.card.read"}),
    ("ministry", set()),
]


@pytest.mark.parametrize(("who", "expected"), WHO_SEES)
def test_a_reader_sees_her_own_house_and_the_fund_its_territory(
    signed_in: SignedIn, lines: Any, who: str, expected: set[str]
) -> None:
    found = {name for name in shown(signed_in(who)) if "entrance." not in name and "audit." not in name}
    assert found == expected


FILTERS = [
    ("?action=insured.card.read", ["Алиева:insured.card.read"]),
    ("?action=insured.", ["Алиева:insured.card.read"]),
    ("?result=refused", ["Алиева:access.refused"]),
    ("?who=алиева&action=access.", ["Алиева:access.refused"]),
    ("?who=ALIN&action=access.", ["Алиева:access.refused"]),
    ("?who=верина", []),
    ("?ip=10.1.1.1", []),
    ("?since=01.01.2020&until=31.01.2020", []),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters_of_the_address(signed_in: SignedIn, lines: Any, query: str, expected: list[str]) -> None:
    assert shown(signed_in("alfa_admin"), query) == expected


def test_who_looked_at_a_person(signed_in: SignedIn, lines: Any, polina: Any) -> None:
    client = signed_in("alfa_admin")
    query = f"?subject_kind=insured.person&subject_id={polina.pk}"
    assert shown(client, query) == ["Алиева:insured.card.read"]
    assert f"Кто смотрел: застрахованный № {polina.pk}" in client.get(f"/audit/{query}").content.decode()


def test_a_line_opens_in_the_panel_and_a_strangers_does_not(signed_in: SignedIn, lines: Any) -> None:
    client = signed_in("alfa_admin")
    rows = client.get("/audit/?action=insured.card.read").context["rows"]
    page = client.get("/audit/", {"line": rows[0].key})
    assert page.context["line"].line.id == lines.read.id
    assert "Обращение застрахованного" in page.content.decode()
    foreign = rows[0].key.split("~")[0] + f"~{lines.by_beta.id}"
    assert client.get("/audit/", {"line": foreign}).status_code == 404
    assert client.get("/audit/", {"line": "нет такой"}).status_code == 404


def test_reading_the_log_leaves_a_line_without_what_was_typed(
    signed_in: SignedIn, cast: SimpleNamespace, lines: Any
) -> None:
    signed_in("alfa_admin").get("/audit/?who=Алиева&action=insured.card.read")
    line = AuditLine.objects.get(action="audit.search")
    assert line.employee_id == cast.alfa_admin.pk
    assert line.details["action"] == "insured.card.read"
    assert "Алиева" not in str(line.details)


BAD = ["?since=31.02.2026", "?since=01.02.2026&until=01.01.2026", "?since=01.01.1990", "?ip=999", "?result=x"]


@pytest.mark.parametrize("query", BAD)
def test_bad_filters_get_a_sentence(signed_in: SignedIn, lines: Any, query: str) -> None:
    response = signed_in("alfa_admin").get(f"/audit/{query}")
    assert response.status_code == 422
    assert "Поправьте" in response.content.decode()


def test_pages_go_on_where_the_last_one_ended(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    for number in range(120):
        record("insured.search", ("search", str(number)), by=cast.alina)
    client, seen, query = signed_in("alfa_admin"), [], "?action=insured.search"
    while query:
        response = client.get("/audit/" + query)
        seen += [row.line.subject_id for row in response.context["rows"]]
        following = response.context["page"].next
        query = f"?action=insured.search&after={following}" if following else ""
    assert seen == [str(number) for number in reversed(range(120))]


def test_a_copy_is_streamed_harmless_and_logged(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    cast.alina.surname = "=cmd|' /C calc'!A0"
    record("insured.card.read", ("insured.person", "+7900"), by=cast.alina)
    client = signed_in("alfa_admin")
    answer = client.get("/audit/copy/csv/?action=insured.card.read")
    assert answer.streaming
    head, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.startswith("Когда;Кто;")
    assert ";\"'=cmd" in row or ";'=cmd" in row
    assert ";'+7900;" in row
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(b"".join(client.get("/audit/copy/xlsx/?action=insured.card.read").streaming_content))
    )
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[1][1].startswith("'=cmd")
    assert [line.details["format"] for line in AuditLine.objects.filter(action="audit.export").order_by("at")] == [
        "csv",
        "xlsx",
    ]


def test_a_copy_holds_no_more_than_the_page(signed_in: SignedIn, lines: Any) -> None:
    text = b"".join(signed_in("alfa_admin").get("/audit/copy/csv/").streaming_content).decode()
    assert "Алиева" in text
    assert "Верина" not in text


@pytest.fixture
def many(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    """Sixty thousand lines of two insurers, last month."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO audit_auditline (at, id, action, result, purpose, employee_id, employee_name, role,
                   organisation_id, organisation_name, territory, subject_kind, subject_id, session, request_id,
                   details)
               SELECT now() - (g || ' seconds')::interval, gen_random_uuid(), 'insured.card.read', 'done', 'appeal',
                   g %% 300, '', 'sp1', %s + g %% 2 * (%s - %s), '', '50000', 'insured.person', (g %% 5000)::text,
                   '', '', '{}'
                 FROM generate_series(1, 60000) g""",
            [place.alfa.pk, place.beta.pk, place.alfa.pk],
        )
        cursor.execute("ANALYZE audit_auditline")


QUESTIONS = [
    {},
    {"employee": 17},
    {"subject_kind": "insured.person", "subject_id": "42"},
    {"action": "entrance.locked"},
    {"action": "roles."},
    {"result": "refused"},
]


@pytest.mark.slow
@pytest.mark.parametrize("wanted", QUESTIONS, ids=str)
@pytest.mark.parametrize("who", ["alfa_admin", "auditor"])
def test_every_question_is_answered_by_an_index(
    cast: SimpleNamespace, many: None, who: str, wanted: dict[str, Any]
) -> None:
    reader, today = getattr(cast, who), timezone.localdate()
    with enter(reader.scope):
        found = queries.found(reader, {"since": today - timedelta(days=30), "until": today, **wanted})
        plan = found.order_by(*queries.NEWEST_FIRST)[:51].explain(analyze=True)
    scans = [line for line in plan.splitlines() if "Seq Scan" in line and "_rest" not in line and "loops=0" not in line]
    assert not [line for line in scans if "never executed" not in line and "rows=0" not in line], plan


def test_months_are_added_ahead_and_twice_is_once(db: None) -> None:
    from opora.audit.partitions import keep_months_ahead

    with enter(Scope.system("test")):
        keep_months_ahead()
        assert keep_months_ahead() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_auditline'::regclass")
        assert cursor.fetchone()[0] >= 14
