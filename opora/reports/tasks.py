"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.reports import following


@app.task(name="reports.follow", queueing_lock="reports.follow")
def follow(timestamp: int) -> None:
    """Read what the rooms have done since; run twice it finds nothing new."""
    following.follow()
