"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.appeals.partitions import keep_months_ahead


@app.task(name="appeals.keep_months", queueing_lock="appeals.keep_months")
def keep_months(timestamp: int) -> None:
    """Add the months of events for a year ahead; run twice it adds nothing."""
    keep_months_ahead()
