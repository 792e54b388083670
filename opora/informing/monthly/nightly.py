"""The nightly fold: contacts of the year become rows that count, rows become months."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.informing.models import MonthCount
from opora.informing.monthly.words import pack
from opora.informing.yearly import what_informs
from opora.shared.sql import text

SQL = Path(__file__).parent / "sql"
FIRST_MONTHS, LAST_MONTHS = (1, 2), (11, 12)


def fold(now: datetime | None = None) -> int:
    """Fold the plan years whose contacts still change; return how many rows were written. Run twice: none."""
    now = now or timezone.now()
    return sum(fold_year(year) for year in years(now))


def years(now: datetime) -> list[int]:
    """Return the plan years of these days: late receipts of the old one in winter, early waves of the next one."""
    near = {now.year}
    near |= {now.year - 1} if now.month in FIRST_MONTHS else set()
    near |= {now.year + 1} if now.month in LAST_MONTHS else set()
    return sorted(near)


@transaction.atomic
def fold_year(year: int) -> int:
    """Fold one plan year and count the calendar years its contacts may lie in."""
    with enter(Scope.system("months of every insurer are counted")), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        given = {"year": year, "yearly_from": pack()["yearly_from_age"], **what_informs()}
        cursor.execute(text(SQL / "informed.sql"), given)
        written = cursor.rowcount
        for calendar_year in (year - 1, year, year + 1):
            MonthCount.objects.filter(year=calendar_year).delete()
            cursor.execute(text(SQL / "month_counts.sql"), {"year": calendar_year, "now": timezone.now()})
    return written
