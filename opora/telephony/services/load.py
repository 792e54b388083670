"""What the exchange has counted goes to whoever reckons shifts; it stands over what the journal says."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.organisations.models import Organisation
from opora.staffing import counting
from opora.staffing.models.line import HOT
from opora.telephony import figures

AGAIN = timedelta(days=2)  # a call that was told late, or ended late, still counts
HALF = timedelta(minutes=30)


def tell_load(now: datetime | None = None) -> int:
    """Write the half-hours of two days that are over, those without a call left out; return how many.

    All numbers of an organisation are its one hot line: the same people answer them. A repeat replaces.
    """
    moment = now or timezone.now()
    until = moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
    sums: defaultdict[tuple[int, datetime], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    with enter(Scope.system("calls are counted for everybody")):
        for row in figures.half_hours(until - AGAIN, until):
            counted = (row.calls, row.answered, row.abandoned, row.talk_seconds)
            whole = sums[row.organisation, row.half_hour]
            sums[row.organisation, row.half_hour] = [a + b for a, b in zip(whole, counted, strict=True)]
        places = Organisation.objects.in_bulk({organisation for organisation, _ in sums})
    lines = {key: counting.line_of(place, HOT).pk for key, place in places.items()}
    rows = [counting.HalfHour(lines[organisation], at, *counted) for (organisation, at), counted in sums.items()]
    if rows:
        counting.take_load(rows)
    return len(rows)
