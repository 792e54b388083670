"""A whole selection as a book of Excel, written in the background: no limit of rows, constant memory, a day of life."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals.errors import NotComplete
from opora.appeals.listing import Filter, details, walk
from opora.appeals.listing.columns import COLUMNS, EXPORTED
from opora.appeals.models import Export
from opora.audit.services import record
from opora.organisations import exporting
from opora.organisations.models import Employee
from opora.shared.tables.beside import beside
from opora.shared.tables.sheets import Book, Sheets

KEPT = timedelta(days=1)
CHUNK = 2_000
MOST_AT_ONCE = 3
LONG_TEXT = 32_000
WIDE = {"Содержание": 40, "Тема": 40}


def ask(chosen: Filter, *, by: Employee, purpose: str = "") -> Export:
    """Put an export into the queue in the caller's transaction. Raises NotComplete when three of hers are under way."""
    from opora.appeals.tasks import write_export

    waiting = Export.objects.filter(employee=by, state__in=[Export.State.WAITING, Export.State.RUNNING])
    if by.assignment is None or waiting.count() >= MOST_AT_ONCE:
        raise NotComplete("Ваши выгрузки ещё пишутся. Дождитесь их и попросите снова.")
    export = Export.objects.create(
        employee=by, assignment=by.assignment, query=chosen.query[:2000], columns=list(EXPORTED), purpose=purpose
    )
    record("appeals.export.ask", export, by=by, purpose=purpose, details={"by": sorted(chosen.words)})
    write_export.defer(export_id=str(export.pk))
    return export


def path_of(export: Export) -> Path:
    return Path(settings.DATA_DIR) / "exports" / f"{export.pk}.xlsx"


def write(export_id: UUID) -> int:
    """Write the file of an export as its maker sees the data now; return how many rows."""
    return exporting.write(Export, export_id, path_of=path_of, rows_of=_write)


def end_left() -> int:
    """Say of files nobody writes that they failed; return how many."""
    return exporting.end_left(Export)


def forget_old(now: Any = None) -> int:
    """Remove files older than a day; return how many. Waiting ones that nobody took are given up too."""
    edge = (now or timezone.now()) - KEPT
    with enter(Scope.system("files of exports live a day")):
        old = list(Export.objects.filter(asked_at__lt=edge).exclude(state=Export.State.GONE))
        for export in old:
            path_of(export).unlink(missing_ok=True)
        Export.objects.filter(pk__in=[export.pk for export in old]).update(state=Export.State.GONE)
    return len(old)


def _write(export: Export) -> int:
    employee = _still_allowed(export)
    chosen = Filter.read(QueryDict(export.query))
    columns = [COLUMNS[code] for code in export.columns if code in COLUMNS]
    path = path_of(export)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with enter(employee.scope), _progress(export) as tell, Book(path) as book:
        rows = Sheets(book, "Журнал", ["Номер", *(column.title for column in columns)], widths=WIDE)
        with beside() as give:
            for lines in _lines(employee, chosen):
                give(rows.rows, [[line.number, *(str(column.text(line)) for column in columns)] for line in lines])
                tell(rows.written)
        rows.close()
        record("appeals.export.write", export, by=employee, purpose=export.purpose, details={"rows": rows.written})
        return rows.written


def _still_allowed(export: Export) -> Employee:
    """Who has lost her place or her right since takes nothing away."""
    employee = export.employee
    if not employee.still_holds(Right.APPEALS_EXPORT, under=export.assignment_id):
        raise NotComplete("Назначение, под которым просили выгрузку, закончилось или больше не даёт этого права.")
    employee.assignment = export.assignment
    return employee


def _lines(employee: Employee, chosen: Filter) -> Iterator[list[Any]]:
    """Read grants by a cursor of the server, details by the thousand."""
    for rows in walk(employee, chosen, before=timezone.now()):
        for chunk in batched(rows.iterator(chunk_size=CHUNK), CHUNK, strict=False):
            yield details(chunk, employee.scope, letters=LONG_TEXT)


@contextmanager
def _progress(export: Export) -> Iterator[Any]:
    """Tell how far the writing is on a connection of its own: that of the writing keeps one long transaction."""
    aside = connection.copy()

    def tell(rows: int) -> None:
        with aside.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT set_config('opora.sees', 'all', true)")
            cursor.execute("UPDATE appeals_export SET rows = %s WHERE id = %s", [rows, export.pk])
            cursor.execute("COMMIT")

    try:
        yield tell
    finally:
        aside.close()
