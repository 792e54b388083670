"""Commands of the room: write the shifts of a week, copy the last one, keep the settings of a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from opora.audit.services import record
from opora.organisations.models import Employee
from opora.staffing import queries
from opora.staffing.errors import NothingToCopy, NotYourLine, ShiftsUnclear, WeekTaken
from opora.staffing.models import Line, Shift
from opora.staffing.writing import Span, parse

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

type Entered = Mapping[tuple[int, date], str]  # employee and day: as it was typed


def write_week(line: Line, monday: date, entered: Entered, *, by: Employee) -> int:
    """Make the shifts of the week those that were entered; return how many there are now.

    Cells that are not named stay. Raises ShiftsUnclear with ``faults`` by cell, NotYourLine.
    """
    _check(line, by)
    faults: dict[tuple[int, date], str] = {}
    wanted: dict[tuple[int, date], Span | None] = {}
    known = {one.pk for one in queries.people_of(line, monday)}
    for (employee, day), text in entered.items():
        if employee not in known or not monday <= day < monday + WEEK:
            continue
        try:
            wanted[employee, day] = parse(text)
        except ValueError as fault:
            faults[employee, day] = str(fault)
    if faults:
        raise ShiftsUnclear(faults=faults)
    people = {employee for employee, _ in wanted}
    try:
        with transaction.atomic():
            for employee, day in wanted:
                Shift.objects.filter(line=line, employee=employee, day=day).delete()
            Shift.objects.bulk_create(
                _shift(line, employee, day, span, by) for (employee, day), span in wanted.items() if span
            )
    except IntegrityError as fault:
        raise ShiftsUnclear(
            "Смены одного сотрудника перекрываются: проверьте ночные и смены на других линиях."
        ) from fault
    record(
        "staffing.write", ("line", str(line.pk)), by=by, details={"monday": monday.isoformat(), "people": len(people)}
    )
    return Shift.objects.filter(line=line, day__range=(monday, monday + 6 * DAY)).count()


def copy_week(line: Line, monday: date, *, by: Employee) -> int:
    """Repeat the shifts of the week before, of those who still work here; return how many.

    Raises NothingToCopy, WeekTaken, NotYourLine.
    """
    _check(line, by)
    last = Shift.objects.filter(line=line, day__range=(monday - WEEK, monday - DAY))
    if Shift.objects.filter(line=line, day__range=(monday, monday + 6 * DAY)).exists():
        raise WeekTaken
    known = {one.pk for one in queries.people_of(line, monday)}
    entered = {
        (shift.employee_id, shift.day + WEEK): str(span_of(shift)) for shift in last if shift.employee_id in known
    }
    if not entered:
        raise NothingToCopy
    return write_week(line, monday, entered, by=by)


def change_line(line: Line, given: Mapping[str, Any], *, by: Employee) -> Line:
    """Keep what a line promises. Raises NotYourLine."""
    _check(line, by)
    for name, value in given.items():
        setattr(line, name, value)
    line.version += 1
    line.save(update_fields=[*given, "version"])
    record("staffing.line", ("line", str(line.pk)), by=by, details={name: str(value) for name, value in given.items()})
    return line


def span_of(shift: Shift) -> Span:
    """Return a shift as minutes of its day, by the clock of its line."""
    midnight = datetime.combine(shift.day, time(), tzinfo=shift.line.zone)

    def minutes(at: datetime | None) -> int | None:
        return None if at is None else round((at - midnight).total_seconds() / 60)

    return Span(
        minutes(shift.begins_at) or 0,
        minutes(shift.ends_at) or 0,
        minutes(shift.break_from),
        minutes(shift.break_until),
    )


def _shift(line: Line, employee: int, day: date, span: Span, by: Employee) -> Shift:
    midnight = datetime.combine(day, time(), tzinfo=line.zone)

    def at(minutes: int | None) -> datetime | None:
        return None if minutes is None else midnight + timedelta(minutes=minutes)

    return Shift(
        line=line,
        territory=line.territory,
        insurer_id=line.insurer_id,
        employee_id=employee,
        day=day,
        begins_at=midnight + timedelta(minutes=span.begins),
        ends_at=midnight + timedelta(minutes=span.ends),
        break_from=at(span.break_from),
        break_until=at(span.break_until),
        by=by,
    )


def _check(line: Line, by: Employee) -> None:
    if not line.is_of(by):
        raise NotYourLine
