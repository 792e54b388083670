"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.policies import notices


@app.task(name="policies.send_notices", queueing_lock="policies.send_notices")
def send_notices(timestamp: int) -> None:
    """Send texts before visits; run twice it sends none twice."""
    notices.send_due()
