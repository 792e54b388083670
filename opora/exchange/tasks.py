"""Work of the exchange in the background; when it runs is said in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.exchange import dispatch, folders, forgetting
from opora.exchange.parcels import process, take_up_waiting


@app.task(name="exchange.process", queue="imports", pass_context=False)
def process_file(parcel_id: int) -> None:
    """Check and store a file that waits; one that is over is left alone."""
    process(parcel_id)


@app.task(name="exchange.make", queue="exports", pass_context=False)
def make_file(parcel_id: int) -> None:
    """Write a file for a partner; one that is over is left alone."""
    dispatch.make(parcel_id)


@app.task(name="exchange.watch", queue="imports", queueing_lock="exchange.watch", pass_context=False)
def watch_folders(timestamp: int) -> int:
    """Take what has come into the folders, and files whose worker died; running twice is harmless."""
    return folders.watch() + take_up_waiting()


@app.task(name="exchange.forget", queue="imports", queueing_lock="exchange.forget", pass_context=False)
def forget(timestamp: int) -> int:
    """Erase files whose time is over; running twice is harmless."""
    return forgetting.forget()
