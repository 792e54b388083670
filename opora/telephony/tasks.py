"""Work that runs by the clock."""

from procrastinate.contrib.django import app

from opora.access.scope import Scope, enter
from opora.telephony.models import Line
from opora.telephony.partitions import keep_months_ahead
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
