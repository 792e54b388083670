"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.portal import limits
from opora.portal.services import drafts


@app.task(name="portal.forget", queueing_lock="portal.forget")
def forget(timestamp: int) -> None:
    """Delete questions that were not sent within a day and tallies that count nothing; run twice it deletes no more."""
    drafts.forget_old()
    limits.forget_old()
