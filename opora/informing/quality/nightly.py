"""The nightly work: numbers are weighed by what arrived, then people are counted by how they can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing.models import Reachability
from opora.insured.reach import TIRED_AFTER
from opora.shared.sql import text

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Weighed:
    """Contacts that became confirmed by a delivery, that lost their mark, and all whose row was written."""

    confirmed: int
    lowered: int
    written: int


@transaction.atomic
def weigh() -> Weighed:
    """Mark contacts by receipts. A second time in a night changes nothing."""
    now = timezone.now()
    with enter(Scope.system("receipts of everybody mark their contacts")), connection.cursor() as cursor:
        _drop(cursor, "weighed")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(text(SQL / "weigh.sql"), {"year": now.year, "tired": TIRED_AFTER})
        cursor.execute("ANALYZE weighed")
        cursor.execute(
            "SELECT count(*) FILTER (WHERE becomes = 'confirmed' AND state <> becomes),"
            " count(*) FILTER (WHERE becomes = 'unconfirmed' AND state <> becomes) FROM weighed"
        )
        confirmed, lowered = cursor.fetchone() or (0, 0)
        cursor.execute(text(SQL / "weighed_history.sql"))
        cursor.execute(text(SQL / "weighed_marks.sql"))
        found = Weighed(confirmed, lowered, cursor.rowcount)
        _drop(cursor, "weighed")
        record("informing.contacts.weigh", details={"confirmed": confirmed, "lowered": lowered})
    return found


@transaction.atomic
def count() -> int:
    """Count people by how they can be reached; return how many. Until then readers see the night before."""
    now = timezone.now()
    with enter(Scope.system("everybody is counted")), connection.cursor() as cursor:
        _drop(cursor, "reach_now")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        parameters: dict[str, Any] = {"today": timezone.localdate(now), "now": now, "tired": TIRED_AFTER}
        cursor.execute(text(SQL / "reach_now.sql"), parameters)
        people = cursor.rowcount
        cursor.execute("CREATE UNIQUE INDEX ON reach_now (person_id)")
        cursor.execute("ANALYZE reach_now")
        cursor.execute(text(SQL / "reach_people.sql"))
        Reachability.objects.all().delete()
        cursor.execute(text(SQL / "reach_counts.sql"), parameters)
        _drop(cursor, "reach_now")
    return people


def _drop(cursor: Any, name: str) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
