"""Until when somebody who has not got through is to be called back, how often and how soon. No database."""

from __future__ import annotations

from datetime import datetime, timedelta

WITHIN = timedelta(hours=1)  # of working time of the line; Moscow region: «в течение дня» (domain 01 §9)
AGAIN = timedelta(hours=2)
MOST_ATTEMPTS = 3
SOON = timedelta(minutes=30)
SERVICE_SECONDS = 20  # of «80/20»


def due_at(opens: datetime | None, called: datetime) -> datetime:
    """Return until when to call back: an hour after the line is at work."""
    return (opens or called) + WITHIN


def urgency(due: datetime, now: datetime) -> str:
    """Return how a term is shown, as badges call it: «late», «today» in the last half an hour, «word» before.

    >>> noon = datetime(2026, 3, 11, 12)
    >>> [urgency(noon + timedelta(minutes=left), noon) for left in (-1, 0, 30, 31)]
    ['late', 'today', 'today', 'word']
    """
    if due < now:
        return "late"
    return "today" if due - now <= SOON else "word"
