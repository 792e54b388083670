"""Background work of the house itself; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.shared import jobs


@app.task(name="shared.give_back", queueing_lock="shared.give_back")
def give_back(timestamp: int) -> None:
    """Give jobs of dead workers back to the queue; run twice it gives nothing more."""
    jobs.give_back()
