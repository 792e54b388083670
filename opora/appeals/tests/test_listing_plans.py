"""Lists of twenty thousand appeals, under forced row security: the planner, free to choose, reads by indexes."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.access.scope import enter
from opora.appeals.listing import Filter, details, journal
from opora.shared.hidden import hide

APPEALS = 20_000
MAKE = """
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT gen_random_uuid() AS id, n, now() - n * interval '1 minute' AS at,
       CASE n %% 500 WHEN 0 THEN 'complaint' ELSE 'consultation' END AS kind,
       CASE n %% 3 WHEN 0 THEN 't-waiting' ELSE 't-policy' END AS topic,
       CASE WHEN n %% 400 = 1 THEN 'chat' ELSE 'hot_line' END AS channel,
       CASE n %% 10 WHEN 0 THEN 'sp2' ELSE 'sp1' END AS line, n %% 50 = 7 AS is_open,
       CASE n %% 4 WHEN 0 THEN %(owner)s::bigint END AS owner
  FROM generate_series(1, %(appeals)s) n;
INSERT INTO appeals_appeal (id, territory_id, organisation_id, year, sequence, number, kind, form, channel, origin,
  origin_name, standing, topic_id, topic_code, topic_note, flags, received_at, registered_at, line_received, line,
  handler_id, responsible, stage, due_at, due_on, needs_answer, answered_at, closed_at, outcome, verdict, outside,
  incoming_number, outgoing_number, is_repeat, call_id, owner_id)
SELECT id, %(territory)s, %(alfa)s, extract(year FROM now()), n, '54001-26-' || lpad(n::text, 6, '0'), 'consultation',
  'oral', channel, 'direct', '', 'identified', %(topic)s, topic, '',
  CASE n %% 1000 WHEN 3 THEN '{oncology}' ELSE '{}' END::varchar[], at, at, 'sp1', line, %(alfa)s, 'insurer',
  CASE WHEN is_open THEN 'registered' ELSE 'closed' END, at + interval '1 day', (at + interval '1 day')::date, true,
  CASE WHEN is_open THEN NULL ELSE at END, CASE WHEN is_open THEN NULL ELSE at + interval '1 minute' END,
  CASE WHEN is_open THEN '' ELSE 'consulted' END, '', '',
  CASE n %% 10 WHEN 5 THEN n || '-вх' ELSE '' END, '', false, '', owner
  FROM made;
INSERT INTO appeals_grant (appeal_id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3,
  granted_at, registered_at, kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at)
SELECT id, place.organisation, %(territory)s, %(alfa)s, 'registered', 4, 4, 4, at, at, kind, topic, channel,
  CASE WHEN is_open THEN 'registered' ELSE 'closed' END, line, %(alfa)s, owner, at + interval '1 day',
  CASE WHEN is_open THEN NULL ELSE at + interval '1 minute' END
  FROM made, unnest(ARRAY[%(alfa)s, %(fund)s]::bigint[]) AS place(organisation);
INSERT INTO appeals_appealtext (appeal_id, text)
SELECT id, 'Вопрос о полисе номер ' || n || CASE n %% 5000 WHEN 9 THEN ' госпитализация' ELSE '' END FROM made;
INSERT INTO appeals_party (appeal_id, role, surname, given_name, patronymic, enp, document_type, document_series,
  document_number, phone, email, address, basis, identified_how)
SELECT id, 'applicant', 'Фамилия' || n, 'Анна', '', '', '', '', '', '+79' || lpad(n::text, 9, '0'), '', '', '', ''
  FROM made;
"""
BIG = ("appeals_grant", "appeals_appeal", "appeals_appealtext", "appeals_party")
LISTS: list[dict[str, Any]] = [
    {},
    {"whose": "mine"},
    {"whose": "queue"},
    {"whose": "nobody", "due": "overdue"},
    {"whose": "nobody", "state": "all"},
    {"due": "overdue"},
    {"due": "week"},
    {"kind": "complaint"},
    {"state": "all"},
    {"state": "closed"},
    {"state": "all", "kind": "complaint"},
    {"state": "all", "topic": "t-waiting"},
    {"state": "all", "line": "sp3"},
    {"state": "all", "owner": "OWNER"},
    {"state": "all", "kind": "complaint", "channel": "chat"},
    {"flags": ["oncology"], "state": "all"},
    {"number": "54001-26-000777"},
    {"number": "777"},
    {"number": "15-вх"},
    {"answer": "undelivered"},
    {"find": "госпитализация"},
    {"find": "полис"},
    {"find": "фамилия777"},
    {"find": "8 900 000-07-77"},
]


@pytest.fixture
def shelves(cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace) -> SimpleNamespace:
    facts = {
        "territory": place.nsk.pk,
        "alfa": place.alfa.pk,
        "fund": place.fund.pk,
        "topic": topics.policy.pk,
        "owner": cast.alina.pk,
        "appeals": APPEALS,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(MAKE, facts)
        cursor.execute("ANALYZE " + ", ".join((*BIG, "appeals_words")))
    return cast


@pytest.mark.slow
def test_no_list_reads_a_whole_table(shelves: SimpleNamespace) -> None:
    faults = []
    for who in (shelves.alina, shelves.op1):
        with enter(who.scope):
            for words in LISTS:
                asked = {name: str(shelves.alina.pk) if value == "OWNER" else value for name, value in words.items()}
                if "find" in asked:
                    asked["find"] = hide(asked["find"])
                with CaptureQueriesContext(connection) as queries:
                    details(journal(who, Filter.read(asked)).rows, who.scope)
                for query in queries.captured_queries:
                    faults += [(who.login, words, line) for line in _plan(query["sql"]) if _reads_whole(line)]
    assert faults == []


def _plan(statement: str) -> list[str]:
    if not statement.lstrip().upper().startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (COSTS OFF) " + statement.replace("%", "%%"))
        return [line for (line,) in cursor.fetchall()]


def _reads_whole(line: str) -> bool:
    """Months without rows may be read whole: there is nothing to read."""
    found = re.search(r"Seq Scan on (appeals_(?:grant|appealtext|appeal|party|words)\w*)", line)
    return bool(found) and found[1] in _filled()


def _filled() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'appeals_%%' AND reltuples > 1000")
        return {name for (name,) in cursor.fetchall()}
