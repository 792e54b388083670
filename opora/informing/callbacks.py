"""Calls to expect after texts of campaigns that go on: what the plan of shifts asks (``organisations.capacity``).

A share of recipients (``Limits.callback_percent``) calls back within the half-hour of the text; when they really call
is not measured, so it is assumed. Waves that are not launched yet have no hours and are not counted.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

from opora.informing.models import Wave
from opora.informing.pacing import Limits
from opora.informing.words import Channel, WaveState
from opora.shared.sql import question

touches_ahead = question(Path(__file__).parent / "sql", "callbacks")


def expected(organisation: int, since: datetime, until: datetime) -> dict[datetime, float]:
    """Return expected call-backs by half-hour of an insurer or a fund. Two queries."""
    ahead = Wave.objects.filter(campaign__insurer=organisation, state__in=[WaveState.PLANNED, WaveState.RUNNING])
    ahead = ahead.exclude(rung__channel=Channel.CALL)
    limits = dict(ahead.values_list("pk", "campaign__limits"))
    if not limits:
        return {}
    shares = {wave: Limits.read(given).callback_percent / 100 for wave, given in limits.items()}
    found: Counter[datetime] = Counter()
    for row in touches_ahead(waves=list(limits), since=since, until=until):
        found[row.at] += row.touches * shares[row.wave_id]
    return dict(found)
