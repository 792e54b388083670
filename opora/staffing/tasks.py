"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.staffing import counting


@app.task(name="staffing.follow", queueing_lock="staffing.follow")
def follow(timestamp: int) -> None:
    """Count calls of the journal on; run twice it counts the same."""
    counting.follow()
