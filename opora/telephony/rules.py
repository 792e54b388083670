"""When a line has operators, and until when somebody who has not got through is to be called back. No database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from opora.organisations.hours import MIDNIGHT, NO_HOURS, ROUND_THE_CLOCK, Day, Week, parse_day

WITHIN = timedelta(hours=1)  # of working time of the line; Moscow region: «в течение дня» (domain 01 §9)
AGAIN = timedelta(hours=2)
MOST_ATTEMPTS = 3
AHEAD = 15  # days: the longest holidays are ten
OFFICE: Day = parse_day("9-18")
OFFICE_WEEK: Week = (OFFICE,) * 5 + ((), ())  # assumed for those whose hours nobody has typed
ALWAYS: Week = (ROUND_THE_CLOCK,) * 7
SERVICE_SECONDS = 20  # of «80/20»


def opening(
    week: Week, zone: ZoneInfo, at: datetime, *, works: Callable[[date], bool] = lambda day: True
) -> datetime | None:
    """Return ``at`` while operators take calls, else when they begin to; None when they never do.

    ``works`` says of a day whether the production calendar has it as a working one; it closes week days that are
    holidays, and opens nothing that the week has closed.
    """
    local = at.astimezone(zone)
    week = OFFICE_WEEK if week == NO_HOURS else week
    for ahead in range(AHEAD):
        day = local.date() + timedelta(days=ahead)
        hours = week[day.weekday()]
        if week != ALWAYS and day.weekday() < 5 and not works(day):
            continue
        for part in hours:
            begins = datetime.combine(day, part.opens_at, tzinfo=zone)
            last = timedelta(days=1) if part.closes == MIDNIGHT else timedelta()
            ends = datetime.combine(day + last, part.closes_at, tzinfo=zone)
            if at < ends:
                return max(at, begins)
    return None


def due_at(opens: datetime | None, called: datetime) -> datetime:
    """Return until when to call back: an hour after the line is at work."""
    return (opens or called) + WITHIN
