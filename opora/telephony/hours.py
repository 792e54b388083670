"""Hours of a line: those of a single day first, then round the clock, its own week, the week of its organisation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from opora.access.scope import Scope, enter
from opora.organisations.hours import AHEAD, ALWAYS, NO_HOURS, State, Week, first_of, parse_day, parse_week, working
from opora.organisations.services.hours import week_of as week_of_organisation
from opora.organisations.services.hours import working_days
from opora.telephony.models import Line
from opora.telephony.ports import Hours

type Span = tuple[datetime, datetime]


def own_week(line: Line) -> Week:
    """Return the hours a line has of its own; ``NO_HOURS`` where it goes by those of its organisation."""
    return parse_week(line.week) if line.week else NO_HOURS


def opens(line: Line, at: datetime) -> datetime | None:
    """Return ``at`` while the line has operators, else when they begin; None — never. Four queries at most."""
    return first_of(_spans(line, at), at)


def state(line: Line, at: datetime) -> State:
    """Return whether the line has operators at a moment and until when, as far as is known. Four queries at most."""
    now = at.astimezone(line.organisation.zone)
    for begins, ends in _spans(line, at):
        if begins <= at < ends:
            return State(True, ends if ends < _known_until(now) else None, now)
        if at < begins:
            return State(False, begins, now)
    return State(False, None, now)


def told(line: Line, at: datetime) -> Hours:
    """Return what an exchange is told of the line: its spans from the beginning of the day. Four queries at most."""
    now = at.astimezone(line.organisation.zone)
    is_gone = line.closed_on is not None and line.closed_on <= now.date()
    return Hours(line.number, () if is_gone else tuple(_spans(line, at)), _known_until(now))


def open_between(organisation: int, since: datetime, until: datetime) -> list[Span] | None:
    """Return when any line of an organisation has operators; None where none has hours of its own. ``AHEAD`` days at
    most. See ``organisations.capacity``: hours are no secret, staffing of the whole territory is reckoned by them."""
    with enter(Scope.system("when the lines of an organisation are open")):
        rows = Line.objects.filter(organisation=organisation).select_related("organisation__territory")
        lines = [one for one in rows.prefetch_related("days") if one.closed_on is None or one.closed_on > since.date()]
        if not any(one.is_round_the_clock or one.week or _has_day(one, since, until) for one in lines):
            return None
        found = [span for one in lines for span in _spans(one, since) if span[0] < until and span[1] > since]
    return sorted(found)


def _has_day(line: Line, since: datetime, until: datetime) -> bool:
    zone = line.organisation.zone
    return any(since.astimezone(zone).date() <= row.day <= until.astimezone(zone).date() for row in line.days.all())


def _spans(line: Line, at: datetime) -> Iterator[Span]:
    organisation = line.organisation
    week = ALWAYS if line.is_round_the_clock else own_week(line)
    week = week_of_organisation(organisation) if week == NO_HOURS else week
    instead = {row.day: parse_day(row.hours) for row in line.days.all()}
    works, zone = working_days(organisation.territory_id), organisation.zone
    return working(week, zone, at.astimezone(zone).date(), works=works, instead=instead)


def _known_until(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=AHEAD), time(), now.tzinfo)
