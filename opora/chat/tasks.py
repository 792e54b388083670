"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.chat import services


@app.task(name="chat.forget", queueing_lock="chat.forget")
def forget(timestamp: int) -> None:
    """Erase talks whose time is over; run twice it erases no more."""
    services.forget()


@app.task(name="chat.close_silent", queueing_lock="chat.close_silent")
def close_silent(timestamp: int) -> None:
    """End talks whose citizen has been silent for a day; run twice it ends no more."""
    services.close_silent()
