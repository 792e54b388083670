"""Selections of this room as books of Excel, written in the background: constant memory, a day of life.

A kind says its right, its head and its rows; the writing sees what its maker may see when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing.errors import InformingError
from opora.informing.models import Export
from opora.organisations import exporting
from opora.organisations.models import Employee
from opora.shared.tables.beside import beside
from opora.shared.tables.sheets import Book, Sheets

KEPT = timedelta(days=1)
MOST_AT_ONCE = 3
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be exported: ``rows(employee, query)`` yields cells under her scope, the first row is the head."""

    slug: str
    title: str
    right: Right
    rows: Callable[[Employee, QueryDict], Iterator[Sequence[Any]]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.slug] = kind


def kind_of(slug: str) -> Kind | None:
    return _kinds.get(slug)


def ask(slug: str, query: str, *, by: Employee, purpose: str = "") -> Export:
    """Put an export into the queue in the caller's transaction. Raises InformingError when three of hers go on."""
    from opora.informing.tasks import write_export

    waiting = Export.objects.filter(employee=by, state__in=[Export.State.WAITING, Export.State.RUNNING])
    if by.assignment is None or waiting.count() >= MOST_AT_ONCE:
        raise InformingError("Ваши выгрузки ещё пишутся. Дождитесь их и попросите снова.")
    export = Export.objects.create(
        what=slug, employee=by, assignment=by.assignment, query=query[:1000], purpose=purpose
    )
    record("informing.export.ask", export, by=by, purpose=purpose, details={"what": slug})
    write_export.defer(export_id=str(export.pk))
    return export


def path_of(export: Export) -> Path:
    return Path(settings.DATA_DIR) / "exports" / f"informing-{export.pk}.xlsx"


def write(export_id: UUID) -> int:
    """Write the file of an export as its maker sees the data now; return how many rows."""
    return exporting.write(Export, export_id, path_of=path_of, rows_of=_write)


def end_left() -> int:
    """Say of files nobody writes that they failed; return how many."""
    return exporting.end_left(Export)


def forget_old() -> int:
    """Remove files older than a day; return how many."""
    edge = timezone.now() - KEPT
    with enter(Scope.system("files of exports live a day")):
        old = list(Export.objects.filter(asked_at__lt=edge).exclude(state=Export.State.GONE))
        for export in old:
            path_of(export).unlink(missing_ok=True)
        Export.objects.filter(pk__in=[export.pk for export in old]).update(state=Export.State.GONE)
    return len(old)


def _write(export: Export) -> int:
    employee, kind = export.employee, _kinds[export.what]
    if not employee.still_holds(kind.right, under=export.assignment_id):
        raise InformingError("Назначение, под которым просили выгрузку, закончилось или больше не даёт этого права.")
    employee.assignment = export.assignment
    path = path_of(export)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with enter(employee.scope), Book(path) as book:
        rows = kind.rows(employee, QueryDict(export.query))
        sheets = Sheets(book, kind.title, [str(name) for name in next(rows, ())])
        with beside() as give:
            for chunk in batched(rows, CHUNK, strict=False):
                give(sheets.rows, chunk)
        sheets.close()
        details = {"what": export.what, "rows": sheets.written}
        record("informing.export.write", export, by=employee, purpose=export.purpose, details=details)
    return sheets.written
