"""Work that runs by the clock."""

from procrastinate.contrib.django import app

from opora.access.scope import Scope, enter
from opora.telephony.models import Line
from opora.telephony.partitions import keep_months_ahead
from opora.telephony.services import forgetting, load, phones, recordings, steering
from opora.telephony.services.commands import forget_commands
from opora.telephony.services.taking import close_lost as close
from opora.telephony.services.taking import forget_keys as forget


@app.task(name="telephony.close_lost")
def close_lost(timestamp: int) -> None:
    """End the calls whose end an exchange has never told."""
    with enter(Scope.system("every exchange is looked at")):
        exchanges = sorted(set(Line.objects.values_list("pbx", flat=True)))
    for pbx in exchanges:
        close(pbx)


@app.task(name="telephony.keep_months")
def keep_months(timestamp: int) -> None:
    """Make the months of facts a year ahead, and forget the keys of old ones."""
    keep_months_ahead()
    forget()
    forget_commands()


@app.task(name="telephony.fetch_recordings", queueing_lock="telephony.fetch_recordings")
def fetch_recordings(timestamp: int) -> None:
    """Bring the voices that exchanges have named; what cannot be had now is asked for again later."""
    recordings.fetch_due()


@app.task(name="telephony.forget_recordings", queueing_lock="telephony.forget_recordings")
def forget_recordings(timestamp: int) -> None:
    """Erase the voices whose term is over."""
    forgetting.forget_recordings()


@app.task(name="telephony.forget_numbers", queueing_lock="telephony.forget_numbers")
def forget_numbers(timestamp: int) -> None:
    """Blank the numbers of callers whose term is over."""
    forgetting.forget_numbers()


@app.task(name="telephony.steer", queueing_lock="telephony.steer")
def steer(timestamp: int) -> None:
    """Tell exchanges hours and overflow; one that is away keeps what it knew, and that has its end."""
    steering.steer_all()


@app.task(name="telephony.look_after", queueing_lock="telephony.look_after")
def look_after(timestamp: int) -> None:
    """Take off the line whose telephone in the browser is gone."""
    phones.look_after()


@app.task(name="telephony.tell_load", queueing_lock="telephony.tell_load")
def tell_load(timestamp: int) -> None:
    """Give the calls of the last half-hours to whoever reckons shifts."""
    load.tell_load()
