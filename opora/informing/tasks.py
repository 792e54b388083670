"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from django.utils import timezone
from procrastinate.contrib.django import app

from opora.informing.quality import nightly
from opora.informing.services.climbing import climb
from opora.shared.partitions import add_years


@app.task(name="informing.climb", queueing_lock="informing.climb")
def climb_ladders(timestamp: int) -> None:
    """Launch the waves whose time has come; run twice it launches nothing more."""
    climb()


@app.task(name="informing.weigh_contacts", queueing_lock="informing.weigh_contacts")
def weigh_contacts(timestamp: int) -> None:
    """Mark numbers by what arrived, then count who can be reached; run twice it finds the same."""
    nightly.weigh()
    nightly.count()


@app.task(name="informing.keep_years", queueing_lock="informing.keep_years")
def keep_years(timestamp: int) -> None:
    """Add the tables of the years to come; run twice it adds nothing."""
    for table in ("planentry", "touch", "exclusion"):
        add_years(f"informing_{table}", timezone.now().year)
