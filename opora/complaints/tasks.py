"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.complaints import services


@app.task(name="complaints.remind", queueing_lock="complaints.remind")
def remind(timestamp: int) -> None:
    """Remind clinics of requests, where it is working time; run twice it tells nothing twice."""
    services.remind()
