"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from uuid import UUID

from procrastinate.contrib.django import app

from opora.feedback import services


@app.task(name="feedback.carry")
def carry(errand_id: str) -> None:
    """Try to carry one errand; one that was carried is left alone."""
    services.carry(UUID(errand_id))


@app.task(name="feedback.fetch", queueing_lock="feedback.fetch", lock="feedback.fetch")
def fetch(timestamp: int) -> None:
    """Ask the platform for news."""
    services.fetch_all()


@app.task(name="feedback.tend", queueing_lock="feedback.tend")
def tend(timestamp: int) -> None:
    """Carry what is due and follow the journal; run twice it does nothing more."""
    services.take_up_left()
    services.carry_due()
    services.follow()
