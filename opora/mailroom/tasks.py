"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.mailroom import services
from opora.mailroom.services import reading


@app.task(name="mailroom.read", queue="scans")
def read(scan_id: int) -> None:
    """Read one scan; one that is read already is left alone."""
    reading.read_scan(scan_id)


@app.task(name="mailroom.tend", queue="scans", queueing_lock="mailroom.tend")
def tend(timestamp: int) -> None:
    """Pick up letters that were not heard of, read scans whose worker died; run twice it does nothing twice."""
    try:
        services.collect_left()
    finally:
        reading.read_left()


@app.task(name="mailroom.forget", queueing_lock="mailroom.forget")
def forget(timestamp: int) -> None:
    """Erase people and texts whose time is over."""
    services.forget()
