"""The temporary tables a file goes to first. They belong to the session: a killed import leaves none."""

from collections.abc import Iterable
from typing import Any

# Columns that are compared with columns of the register have its collation, or PostgreSQL could not choose one.
TABLES: dict[str, dict[str, str]] = {
    "person": {
        "line": "integer", "record": "text", "enp": 'varchar(16) COLLATE "C"', "enp_is_confirmed": "boolean",
        "snils": 'varchar(11) COLLATE "C"', "surname": "varchar(100)", "given_name": "varchar(100)",
        "patronymic": "varchar(100)", "birth_on": "date", "sex": "smallint", "died_on": "date",
        "territory_id": "varchar(5)", "language": "varchar(8)", "time_zone": "varchar(64)", "insurer_id": "bigint",
        "provider_id": "bigint", "covered_since": "date", "has_policy": "boolean", "forced": "bigint",
    },
    "policy": {
        "line": "integer", "kind": "smallint", "series": "varchar(10)", "number": 'varchar(20) COLLATE "C"',
        "insurer_id": "bigint", "since": "date", "until": "date",
    },
    "attachment": {
        "line": "integer", "profile": "varchar(8)", "provider_id": "bigint", "site_id": "bigint",
        "area": "varchar(50)", "doctor_snils": "varchar(11)", "since": "date", "until": "date",
    },
    "contact": {
        "line": "integer", "kind": "varchar(8)", "value": "varchar(500)", "normalised": 'varchar(254) COLLATE "C"',
        "phone_kind": "varchar(8)", "owner": "varchar(16)", "state": "varchar(12)", "confirmed_on": "date",
    },
    "former": {
        "line": "integer", "surname": "varchar(100)", "given_name": "varchar(100)", "patronymic": "varchar(100)",
        "until": "date",
    },
    "document": {
        "line": "integer", "kind": "varchar(2)", "series": "varchar(20)", "number": 'varchar(30) COLLATE "C"',
        "issued_on": "date", "issuer": "varchar(500)",
    },
    "category": {"line": "integer", "code": "varchar(20)", "since": "date", "until": "date"},
    "consent": {
        "line": "integer", "channel": "varchar(12)", "purpose": "varchar(12)", "is_granted": "boolean",
        "decided_on": "date", "until": "date",
    },
}  # fmt: skip
FILLED = {name: [column for column in columns if column != "forced"] for name, columns in TABLES.items()}


def prepare(cursor: Any) -> None:
    """Make the tables of staging anew."""
    drop(cursor)
    for name, columns in TABLES.items():
        body = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        cursor.execute(f"CREATE TEMPORARY TABLE stage_{name} ({body})")


def drop(cursor: Any) -> None:
    """Take the tables of staging away; there may be none."""
    names = [f"pg_temp.stage_{name}" for name in TABLES]
    extra = [f"pg_temp.{name}" for name in ("found", "change", "policy_in", "attachment_in", "contact_in", "was")]
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(names + extra)}")


def copy(cursor: Any, name: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Send rows to a table of staging."""
    columns = ", ".join(FILLED[name])
    with cursor.copy(f"COPY pg_temp.stage_{name} ({columns}) FROM STDIN") as target:
        for row in rows:
            target.write_row(row)


def analyse(cursor: Any) -> None:
    """Tell the planner how much there is: a delta of ten rows wants other plans than a million."""
    for name in TABLES:
        cursor.execute(f"ANALYZE pg_temp.stage_{name}")
