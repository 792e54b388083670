"""Hours of a line by its organisation's week and the production calendar of its territory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from opora.deadlines.queries import calendar
from opora.organisations.services.hours import week_of
from opora.telephony.models import Line
from opora.telephony.rules import ALWAYS, opening


def opens(line: Line, at: datetime) -> datetime | None:
    """Return ``at`` while the line has operators, else when they begin; None — never. Three queries at most."""
    if line.is_round_the_clock:
        return opening(ALWAYS, line.organisation.zone, at)
    works = _working_days(line.organisation.territory_id)
    return opening(week_of(line.organisation), line.organisation.zone, at, works=works)


def _working_days(territory: str) -> Callable[[date], bool]:
    try:
        return calendar(territory).works
    except KeyError:  # no calendar is loaded: days are taken by their weekday
        return lambda day: True
