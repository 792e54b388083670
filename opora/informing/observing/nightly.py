"""The work lists of the third level, found anew each night, territory by territory."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing.models import GapCount
from opora.informing.observing import rules
from opora.organisations.models import Organisation
from opora.shared.sql import text

SQL = Path(__file__).parent / "sql"


def find() -> int:
    """Find the gaps of every territory with insurers; return how many are open. Run twice it finds the same."""
    with enter(Scope.system("territories of insurers")):
        insurers = Organisation.objects.filter(kind=Organisation.Kind.INSURER)
        territories = sorted(set(insurers.values_list("territory_id", flat=True)))
    return sum(find_in(territory) for territory in territories)


@transaction.atomic
def find_in(territory: str) -> int:
    """Find the gaps of one territory. Readers see those of the night before until it is committed."""
    now = timezone.now()
    today = timezone.localdate(now)
    lawful = list(rules.lawful_days(territory, today))
    given = {
        "territory": territory,
        "now": now,
        "today": today,
        "year": today.year,
        "first": date(today.year, 1, 1),
        "last": date(today.year, 12, 31),
        "group_three": rules.pack()["group_three"],
        "cancer": rules.cancer_pattern(),
        "services": [one.service for one in lawful],
        "starts": [one.started_on for one in lawful],
        "dues": [one.due_on for one in lawful],
        "whys": [one.why for one in lawful],
    }
    with enter(Scope.system("everybody under observation is looked through")), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.gaps_now")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(text(SQL / "gaps_now.sql"), given)
        found = cursor.rowcount
        cursor.execute("CREATE INDEX ON gaps_now (source_id)")
        cursor.execute("ANALYZE gaps_now")
        cursor.execute(text(SQL / "gaps_closed.sql"), given)
        cursor.execute(text(SQL / "gaps_kept.sql"), given)
        GapCount.objects.filter(territory=territory).delete()
        cursor.execute(text(SQL / "gaps_counted.sql"), given)
        cursor.execute("DROP TABLE pg_temp.gaps_now")
        record("informing.health.gaps", details={"territory": territory, "found": found})
    return found
