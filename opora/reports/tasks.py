"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.reports import following, insured


@app.task(name="reports.follow", queueing_lock="reports.follow")
def follow(timestamp: int) -> None:
    """Read what the rooms have done since; run twice it finds nothing new."""
    following.follow()


@app.task(name="reports.count_insured", queueing_lock="reports.count_insured")
def count_insured(timestamp: int) -> None:
    """Count people insured at the start of the last years; run twice it finds the same."""
    insured.count_insured()
