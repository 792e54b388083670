"""Facts as they were when a period was sealed: the present rows without what came later, with what was there before."""

from __future__ import annotations

from typing import Any

from psycopg import sql

from opora.reports.models import Seal
from opora.reports.sources import Source

_AT_SEAL = """(
SELECT now_.* FROM {table} now_
 WHERE NOT EXISTS (SELECT FROM reports_change c WHERE c.source = %s AND c.key = now_.{key}::text AND c.id > %s)
UNION ALL
SELECT (jsonb_populate_record(NULL::{table}, first.old)).*
  FROM (SELECT DISTINCT ON (c.key) c.old FROM reports_change c
         WHERE c.source = %s AND c.id > %s ORDER BY c.key, c.id) first
 WHERE first.old IS NOT NULL)"""


def rows_at(source: Source, seal: Seal | None) -> tuple[sql.Composable, list[Any]]:
    """Return what stands in FROM for the facts of a source, now or as of a seal, and its parameters."""
    if seal is None:
        return sql.Identifier(source.table), []
    statement = sql.SQL(_AT_SEAL).format(table=sql.Identifier(source.table), key=sql.Identifier(source.key))
    return statement, [source.name, seal.last_change] * 2
