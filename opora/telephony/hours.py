"""Hours of a line: those of its organisation, unless operators are there round the clock."""

from __future__ import annotations

from datetime import datetime

from opora.organisations.services.hours import opens_at
from opora.telephony.models import Line


def opens(line: Line, at: datetime) -> datetime | None:
    """Return ``at`` while the line has operators, else when they begin; None — never. Three queries at most."""
    return opens_at(line.organisation, at, is_round_the_clock=line.is_round_the_clock)
