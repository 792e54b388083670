"""People insured at the start of a year, counted at night: reports read the count, not millions of policies."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.reports.models import InsuredCount
from opora.shared.sql import text

YEARS = 3  # so many years a report is usually asked about: this one and those before it
COUNT = Path(__file__).parent / "sql" / "insured_counts.sql"


def count_insured(now: datetime | None = None) -> int:
    """Count everybody who held a policy on the last day before each of the last years; return how many counts."""
    now = now or timezone.now()
    return sum(_count(date(now.year - back, 12, 31), now) for back in range(1, YEARS + 1))


@transaction.atomic
def _count(day: date, now: datetime) -> int:
    with enter(Scope.system("people insured are counted for reports")):
        InsuredCount.objects.filter(day=day).delete()
        with connection.cursor() as cursor:
            cursor.execute(text(COUNT), {"day": day, "now": now})
            return int(cursor.rowcount)
