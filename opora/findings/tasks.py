"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.findings import counting, services


@app.task(name="findings.follow", queueing_lock="findings.follow")
def follow(timestamp: int) -> None:
    """Read the chain on, test the week that is over, look whether measures helped; run twice it finds the same."""
    from opora.findings import watching  # NumPy is heavy: only who tests weeks loads it

    counting.follow()
    watching.watch()
    services.follow_due()
