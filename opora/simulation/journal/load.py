"""Lives into the journal by sets: same tables, keys, triggers and row security; one block, one commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection

from opora.access.scope import Scope, enter
from opora.appeals import visibility
from opora.appeals.models import Appeal
from opora.organisations.models import Organisation
from opora.shared.sql import text
from opora.simulation.journal.teller import Life, Setting

SQL = Path(__file__).parent / "sql"
APPEAL = (
    "kind", "form", "channel", "standing", "topic_id", "topic_code", "flags", "received_at", "registered_at",
    "organisation", "registered_by", "line_received", "line", "handler_id", "responsible", "owner_id", "stage",
    "due_on", "due_at", "needs_answer", "interim_answered_at", "answered_at", "closed_at", "outcome", "verdict",
    "outside", "outside_at", "call_id",
)  # fmt: skip
PARTY = ("role", "person_id", "surname", "given_name", "patronymic", "birth_on", "enp", "insurer_id", "phone")
EVENT = ("at", "id", "organisation", "kind", "employee", "employee_name", "line", "depth", "details", "text")
CLOCK = (
    "term", "title", "is_main", "started_at", "started_on", "extension", "order_number", "due_on", "due_at", "warn_on",
    "law_version", "calendar_version", "state", "stopped_at",
)  # fmt: skip
ANSWER = ("id", "kind", "text", "card", "channel", "at", "by", "approved_by")
REASON = ("topic_id", "topic_code", "provider_id", "verdict")

type Row = tuple[Any, ...]


def store(lives: Sequence[Life], setting: Setting) -> int:
    """Store a block of lives and return how many appeals are new; a block that is there adds nothing."""
    if not lives:
        return 0
    with enter(Scope.system("an invented journal is loaded")), connection.cursor() as cursor:
        if Appeal.objects.filter(pk=lives[0].id).exists():
            return 0
        cursor.execute(text(SQL / "stage.sql"))
        while cursor.nextset():
            pass
        _copy(cursor, "appeal", _appeals(lives, setting))
        _copy(cursor, "grant", ((life.id, one, why) for life in lives for one, why in life.grants.items()))
        for table, columns, rows in _children():
            _copy(cursor, table, ((life.id, *_values(row, columns)) for life in lives for row in rows(life)))
        given = {"territory": setting.territory, "zone": setting.zone.key, "sight": _sight(lives, setting.territory)}
        cursor.execute(text(SQL / "store.sql"), given)
        while cursor.nextset():
            pass
    return len(lives)


def _sight(lives: Sequence[Life], territory: str) -> str:
    """How deep whoever gets a grant may see, by the rules of the territory."""
    funds = Organisation.objects.filter(kind=Organisation.Kind.FUND, territory_id=territory)
    granted = Organisation.objects.filter(pk__in={one for life in lives for one in life.grants})
    return visibility.sight(territory, dict((funds | granted).values_list("pk", "kind")))


def _children() -> list[tuple[str, tuple[str, ...], Callable[[Life], list[dict[str, Any]]]]]:
    return [
        ("party", PARTY, lambda life: life.parties),
        ("event", EVENT, lambda life: life.events),
        ("clock", CLOCK, lambda life: life.clocks),
        ("answer", ANSWER, lambda life: life.answers),
        ("reason", REASON, lambda life: life.reasons),
    ]


def _appeals(lives: Sequence[Life], setting: Setting) -> Iterable[Row]:
    for place, life in enumerate(lives):
        local = life.row["registered_at"].astimezone(setting.zone)
        yield (place, life.id, local.year, life.text, *_values(life.row, APPEAL))


def _values(row: dict[str, Any], columns: tuple[str, ...]) -> Row:
    return tuple(_cell(row.get(name)) for name in columns)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _copy(cursor: Any, table: str, rows: Iterable[Row]) -> None:
    with cursor.copy(f"COPY pg_temp.lived_{table} FROM STDIN") as target:
        for row in rows:
            target.write_row(
                [json.dumps(cell) if table == "clock" and isinstance(cell, list) else cell for cell in row]
            )
    cursor.execute(f"ANALYZE pg_temp.lived_{table}")
