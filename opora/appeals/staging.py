"""The temporary tables of a journal import. They end with the transaction: a killed import leaves none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

PARTY = {
    "person_id": "bigint",
    "surname": "varchar(100)",
    "given_name": "varchar(100)",
    "patronymic": "varchar(100)",
    "birth_on": "date",
    "enp": 'varchar(16) COLLATE "C"',
    "insurer_id": "bigint",
    "document_type": "varchar(2)",
    "document_series": "varchar(12)",
    "document_number": "varchar(20)",
    "phone": 'varchar(20) COLLATE "C"',
    "email": "varchar(254)",
    "address": "varchar(500)",
    "identified_how": "varchar(40)",
}
TABLES: dict[str, dict[str, str]] = {
    "appeal": {
        "line_number": "integer", "key": "text", "id": "uuid", "is_new": "boolean", "kind": "varchar(16)",
        "form": "varchar(8)", "channel": "varchar(12)", "origin": "varchar(20)", "origin_name": "varchar(250)",
        "standing": "varchar(12)", "topic_id": "bigint", "topic_code": "varchar(14)", "topic_note": "varchar(500)",
        "flags": "varchar[]", "received_at": "timestamptz", "registered_by_id": "bigint",
        "line_received": "varchar(8)", "line": "varchar(8)", "handler_id": "bigint", "responsible": "varchar(24)",
        "owner_id": "bigint", "stage": "varchar(12)", "due_at": "timestamptz", "due_on": "date",
        "needs_answer": "boolean", "answered_at": "timestamptz", "closed_at": "timestamptz", "outcome": "varchar(20)",
        "verdict": "varchar(12)", "outside": "varchar(12)", "outside_at": "timestamptz", "started_on": "date",
        "term": "varchar(40)", "title": "varchar(200)", "warn_on": "jsonb", "law_version": "varchar(90)",
        "calendar_version": "varchar(200)", "text": "text",
    },
    "party": {"id": "uuid", "role": "varchar(10)", **PARTY},
    "event": {
        "at": "timestamptz", "id": "uuid", "appeal_id": "uuid", "kind": "varchar(20)", "line": "varchar(8)",
        "details": "jsonb",
    },
}  # fmt: skip


def prepare(cursor: Any) -> None:
    """Make the tables of staging, gone at commit and at rollback alike."""
    for name, columns in TABLES.items():
        body = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.incoming_{name}")
        cursor.execute(f"CREATE TEMPORARY TABLE incoming_{name} ({body}) ON COMMIT DROP")


def copy(cursor: Any, name: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Send rows to a table of staging."""
    with cursor.copy(f"COPY pg_temp.incoming_{name} ({', '.join(TABLES[name])}) FROM STDIN") as target:
        for row in rows:
            target.write_row(row)


def analyse(cursor: Any) -> None:
    """Tell the planner how much there is: ten rows want other plans than twenty thousand."""
    for name, column in (("appeal", "id, is_new"), ("party", "id")):
        cursor.execute(f"ANALYZE pg_temp.incoming_{name} ({column})")


def analyse_events(cursor: Any) -> None:
    """The same for events, which come after the appeals."""
    cursor.execute("ANALYZE pg_temp.incoming_event (appeal_id)")
