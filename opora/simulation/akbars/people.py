"""The grown-ups of the year and what befalls them: a table of the session, made anew from the register and the seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from opora.shared.sql import text
from opora.simulation.akbars.world import World

SQL = Path(__file__).parent / "sql"
# More are listed than are reached: the dead, those who have left, come by themselves or cannot be told. Assumed.
LISTED, ILL_LISTED = 1.045, 1.06
SALT = 10_000  # every side of a person takes its chance from a salt of its own


def gather(world: World) -> None:
    """Make ``year_people``. Same people, same fates, whenever it is made in the year."""
    targets = world.targets
    prevention, observation = targets.streams
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.year_people")
        cursor.execute(text(SQL / "chance.sql"))
        cursor.execute(
            text(SQL / "people.sql"),
            {
                "year": targets.year,
                "eve": targets.insured_on,
                "last": date(targets.year, 12, 31),
                "insurer": world.insurer.pk,
                "clinics": list(world.clinics),
                "seed": world.seed * SALT,
                "planned": prevention.planned,
                "late": round(prevention.informed * LISTED) - prevention.planned,
                "ill_planned": observation.planned,
                "ill_late": round(observation.informed * ILL_LISTED) - observation.planned,
            },
        )


def lose(world: World, first: date, last: date) -> None:
    """Let those die and leave in the register whose day is in the month."""
    given: dict[str, Any] = {"first": first, "last": last, "insurer": world.insurer.pk}
    with connection.cursor() as cursor:
        cursor.execute(text(SQL / "lost.sql"), given)
        cursor.execute(text(SQL / "left.sql"), given)
