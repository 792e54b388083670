"""Tables cut by month: the parent is declared in a migration, months are added ahead of time.

A question over years is planned for each partition it may read, so months nobody writes any more can be folded into
quarters (``fold_quarter``).
"""

from datetime import date
from functools import partial
from typing import Any

from django.db import connection, migrations, transaction
from django.db.migrations.state import ProjectState

MONTHS_AHEAD = 13
MONTHS_OF_QUARTER = 3
# The check beforehand spares the proof when the quarter takes its place. Of a month that was never made rows lie in the
# rest: they are gathered with the others and deleted there.
GATHER = """
SET LOCAL lock_timeout = '{patience}';
LOCK TABLE {locked} IN SHARE MODE;
CREATE TABLE {whole} (LIKE {month} INCLUDING ALL EXCLUDING INDEXES);
ALTER TABLE {whole} ADD CONSTRAINT {whole}_span CHECK ({within});
INSERT INTO {whole} SELECT * FROM {table} WHERE {within};
"""
REPLACE = """
DROP TABLE {months};
DELETE FROM {table} WHERE {within};
ALTER TABLE {table} ATTACH PARTITION {whole} FOR VALUES FROM ('{since}') TO ('{until}');
ALTER TABLE {whole} DROP CONSTRAINT {whole}_span;
"""
INDEXES = """
SELECT replace(split_part(pg_get_indexdef(i.indexrelid), ' ON ', 1), ' ' || quote_ident(c.relname), ''),
       split_part(pg_get_indexdef(i.indexrelid), ' USING ', 2)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""
KEYS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'u')"
BY = """
SELECT attname FROM pg_partitioned_table JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0]
 WHERE partrelid = %s::regclass
"""


class CreatePartitionedModel(migrations.CreateModel):
    """CREATE TABLE … PARTITION BY RANGE (``by``), with a default partition so that no row is ever refused."""

    def __init__(
        self, name: str, fields: Any, options: Any = None, bases: Any = None, managers: Any = None, *, by: str
    ) -> None:
        self.by = by
        super().__init__(name, fields, options, bases, managers)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        name, args, kwargs = super().deconstruct()
        return name, list(args), {**kwargs, "by": self.by}

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = plain + f" PARTITION BY RANGE ({schema_editor.quote_name(self.by)})"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain


def add_months(table: str, since: date, count: int = MONTHS_AHEAD) -> list[str]:
    """Make sure that ``table`` has its partitions from the month of ``since`` on; return the names of the new ones.

    Rows reached through a partition's own name are refused to everybody: row security without a policy.
    """
    added = []
    with connection.cursor() as cursor:
        for step in range(count):
            first, following = _month(since, step), _month(since, step + 1)
            if _exists(cursor, _quarter(table, quarter_of(first))):
                continue
            added += _add(cursor, table, f"{table}_{first:%Y%m}", f"FOR VALUES FROM ('{first}') TO ('{following}')")
        added += _add(cursor, table, f"{table}_rest", "DEFAULT")
    return added


def add_years(table: str, since: int, count: int = 3) -> list[str]:
    """The same for a table cut by the number of the year."""
    added = []
    with connection.cursor() as cursor:
        for year in range(since, since + count):
            added += _add(cursor, table, f"{table}_{year}", f"FOR VALUES FROM ({year}) TO ({year + 1})")
        added += _add(cursor, table, f"{table}_rest", "DEFAULT")
    return added


def add_quarter(table: str, first: date) -> list[str]:
    """The same for one quarter that begins with ``first``, where there are no months of it."""
    bounds = f"FOR VALUES FROM ('{first}') TO ('{_month(first, MONTHS_OF_QUARTER)}')"
    with connection.cursor() as cursor:
        return _add(cursor, table, _quarter(table, first), bounds)


def fold_quarter(table: str, first: date, *, patience: str = "5s") -> bool:
    """Make one partition of the months of the quarter that begins with ``first``; False — there are no such months.

    Who changes a row of these months waits until it is done; who reads waits for the last moment only. When that moment
    is not given within ``patience`` — somebody has been reading for longer — everything stays as it was:
    ``django.db.OperationalError``.
    """
    whole = _quarter(table, first)
    with transaction.atomic(), connection.cursor() as cursor:
        names = [f"{table}_{_month(first, step):%Y%m}" for step in range(MONTHS_OF_QUARTER)]
        months = [name for name in names if _exists(cursor, name)]
        if not months:
            return False
        cursor.execute(BY, [table])
        [by] = cursor.fetchone()
        told = {
            "table": table,
            "whole": whole,
            "month": months[0],
            "months": ", ".join(months),
            "locked": ", ".join([*months, *filter(partial(_exists, cursor), [f"{table}_rest"])]),
            "patience": patience,
            "since": first,
            "until": _month(first, MONTHS_OF_QUARTER),
            "within": f"{by} >= '{first}' AND {by} < '{_month(first, MONTHS_OF_QUARTER)}'",
        }
        cursor.execute(GATHER.format(**told))
        _index_as(cursor, months[0], whole)
        cursor.execute(REPLACE.format(**told))
        _close(cursor, whole)
    return True


def _index_as(cursor: Any, month: str, whole: str) -> None:
    cursor.execute(KEYS, [month])
    for (definition,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{whole}" ADD {definition}')
    cursor.execute(INDEXES, [month])
    for create, how in cursor.fetchall():
        cursor.execute(f'{create} ON "{whole}" USING {how}')


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
    return bool(cursor.fetchone()[0])


def _add(cursor: Any, table: str, name: str, bounds: str) -> list[str]:
    if _exists(cursor, name):
        return []
    cursor.execute(f'CREATE TABLE "{name}" PARTITION OF "{table}" {bounds}')
    _close(cursor, name)
    return [name]


def _close(cursor: Any, name: str) -> None:
    cursor.execute(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')


def _quarter(table: str, first: date) -> str:
    return f"{table}_{first.year}q{first.month // MONTHS_OF_QUARTER + 1}"


def _month(since: date, step: int) -> date:
    index = since.year * 12 + since.month - 1 + step
    return date(index // 12, index % 12 + 1, 1)


def quarter_of(day: date) -> date:
    """Return the first day of a quarter."""
    return date(day.year, (day.month - 1) // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER + 1, 1)
