"""What clinics list: the year in January, those who came later month by month; the seals on January's plan."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from opora.informing.models import Seal
from opora.informing.services.plan import seal
from opora.informing.words import Measure
from opora.shared.sql import text
from opora.simulation.akbars.people import SALT
from opora.simulation.akbars.world import HOME, World

SQL = Path(__file__).parent / "sql"
FORMAT = "opora-informing-csv"
MONTHS = range(1, 10)  # a list of October could only plan the next year
SEALED = (Measure.SCREENING, Measure.CHECKUP, Measure.OBSERVATION)


def receive(world: World, month: int, at: datetime) -> int:
    """Take the lists of a month; return how many people they added to the plan."""
    given: dict[str, Any] = {
        "month": month,
        "at": at,
        "territory": HOME,
        "insurer": world.insurer.pk,
        "year": world.targets.year,
        "eve": world.targets.insured_on,
        "format": FORMAT,
        "seed": world.seed * SALT,
    }
    added = 0
    with connection.cursor() as cursor:
        for name in ("lists", "observed"):
            cursor.execute(text(SQL / f"{name}.sql"), given)
            added += cursor.rowcount
        for table in ("planentry", "entry") if added else ():
            cursor.execute(f"ANALYZE informing_{table}")
    return added


def seal_plans(world: World, at: datetime) -> None:
    """Freeze the plan of the year as it stands."""
    for measure in SEALED:
        made = seal(insurer=world.insurer, measure=measure, year=world.targets.year, by=None)
        Seal.objects.filter(pk=made.pk).update(sealed_at=at)
