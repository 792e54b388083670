"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.channels import services
from opora.channels.partitions import keep_months_ahead


@app.task(name="channels.keep_months", queueing_lock="channels.keep_months")
def keep_months(timestamp: int) -> None:
    """Add the months of receipts for a year ahead, forget old health; run twice it does nothing more."""
    keep_months_ahead()
    services.forget_old()


@app.task(name="channels.collect_receipts", queueing_lock="channels.collect_receipts")
def collect_receipts(timestamp: int) -> None:
    """Take receipts that wait at providers; run twice it takes none twice."""
    services.collect()
