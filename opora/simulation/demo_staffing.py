"""Shifts of the demonstration: fourteen weeks of calls by half-hour, a week that lacks people, lines that agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.organisations.models import Assignment, Employee, Organisation
from opora.staffing import counting, services
from opora.staffing.counting import HalfHour
from opora.staffing.models import Line, Load
from opora.staffing.models.line import HOT
from opora.telephony import figures
from opora.telephony.models import Call

SYSTEM = Scope.system("shifts of the demonstration")
WEEKS = timedelta(weeks=14)
DAY = timedelta(days=1)
ABANDONED, TALK = 0.06, 190
DAILY = {"fund": 35.0, "insurer": 110.0}  # of the organisations whose calls are told one by one
NEIGHBOURS = (60.0, 40.0)
OFF = ""
EARLY, LATE, LONG = "9-18, обед 13-14", "11-20, обед 15-16", "8-20, обед 12-13"
# Monday to Sunday; on Monday and Wednesday too few come early.
WEEK = {
    "insurer": (
        ("9-18, обед 12-13", EARLY, EARLY, EARLY, EARLY, OFF, OFF),
        (LATE, "9-18, обед 14-15", LATE, "9-18, обед 14-15", "9-18, обед 14-15", OFF, OFF),
        (LATE, LATE, LATE, LATE, EARLY, OFF, OFF),
        (OFF, EARLY, OFF, EARLY, LATE, "10-15", OFF),
        (LONG, OFF, OFF, LONG, LONG, OFF, OFF),
        (OFF, LONG, LONG, OFF, OFF, "10-15", OFF),
    ),
    "fund": (
        (EARLY,) * 5 + (OFF, OFF),
        ("9-18, обед 12-13",) * 5 + (OFF, OFF),
        (OFF, "9-18, обед 14-15", "9-18, обед 14-15", OFF, "9-18, обед 14-15", OFF, OFF),
    ),
}


def ensure_staffing(logins: dict[str, str]) -> None:
    """Bring load, shifts and the agreement once. One question when they are there."""
    with enter(SYSTEM):
        if Load.objects.exists():
            return
        employees = [Employee.objects.get(login=logins[role]) for role in ("op1", "sp1")]
        home = employees[0].scope.territory
        kinds = (Organisation.Kind.FUND, Organisation.Kind.INSURER)
        owners = list(Organisation.objects.filter(territory=home, kind__in=kinds).order_by("kind", "pk"))
        lines = {owner: counting.line_of(owner, HOT) for owner in owners}
    own = {one.scope.organisation for one in employees}
    others = iter(NEIGHBOURS)
    for owner, line in lines.items():
        daily = DAILY[owner.kind] if owner.pk in own else next(others, NEIGHBOURS[-1])
        counting.take_load(list(_load(owner, line, daily)))
    for employee in employees:
        assert employee.assignment is not None  # noqa: S101 - who plays in the demonstration works somewhere
        owner = employee.assignment.organisation
        _plan(lines[owner], _leader(owner), WEEK[owner.kind])
    for owner in owners[:3]:
        leader = _leader(owner)
        with enter(leader.scope):
            services.change_line(lines[owner], {"is_pooled": True}, by=leader)


def _load(owner: Organisation, line: Line, daily: float) -> Iterator[HalfHour]:
    """Yield half-hours: what the exchange told where it did, what the same stream would have brought before."""
    from opora.deadlines.queries import calendar
    from opora.organisations.services.hours import week_of
    from opora.simulation.calls import HALF, Flow

    now, zone = timezone.now(), owner.zone
    with enter(SYSTEM):
        first = Call.objects.filter(organisation=owner).order_by("began_at").values_list("began_at", flat=True).first()
        told = figures.half_hours(first, now, [owner.pk]) if first else []
        flow = Flow("", "", int(owner.code), daily, zone, week_of(owner), calendar(owner.territory_id).works)
    today = now.astimezone(zone).date()
    until = first.astimezone(zone).date() if first else today
    day = today - WEEKS
    while day < until:
        for half, number in enumerate(flow.counts(day)):
            at = datetime.combine(day, time(), zone) + half * HALF
            if number:
                lost = round(number * ABANDONED) if flow.is_open(at) else 0
                answered = number - lost if flow.is_open(at) else 0
                yield HalfHour(line.pk, at, number, answered, lost, answered * TALK)
        day += DAY
    for one in told:
        yield HalfHour(line.pk, one.half_hour, one.calls, one.answered, one.abandoned, one.talk_seconds)


def _plan(line: Line, leader: Employee, week: tuple[tuple[str, ...], ...]) -> None:
    """Write the shifts of this week for who answers calls all day."""
    today = timezone.localdate(timezone=line.zone)
    monday = today - today.weekday() * DAY
    with enter(leader.scope):
        entered: dict[tuple[int, date], Any] = {
            (employee, monday + number * DAY): text
            for employee, row in zip(_operators(line.organisation_id), week, strict=False)
            for number, text in enumerate(row)
        }
        services.write_week(line, monday, entered, by=leader)


def _operators(organisation: int) -> list[int]:
    found = Assignment.objects.current().filter(organisation=organisation, role__slug__in=["sp1", "op1"])
    return list(found.order_by("employee_id").values_list("employee_id", flat=True))


def _leader(organisation: Organisation) -> Employee:
    with enter(SYSTEM):
        found = Assignment.objects.current().filter(organisation=organisation, role__slug="supervisor")
        return found.select_related("employee").order_by("employee_id")[0].employee
