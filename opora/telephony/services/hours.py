"""Hours of a line are typed by whoever keeps it; the exchange is told of them within a minute."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from opora.audit.services import record
from opora.organisations.hours import NO_HOURS, Day, Week, day_text, week_text
from opora.telephony.hours import own_week
from opora.telephony.models import Line, LineDay

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@transaction.atomic
def set_week(line: Line, week: Week, *, by: Employee) -> None:
    """Give a line hours of its own; ``NO_HOURS`` — those of its organisation again."""
    before = own_week(Line.objects.select_for_update().get(pk=line.pk))
    if before == week:
        return
    line.week = [] if week == NO_HOURS else [day_text(day) for day in week]
    line.save(update_fields=["week"])
    record("telephony.line.hours", line, by=by, details={"changed": {"hours": [week_text(before), week_text(week)]}})


@transaction.atomic
def set_day(line: Line, day: date, hours: Day, why: str, *, by: Employee) -> LineDay:
    """Let a line have these hours on one day; what was said of the day before is replaced."""
    given = {"organisation_id": line.organisation_id, "hours": day_text(hours), "why": why.strip()}
    row, _ = LineDay.objects.update_or_create(line=line, day=day, defaults=given)
    record("telephony.line.day", line, by=by, details={"day": day.isoformat(), "hours": row.hours})
    return row


@transaction.atomic
def forget_day(row: LineDay, *, by: Employee) -> None:
    """Let the day be as any other."""
    record("telephony.line.day.forget", row.line, by=by, details={"day": row.day.isoformat(), "hours": row.hours})
    row.delete()
