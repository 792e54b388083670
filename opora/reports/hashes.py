"""A hash over facts: which rows lay in some days, provable later. The same rows — the same hash, in any base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection
from psycopg import sql

from opora.reports.models import Seal
from opora.reports.past import rows_at
from opora.reports.periods import Days
from opora.reports.sources import Source
from opora.reports.subjects import Subject

# Rows of a day are hashed by the server, days here: no row of a year has to travel.
_DAYS = """SELECT day, number, encode(sha256(convert_to(rows, 'UTF8')), 'hex')
  FROM (SELECT f.{first}::text AS day, count(*) AS number,
               string_agg(ROW({columns})::text, E'\\n' ORDER BY f.{key}::text COLLATE "C") AS rows
          FROM {facts} f{where} GROUP BY f.{first}) days
 ORDER BY day"""


@dataclass(frozen=True, slots=True)
class Hashed:
    """``columns`` are those the hash is of, in their order: facts may get more of them later."""

    rows: int
    sha256: str
    columns: list[str]


def hashed(
    source: Source,
    subject: Subject | None = None,
    days: Days | None = None,
    *,
    seal: Seal | None = None,
    columns: Sequence[str] = (),
) -> Hashed:
    """Hash the facts a subject may have numbers from, any of whose days lies in ``days``; without both — all of them.

    ``seal`` — as they lay when it was made. One query.
    """
    names = list(columns) or columns_of(source)
    table, parameters = rows_at(source, seal)
    conditions: list[sql.Composable] = []
    if subject is not None:
        conditions.append(sql.SQL("f.territory = %s"))
        parameters.append(subject.territory)
        if subject.insurer is not None:
            conditions.append(_any([sql.SQL("f.{} = %s").format(sql.Identifier(one)) for one in source.whose]))
            parameters += [subject.insurer] * len(source.whose)
    if days is not None:
        within = [sql.SQL("f.{} BETWEEN %s AND %s").format(sql.Identifier(one)) for one in source.days.values()]
        conditions.append(_any(within))
        parameters += list(days) * len(within)
    statement = sql.SQL(_DAYS).format(
        first=sql.Identifier(next(iter(source.days.values()))),
        key=sql.Identifier(source.key),
        columns=sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(name)) for name in names),
        facts=table,
        where=sql.SQL(" WHERE ") + sql.SQL(" AND ").join(conditions) if conditions else sql.SQL(""),
    )
    whole, rows = sha256(), 0
    for day, count, of_day in _asked(statement, parameters):
        whole.update(f"{day} {count} {of_day}\n".encode())
        rows += count
    return Hashed(rows, whole.hexdigest(), names)


def columns_of(source: Source) -> list[str]:
    """The columns that a report may see of a fact, its key first."""
    shown = {str(field.column) for field in source.model._meta.concrete_fields} & (
        source.columns | source.sums | set(source.days.values()) | {"territory", "topic_id", source.appeal}
    )
    return [source.key, *sorted(shown - {source.key})]


def _any(conditions: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL("(") + sql.SQL(" OR ").join(conditions) + sql.SQL(")")


def _asked(statement: sql.Composable, parameters: list[Any]) -> list[tuple[str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
