"""Files written in the background: a report of any kind, or all the rows behind a number. No limit, flat memory.

A file is written aside and takes its name when it is whole: half a file is never handed out. Whoever writes holds a
lock in the database, which a killed program lets go: the file is begun anew (``tend``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.audit.purposes import Purpose
from opora.audit.services import record
from opora.organisations.models import Employee
from opora.organisations.purposes import PurposeMissing
from opora.reports import asking, narrowing, titles
from opora.reports.counting import Report
from opora.reports.errors import ExportRefused, NoSuchFormat, TooManyExports
from opora.reports.listed_people import listing
from opora.reports.models import Export
from opora.reports.writers import FORMATS, name_of
from opora.reports.writing import write_report, write_rows
from opora.shared.errors import DomainError

KEPT = timedelta(days=3)
LEFT_ALONE = timedelta(minutes=2)  # nobody writes for so long: begin again
MOST_AT_ONCE = 3
OF_ROWS = frozenset(["xlsx", "csv"])

type Cell = tuple[str, str, str]
type Tell = Callable[[int], None]


class Stopped(Exception):
    """Whoever asked for the file does not want it any more."""


@transaction.atomic
def begin(
    employee: Employee,
    report: Report,
    form: str,
    *,
    cell: Cell | None = None,
    is_personal: bool = False,
    purpose: str = "",
) -> Export:
    """Ask for a file of a report, or of the rows behind the cell (table, row, column) of it.

    ``is_personal`` — with names, policies and telephones, which takes a ``purpose``. Raises RightMissing, NoSuchFormat,
    NoSuchCell, NothingToExport, PurposeMissing, TooManyExports.
    """
    if not employee.holds(Right.REPORTS_EXPORT) or employee.assignment is None:
        raise RightMissing(right=Right.REPORTS_EXPORT)
    if form not in (OF_ROWS if cell else FORMATS):
        raise NoSuchFormat
    if is_personal and purpose not in Purpose.values:
        raise PurposeMissing
    if Export.objects.filter(employee=employee).under_way().count() >= MOST_AT_ONCE:
        raise TooManyExports
    table, row, column = cell or ("", "", "")
    export = Export.objects.create(
        employee=employee,
        assignment=employee.assignment,
        report=report.pack.name,
        subject=report.subject.code,
        period=report.period.code,
        seal=report.seal,
        filters=narrowing.texts(report.also),
        table=table,
        row=row,
        column=column,
        form=form,
        title=_title(report, cell),
        names_people=bool(cell) and is_personal,
        purpose=purpose if is_personal else "",
        total=_total(report, cell, employee),
    )
    record("reports.export.ask", export, by=employee, purpose=export.purpose, details=_told(export))
    _put_into_queue(export.pk)
    return export


def stop(export: Export, *, by: Employee) -> None:
    """Give up a file that is still being written; one that is over stays."""
    if (
        Export.objects.filter(pk=export.pk, employee=by)
        .under_way()
        .update(state=Export.State.STOPPED, done_at=timezone.now())
    ):
        record("reports.export.stop", export, by=by)


def path_of(export: Export) -> Path:
    return Path(settings.DATA_DIR) / "exports" / f"report-{export.pk}.{export.form}"


def file_name(export: Export) -> str:
    """Return the name the file is saved under: no words of persons; one narrowed is not taken for the whole."""
    name = name_of(export.report, export.subject, export.period, export.form, is_narrowed=bool(export.filters))
    if not export.is_rows:
        return name
    return name.replace(f".{export.form}", f"-{export.table}-{export.row}-{export.column}.{export.form}")


def write(export_id: UUID) -> int:
    """Write the file as whoever asked sees the data now; return how many rows. Run twice or beside another: nothing."""
    with _line_aside(export_id) as tell:
        if tell is None:
            return 0
        export = _take(export_id)
        if export is None:
            return 0
        part = path_of(export).with_suffix(".part")
        try:
            rows = _write(export, part, tell)
        except Stopped:
            return 0
        except DomainError as refusal:
            _mark(export, state=Export.State.FAILED, fault=refusal.sentence[:300], done_at=timezone.now())
            return 0
        except Exception:
            _mark(export, state=Export.State.FAILED, done_at=timezone.now())
            raise
        finally:
            part.unlink(missing_ok=True)
    return rows


def tend(now: datetime | None = None) -> int:
    """Begin anew what a killed program has left, remove files that are too old; return how many were begun anew."""
    moment = now or timezone.now()
    with enter(Scope.system("files of exports are begun anew or removed")):
        old = list(Export.objects.filter(asked_at__lt=moment - KEPT).exclude(state=Export.State.GONE))
        for export in old:
            path_of(export).unlink(missing_ok=True)
        Export.objects.filter(pk__in=[export.pk for export in old]).update(state=Export.State.GONE)
        left = Export.objects.under_way().filter(asked_at__lt=moment - LEFT_ALONE).values_list("pk", flat=True)
        return sum(_put_into_queue(pk) for pk in left if _is_free(pk))


def _write(export: Export, part: Path, tell: Tell) -> int:
    employee = _still_allowed(export)
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part.touch(mode=0o600)
    zone = ZoneInfo(export.assignment.organisation.territory.time_zone)
    with timezone.override(zone), enter(employee.scope), _as_sealed(export):
        report = _asked(employee, export)
        if export.is_rows:
            found = listing(report, _cell(export), employee, names_people=export.names_people)
            rows = write_rows(export, found, part, tell)
            hidden, personal = found.hidden, found.personal
        else:
            rows, hidden, personal = write_report(report, export, part), 0, 0
        tell(rows)
        details = _told(export) | {"rows": rows, "hidden": hidden, "persons": personal}
        record("reports.export.write", export, by=employee, purpose=export.purpose, details=details)
    os.replace(part, path_of(export))
    _mark(export, state=Export.State.DONE, rows=rows, done_at=timezone.now())
    return rows


def _still_allowed(export: Export) -> Employee:
    """Who has lost her place or her right since takes nothing away."""
    employee, assignment = export.employee, export.assignment
    employee.assignment = assignment
    if assignment not in employee.current_assignments:
        raise ExportRefused("Назначение, под которым просили выгрузку, закончилось.")
    if not employee.holds(Right.REPORTS_EXPORT):
        raise ExportRefused("Права выгружать отчёты больше нет.")
    return employee


def _asked(employee: Employee, export: Export) -> Report:
    if export.seal_id is not None:
        return asking.as_sealed(employee, export.seal_id)[1]
    given = narrowing.given(export.filters)
    return asking.ask(employee, export.report, export.subject, export.period, given)


def _as_sealed(export: Export) -> AbstractContextManager[None]:
    """What a row was before it changed is kept where only the program reads: ``as_sealed`` has checked her right."""
    return enter(Scope.system("rows as they lay when a period was sealed")) if export.seal_id else nullcontext()


def _total(report: Report, cell: Cell | None, employee: Employee) -> int:
    if cell is None:
        return 0
    if report.seal is None:
        return listing(report, cell, employee, names_people=False).total
    with enter(Scope.system("rows as they lay when a period was sealed")):
        return listing(report, cell, employee, names_people=False).total


def _cell(export: Export) -> Cell:
    return export.table, export.row, export.column


def _title(report: Report, cell: Cell | None) -> str:
    title = f"{report.pack.short}, {whose(report)}"
    if cell is None:
        return title[:600]
    asked = report.table(cell[0])
    row = next((one.title for one in asked.rows if one.code == cell[1]), cell[1])
    column = next((one.title for one in asked.columns if one.code == cell[2]), cell[2])
    return f"{title}: {row} — {column}"[:600]


def whose(report: Report) -> str:
    """Return whose report it is, for which period and by what it is narrowed, in words."""
    return ", ".join([report.subject.name, report.period.words, *titles.filters(report.also, report.pack)])


def _told(export: Export) -> dict[str, Any]:
    """What the access log keeps: which report and which cell, no words of persons."""
    told: dict[str, Any] = {
        "report": export.report,
        "subject": export.subject,
        "period": export.period,
        "form": export.form,
    }
    if export.filters:
        told["filters"] = export.filters
    if export.is_rows:
        told |= {"cell": "/".join(_cell(export)), "names": export.names_people}
    return told


def _put_into_queue(pk: UUID) -> bool:
    from opora.reports.leaving_tasks import write_export

    try:
        with transaction.atomic():
            write_export.configure(queueing_lock=f"reports.export:{pk}").defer(export_id=str(pk))
    except AlreadyEnqueued:
        return False
    return True


def _take(export_id: UUID) -> Export | None:
    with enter(Scope.system("an export finds who asked for it")):
        asked = Export.objects.filter(pk=export_id).under_way()
        if not asked.update(state=Export.State.RUNNING, rows=0):
            return None
        related = ("employee", "assignment__role", "assignment__organisation__territory")
        return Export.objects.select_related(*related).get(pk=export_id)


def _mark(export: Export, **fields: Any) -> None:
    """Write how it ended; what was stopped stays stopped."""
    with enter(Scope.system("an export has ended")):
        if not Export.objects.filter(pk=export.pk, state=Export.State.RUNNING).update(**fields):
            path_of(export).unlink(missing_ok=True)


LOCK = "hashtextextended('reports.export:' || %s, 0)"


@contextmanager
def _line_aside(pk: UUID) -> Iterator[Tell | None]:
    """Hold the lock of a file on a connection of its own and tell there how far it is; None — another holds it."""
    aside = connection.copy()

    def tell(rows: int) -> None:
        with aside.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT set_config('opora.sees', 'all', true)")
            cursor.execute("UPDATE reports_export SET rows = %s WHERE id = %s AND state = 'running'", [rows, pk])
            cursor.execute("SELECT state FROM reports_export WHERE id = %s", [pk])
            found = cursor.fetchone()
            cursor.execute("COMMIT")
        if found and found[0] == Export.State.STOPPED:
            raise Stopped

    try:
        with aside.cursor() as cursor:
            cursor.execute(f"SELECT pg_try_advisory_lock({LOCK})", [str(pk)])
            is_mine = bool(cursor.fetchone()[0])
        yield tell if is_mine else None
    finally:
        aside.close()


def _is_free(pk: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})", [str(pk)])
        return bool(cursor.fetchone()[0])
