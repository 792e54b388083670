"""The nightly fold: contacts of the year become rows that count, rows become months."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.informing.models import MonthCount
from opora.informing.monthly.words import pack
from opora.informing.told import keeping as told
from opora.informing.yearly import what_informs
from opora.shared.sql import text

SQL = Path(__file__).parent / "sql"
GONE = """
DELETE FROM informing_informed i USING informed_changes c WHERE c.is_gone AND i.touch_id = c.touch_id
"""
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


def prove(now: datetime | None = None) -> int:
    """Count people told anew from the contacts of these years; return how many sums differed and were put right."""
    near = years(now or timezone.now())
    return told.recount(range(near[0] - 1, near[-1] + 2))


@transaction.atomic
def fold_year(year: int) -> int:
    """Fold one plan year and count the calendar years its contacts may lie in; return how many contacts changed."""
    with enter(Scope.system("months of every insurer are counted")), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        given = {"year": year, "yearly_from": pack()["yearly_from_age"], **what_informs()}
        cursor.execute(text(SQL / "changes.sql"), given)
        changed = cursor.rowcount
        calendar_years = range(year - 1, year + 2)
        with told.following(cursor, calendar_years, "SELECT DISTINCT person_id FROM informed_changes"):
            cursor.execute(text(SQL / "informed.sql"))
            cursor.execute(GONE)
        cursor.execute("DROP TABLE informed_changes")
        for calendar_year in calendar_years:
            MonthCount.objects.filter(year=calendar_year).delete()
            cursor.execute(text(SQL / "month_counts.sql"), {"year": calendar_year, "now": timezone.now()})
    return changed
