"""Who comes to a clinic in a month, and what the clinics then tell."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from opora.informing import visits
from opora.informing.models import Roll
from opora.informing.rules import INFORMED
from opora.shared.sql import text
from opora.simulation.akbars.lists import FORMAT
from opora.simulation.akbars.people import SALT
from opora.simulation.akbars.world import HOME, World

SQL = Path(__file__).parent / "sql"


def name(world: World, month: int) -> str:
    return f"poseshcheniya-{world.targets.year}-{month:02}.csv"


def draw(world: World, first: date, last: date) -> None:
    """Say who will come and when: ``coming``, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            text(SQL / "coming.sql"),
            {
                "year": world.targets.year,
                "insurer": world.insurer.pk,
                "states": sorted(INFORMED),
                "first": first,
                "last": last,
                "salt": world.seed * SALT + 100 * first.month,
            },
        )


def tell(world: World, month: int, at: datetime) -> visits.Closed:
    """Load the visits of the month the way a clinic's file does: plans are closed, touches answered."""
    roll = Roll.objects.create(
        territory_id=HOME,
        insurer=world.insurer,
        format=FORMAT,
        name=name(world, month),
        year=world.targets.year,
        month=month,
        loaded_at=at,
    )
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "roll": roll.pk,
            "territory": HOME,
            "insurer": world.insurer.pk,
            "year": world.targets.year,
        }
        cursor.execute(text(SQL / "visited.sql"), given)
        Roll.objects.filter(pk=roll.pk).update(records=cursor.rowcount, matched=cursor.rowcount)
        cursor.execute("ANALYZE informing_visit")
    return visits.close(roll)
