"""Until when somebody who has not got through is to be called back, how often and how soon. No database."""

from __future__ import annotations

from datetime import datetime, timedelta

WITHIN = timedelta(hours=1)  # of working time of the line; Moscow region: «в течение дня» (domain 01 §9)
AGAIN = timedelta(hours=2)
MOST_ATTEMPTS = 3
SERVICE_SECONDS = 20  # of «80/20»


def due_at(opens: datetime | None, called: datetime) -> datetime:
    """Return until when to call back: an hour after the line is at work."""
    return (opens or called) + WITHIN
