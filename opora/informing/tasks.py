"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from opora.informing import exporting
from opora.informing.letters import drawing
from opora.informing.letters import services as letters
from opora.informing.monthly import nightly as months
from opora.informing.observing import nightly as gaps
from opora.informing.quality import nightly
from opora.informing.services import relaying
from opora.informing.services.climbing import climb
from opora.shared.partitions import add_years


@app.task(name="informing.climb", queueing_lock="informing.climb")
def climb_ladders(timestamp: int) -> None:
    """Launch the waves whose time has come; run twice it launches nothing more."""
    climb()


@app.task(name="informing.make_room")
def make_room(insurer: int) -> None:
    """Lay bulk waves anew that no longer fit beside a wave that has just begun; run twice it lays nothing more."""
    relaying.make_room(insurer, now=timezone.now())


@app.task(name="informing.weigh_contacts", queueing_lock="informing.weigh_contacts")
def weigh_contacts(timestamp: int) -> None:
    """Mark numbers by what arrived, then count who can be reached; run twice it finds the same."""
    nightly.weigh()
    nightly.count()


@app.task(name="informing.find_gaps", queueing_lock="informing.find_gaps")
def find_gaps(timestamp: int) -> None:
    """Find who fell out of observation or waits too long; run twice it finds the same."""
    gaps.find()


@app.task(name="informing.fold_months", queueing_lock="informing.fold_months")
def fold_months(timestamp: int) -> None:
    """Count the monthly table anew; run twice it finds the same."""
    months.fold()


@app.task(name="informing.prove_told", queueing_lock="informing.prove_told")
def prove_told(timestamp: int) -> None:
    """Compare the sums of people told with their contacts; run twice it finds nothing."""
    months.prove()


@app.task(name="informing.write_export", queue="exports")
def write_export(export_id: str) -> None:
    """Write the file of an export; one that is written already is left alone."""
    exporting.write(UUID(export_id))


@app.task(name="informing.forget_exports", queueing_lock="informing.forget_exports")
def forget_exports(timestamp: int) -> None:
    """End exports nobody writes any more, remove files older than a day; run twice it does nothing more."""
    exporting.end_left()
    exporting.forget_old()


@app.task(name="informing.keep_years", queueing_lock="informing.keep_years")
def keep_years(timestamp: int) -> None:
    """Add the tables of the years to come; run twice it adds nothing."""
    for table in ("planentry", "touch", "exclusion"):
        add_years(f"informing_{table}", timezone.now().year)


@app.task(name="informing.draw_letters", queue="exports")
def draw_letters(run_id: int) -> None:
    """Draw up a print run; one that is not being drawn up is left alone."""
    drawing.draw(run_id)


@app.task(name="informing.rewrite_register", queue="exports")
def rewrite_register(run_id: int) -> None:
    """Write the register of a print run without the letters taken out of it; a good one is left alone."""
    from opora.informing.letters import inking  # the library of PDF costs a second: only who writes one pays it

    inking.rewrite_register(run_id)


@app.task(name="informing.forget_letters", queueing_lock="informing.forget_letters")
def forget_letters(timestamp: int) -> None:
    """Remove the files of runs handed over a month ago."""
    letters.forget_files()
