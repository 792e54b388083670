"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.partners import services


@app.task(name="partners.forget_expired", queueing_lock="partners.forget_expired")
def forget_expired(timestamp: int) -> None:
    """Delete keys and sessions that ended a month ago; harmless twice."""
    services.forget_expired()
