"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.chat import services


@app.task(name="chat.forget", queueing_lock="chat.forget")
def forget(timestamp: int) -> None:
    """Erase talks whose time is over; run twice it erases no more."""
    services.forget()
