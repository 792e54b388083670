"""Append-only tables cut by month: the parent is declared in a migration, months are added ahead of time."""

from datetime import date
from typing import Any

from django.db import connection, migrations
from django.db.migrations.state import ProjectState

MONTHS_AHEAD = 13


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


def _add(cursor: Any, table: str, name: str, bounds: str) -> list[str]:
    cursor.execute("SELECT to_regclass(%s)", [name])
    if cursor.fetchone()[0]:
        return []
    cursor.execute(f'CREATE TABLE "{name}" PARTITION OF "{table}" {bounds}')
    cursor.execute(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')
    return [name]


def _month(since: date, step: int) -> date:
    index = since.year * 12 + since.month - 1 + step
    return date(index // 12, index % 12 + 1, 1)
