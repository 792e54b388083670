"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.policies import by_program, notices


@app.task(name="policies.send_notices", queueing_lock="policies.send_notices")
def send_notices(timestamp: int) -> None:
    """Send texts before visits; run twice it sends none twice."""
    notices.send_due()


@app.task(name="policies.plan_tomorrow", queueing_lock="policies.plan_tomorrow")
def plan_tomorrow(timestamp: int) -> None:
    """Plan tomorrow where the hour for it has come; run twice it plans nothing twice."""
    by_program.plan_due()
