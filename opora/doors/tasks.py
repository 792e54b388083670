"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from uuid import UUID

from procrastinate.contrib.django import app

from opora.doors import news, services


@app.task(name="doors.deliver")
def deliver(message_id: str) -> None:
    """Try to send one answer; one that has left is left alone."""
    services.deliver(UUID(message_id))


@app.task(name="doors.tend", queueing_lock="doors.tend")
def tend(timestamp: int) -> None:
    """Keep the rules of doors a process did not live to keep, send what is due; run twice it does nothing more."""
    services.decide_left()
    services.take_up_left()
    services.deliver_due()


@app.task(name="doors.forget", queueing_lock="doors.forget")
def forget(timestamp: int) -> None:
    """Erase what may be forgotten."""
    services.forget()


@app.task(name="doors.tell")
def tell(organisation: int) -> None:
    """Tell open desks that something has come."""
    news.tell(organisation)


@app.task(name="doors.fetch", queueing_lock="doors.fetch", lock="doors.fetch")
def fetch(timestamp: int) -> None:
    """Look what has come by every open door; a door that is out of reach holds up no other."""
    services.fetch_all()


@app.task(name="doors.listen", queueing_lock="doors.listen", lock="doors.listen")
def listen(timestamp: int) -> None:
    """Listen for most of a minute to doors that can be waited for: messengers."""
    services.listen_all()
