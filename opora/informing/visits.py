"""The loop is closed: who came, after which touch, and what is not sent any more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from opora.shared.sql import question, text

if TYPE_CHECKING:
    from opora.informing.models import Roll

SQL = Path(__file__).parent / "sql"
came = question(SQL, "came")


@dataclass(frozen=True, slots=True)
class Closed:
    """Plan lines closed, touches that visits answer, touches spared, planned visits that took place."""

    closed: int = 0
    answered: int = 0
    spared: int = 0
    visited: int = 0


def close(roll: Roll, *, person_id: int | None = None) -> Closed:
    """Let the visits of a roll, and refusals it reports, close what they concern. A second time changes nothing.

    ``person_id``: of this person alone.
    """
    whose = {"roll": roll.pk, "person": person_id}
    row = came(**whose)[0]
    spared, visited = row.spared + _did("told_off", whose), 0
    while more := _did("visited", whose):
        visited += more
    return Closed(row.closed, row.answered, spared, visited)


def _did(name: str, whose: dict[str, int | None]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(text(SQL / f"{name}.sql"), whose)
        return int(cursor.rowcount)
