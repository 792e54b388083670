"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.complaints import services
from opora.complaints.services import tally


@app.task(name="complaints.remind", queueing_lock="complaints.remind")
def remind(timestamp: int) -> None:
    """Remind clinics of requests, where it is working time; run twice it tells nothing twice."""
    services.remind()


@app.task(name="complaints.fold_tally", queueing_lock="complaints.fold_tally")
def fold_tally(timestamp: int) -> None:
    """Fold the counts of the board; run twice they are the same."""
    tally.fold_tally()
