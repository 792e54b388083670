"""Disputes that wait."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from psycopg import sql

from opora.complaints.words import Filer, Track
from opora.reports.cube import FactRow
from opora.reports.measures.registry import Asked, Measured, measure
from opora.reports.past import rows_at
from opora.reports.sources import SOURCES


@measure("disputes.pending", of=("disputes",))
def pending(asked: Asked) -> Measured:
    """Suits that were filed before the days and not decided when they began; of a seal, as it was known then.

    In the column of a filer — his.
    """
    facts, parameters = waiting(asked)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(facts), parameters)
        return Measured(cursor.fetchone()[0])


def page(asked: Asked, *, after: tuple[date, str] | None, limit: int, back: bool) -> list[FactRow]:
    """Return the suits by day and key, ``limit`` of them after the one named, or before it. One query."""
    facts, parameters = waiting(asked)
    way, behind = sql.SQL("DESC" if back else "ASC"), sql.Composed([])
    if after is not None:
        behind = sql.SQL(" AND (f.filed_on, f.dispute_id::text) {} (%s, %s)").format(sql.SQL("<" if back else ">"))
        parameters = [*parameters, *after]
    statement = sql.SQL(
        "SELECT f.dispute_id::text, f.filed_on, f.appeal_id::text, f.insurer_id, f.track, f.outcome FROM {}{}"
        " ORDER BY f.filed_on {}, f.dispute_id::text {} LIMIT {}"
    ).format(facts, behind, way, way, sql.Literal(limit))
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [
            FactRow(key, day, appeal, {"insurer_id": insurer, "track": track, "outcome": outcome})
            for key, day, appeal, insurer, track, outcome in cursor.fetchall()
        ]


def waiting(asked: Asked) -> tuple[sql.Composable, list[Any]]:
    """Return FROM and WHERE of the suits, with their parameters; the facts are ``f``."""
    facts, parameters = rows_at(SOURCES["disputes"], asked.seal)
    conditions = "f.territory = %s AND f.track = %s AND f.filed_on < %s"
    conditions += " AND (f.decided_on IS NULL OR f.decided_on >= %s)"
    parameters = [*parameters, asked.subject.territory, str(Track.COURT), asked.days.since, asked.days.since]
    if asked.subject.insurer is not None:
        conditions += " AND f.insurer_id = %s"
        parameters.append(asked.subject.insurer)
    if (column := asked.arguments.get("column")) in Filer.values:
        conditions += " AND f.filer = %s"
        parameters.append(column)
    return sql.SQL("{} f WHERE {}").format(facts, sql.SQL(conditions)), parameters
