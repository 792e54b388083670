"""The limit of an import: COPY of the very rows it has written, in the same order, into the same tables.

The database is made the same way: indexes, generated columns, foreign keys and triggers are there. Only row security is
not forced on the owner of the tables for the while, because PostgreSQL refuses COPY under it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

SEES_ALL = "SELECT set_config('opora.sees', 'all', false)"
PIECE = 1 << 18
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


@dataclass(frozen=True)
class Rows:
    """What a table held, as COPY gives it."""

    table: str
    columns: str
    file: Path


def dump(address: str, tables: Mapping[str, str], folder: Path) -> list[Rows]:
    """Write the rows of ``tables`` (name → the order in which the import has written them) to files."""
    with psycopg.connect(address) as source:
        source.execute(SEES_ALL)
        return [_dumped(source, table, order, folder) for table, order in tables.items()]


def load(address: str, found: list[Rows]) -> float:
    """Return seconds of COPY and commit."""
    with psycopg.connect(address) as target:
        for rows in found:
            target.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(sql.Identifier(rows.table)))
        target.commit()
        began = time.perf_counter()
        target.execute(SEES_ALL)
        for rows in found:
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(rows.table), sql.SQL(rows.columns))
            with target.cursor().copy(statement) as taking, rows.file.open("rb") as source:
                while piece := source.read(PIECE):
                    taking.write(piece)
        target.commit()
        return time.perf_counter() - began


def _dumped(source: psycopg.Connection, table: str, order: str, folder: Path) -> Rows:
    found = source.execute(COLUMNS, [table]).fetchone()
    rows = Rows(table, str(found[0]) if found else "", folder / f"{table}.copy")
    question = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(rows.columns), sql.Identifier(table), sql.SQL(order)
    )
    with source.cursor().copy(question) as giving, rows.file.open("wb") as target:
        for piece in giving:
            target.write(piece)
    return rows
