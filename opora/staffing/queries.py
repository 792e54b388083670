"""Questions of the room: a week of a line with everything the page says of it, lines together, who is on shift."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet
from django.utils import timezone

from opora.access.scope import Scope, Sees, enter
from opora.deadlines.calendar import DayKind
from opora.deadlines.queries import calendar
from opora.organisations import capacity
from opora.organisations.hours import Interval
from opora.organisations.models import Assignment, Employee, HotLine, WorkingHours
from opora.staffing import forecasting, need
from opora.staffing.forecasting import Forecast, Missed
from opora.staffing.models import Line, Load, Shift
from opora.staffing.models.line import HOT
from opora.staffing.need import HALVES, Gap, Promise

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
HALF = timedelta(minutes=30)
PAST = timedelta(weeks=62)

type Rows = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Week:
    """A week of a line: what is expected, what it needs, who is there, what was. Rows are seven days of 48 half-hours.

    ``actual`` holds None for half-hours that are not over; ``need`` and ``there`` are people on shift.
    """

    line: Line
    monday: date
    forecast: Forecast
    callbacks: tuple[tuple[float, ...], ...]
    expected: tuple[tuple[float, ...], ...]
    actual: tuple[tuple[int | None, ...], ...]
    need: Rows
    there: Rows
    missed: Missed | None
    kinds: tuple[DayKind, ...]
    has_own_hours: bool  # its lines have hours of their own, kept in telephony

    @property
    def days(self) -> list[date]:
        return [self.monday + step * DAY for step in range(7)]

    @cached_property
    def gaps(self) -> list[Gap]:
        return need.gaps(self.need, self.there)

    @cached_property
    def spare(self) -> list[Gap]:
        return need.spare(self.need, self.there)

    @property
    def has_shifts(self) -> bool:
        return any(map(any, self.there))

    @property
    def calls(self) -> float:
        return sum(map(sum, self.expected))

    @property
    def called_back(self) -> float:
        return sum(map(sum, self.callbacks))


@dataclass(frozen=True, slots=True)
class Together:
    """Person-hours of a week and the busiest half-hour: each line apart, all of them as one."""

    lines: tuple[tuple[str, float, int], ...]  # organisation, hours, people at the busiest
    apart_hours: float
    apart_most: int
    hours: float
    most: int

    @property
    def saved(self) -> float:
        return self.apart_hours - self.hours


def lines(employee: Employee) -> QuerySet[Line]:
    """Lines she may see, with their organisations."""
    return Line.objects.accessible_to(employee).select_related("organisation__territory")


def own_first(employee: Employee, found: Iterable[Line]) -> list[Line]:
    return sorted(found, key=lambda line: not line.is_of(employee))


def promise(line: Line) -> Promise:
    return Promise(line.level / 100, line.within, line.call_seconds, line.patience or None, line.shrinkage / 100)


def week(line: Line, monday: date, *, now: datetime | None = None) -> Week:
    """Return the week of ``monday``. Nine queries; 60 weeks of load are read (20 000 rows at most)."""
    moment = now or timezone.now()
    today = moment.astimezone(line.zone).date()
    days = [monday + step * DAY for step in range(7)]
    book = calendar(line.territory)
    past = _past(line, min(monday, today) - PAST, max(monday + WEEK, today))
    told = forecasting.forecast(past, monday, _kind(book.kind), known_until=today)
    callbacks = _expected(line, monday)
    opened, has_own_hours = _open(line, monday)
    expected = tuple(
        tuple((a + b) * (half in opened[day]) for half, (a, b) in enumerate(zip(usual, more, strict=True)))
        for day, (usual, more) in enumerate(zip(told.days, callbacks, strict=True))
    )
    asked = promise(line)
    this_monday = today - today.weekday() * DAY
    return Week(
        line=line,
        monday=monday,
        forecast=told,
        callbacks=callbacks,
        expected=expected,
        actual=tuple(_actual(past, day, moment, line.zone) for day in days),
        need=tuple(tuple(asked.people(calls) for calls in row) for row in expected),
        there=there(line, monday),
        missed=forecasting.missed(past, min(this_monday, monday), _kind(book.kind)),
        kinds=tuple(book.kind(day) for day in days),
        has_own_hours=has_own_hours,
    )


def there(line: Line, monday: date) -> Rows:
    """Return people on shift by half-hour: those who are there all of it, breaks taken out."""
    zone = line.zone
    counted: Counter[datetime] = Counter()
    since, until = _midnight(monday, zone), _midnight(monday + WEEK, zone)
    for shift in Shift.objects.filter(line=line).during(since, until):
        counted.update(halves_of(shift))
    return tuple(
        tuple(counted[_midnight(monday + step * DAY, zone) + half * HALF] for half in range(HALVES))
        for step in range(7)
    )


def halves_of(shift: Shift) -> list[datetime]:
    """Return the half-hours she is at the telephone from beginning to end."""
    first = shift.begins_at.replace(minute=0 if shift.begins_at.minute < 30 else 30)
    if first < shift.begins_at:
        first += HALF
    found = []
    while first + HALF <= shift.ends_at:
        rests = shift.break_from and first < shift.break_until and first + HALF > shift.break_from  # type: ignore[operator]
        if not rests:
            found.append(first)
        first += HALF
    return found


def on_shift(organisation: int, since: datetime, until: datetime) -> dict[datetime, int]:
    """Return operators on shift by half-hour on the hot lines of an organisation: what the pacing of waves asks.

    Those who are away meanwhile (``shrinkage``) are taken out. Days without a single shift are left out.
    """
    found: Counter[datetime] = Counter()
    for line in Line.objects.filter(organisation=organisation):
        there_now: Counter[datetime] = Counter()
        for shift in Shift.objects.filter(line=line).during(since, until):
            there_now.update(half for half in halves_of(shift) if since <= half < until)
        for half, people in there_now.items():
            found[half] += int(people * (100 - line.shrinkage) / 100 + 1e-9)
    return dict(found)


def usual(organisation: int, since: datetime, until: datetime) -> dict[datetime, float]:
    """Return seconds that usual calls of the lines of an organisation will take, by half-hour: what a dry run asks.

    Forecast as on the page of a week, without calls that campaigns bring. Some queries a line, two more a week.
    """
    found: Counter[datetime] = Counter()
    for line in Line.objects.filter(organisation=organisation).select_related("organisation__territory"):
        today = timezone.localdate(timezone=line.zone)
        monday = since.astimezone(line.zone).date()
        monday -= monday.weekday() * DAY
        past, kind = _past(line, min(monday, today) - PAST, today), _kind(calendar(line.territory).kind)
        while past and _midnight(monday, line.zone) < until:
            told = forecasting.forecast(past, monday, kind, known_until=today)
            opened, _ = _open(line, monday)
            for step, calls in enumerate(told.days):
                midnight = _midnight(monday + step * DAY, line.zone)
                for half in opened[step]:
                    if calls[half] and since <= midnight + half * HALF < until:
                        found[midnight + half * HALF] += calls[half] * line.call_seconds  # type: ignore[assignment]
            monday += WEEK
    return dict(found)


def together(employee: Employee, monday: date) -> Together | None:
    """Return lines of her territory that have agreed, apart and as one; None when fewer than two have.

    Neighbours' load is not hers to see: it is read for everybody and leaves as people only.
    """
    mine = lines(employee).filter(is_pooled=True)
    if employee.scope.sees == Sees.INSURER:
        mine = mine.filter(organisation__in=[line.organisation_id for line in mine if line.is_of(employee)])
    territories = set(mine.values_list("territory", flat=True))
    if len(territories) != 1:
        return None
    with enter(Scope.system("lines that agreed to work together are compared")):
        agreed = list(
            Line.objects.filter(territory__in=territories, is_pooled=True).select_related("organisation__territory")
        )
        if len(agreed) < 2:
            return None
        weeks = [week(line, monday) for line in agreed]
    asked = [promise(line) for line in agreed]
    loads = [[calls for day in one.expected for calls in day] for one in weeks]
    whole = [sum(calls) for calls in zip(*loads, strict=True)]
    # One promise for all: the strictest; a call takes as long as it does on average over the callers.
    calls = sum(whole) or 1.0
    common = Promise(
        max(one.level for one in asked),
        min(one.within for one in asked),
        round(sum(sum(load) * one.call_seconds for load, one in zip(loads, asked, strict=True)) / calls) or 210,
        min((one.patience for one in asked if one.patience), default=None),
        max(one.shrinkage for one in asked),
    )
    people = [common.people(number) for number in whole]
    shown = tuple(
        (one.line.organisation.name, need.hours(one.need), max(map(max, one.need), default=0)) for one in weeks
    )
    apart = [sum(numbers) for numbers in zip(*[[n for day in one.need for n in day] for one in weeks], strict=True)]
    return Together(shown, sum(hours for _, hours, _ in shown), max(apart), sum(people) / 2, max(people))


def people_of(line: Line, monday: date) -> list[Employee]:
    """Employees of the organisation that work some day of the week and may take calls, by name."""
    found = (
        Assignment.objects.filter(organisation=line.organisation_id, employee__is_active=True)
        .filter(since__lte=monday + 6 * DAY)
        .exclude(until__lt=monday)
        .filter(role__rights__contains=["telephony:take"])
        .values("employee")
    )
    return list(Employee.objects.filter(pk__in=found))


def shifts(line: Line, monday: date) -> Mapping[int, dict[date, Shift]]:
    """Return the shifts that begin in the week, by employee and day."""
    found: defaultdict[int, dict[date, Shift]] = defaultdict(dict)
    for shift in Shift.objects.filter(line=line, day__range=(monday, monday + 6 * DAY)):
        found[shift.employee_id][shift.day] = shift
    return found


def _past(line: Line, since: date, until: date) -> dict[date, tuple[float, ...]]:
    """Return every day since the line was first counted, silent ones too."""
    zone = line.zone
    loads = Load.objects.filter(line=line)
    first: datetime | None = loads.aggregate(first=Min("at"))["first"]
    if first is None:
        return {}
    begins = max(since, first.astimezone(zone).date())
    rows: defaultdict[date, list[float]] = defaultdict(lambda: [0.0] * HALVES)
    spans = loads.filter(at__gte=_midnight(begins, zone), at__lt=_midnight(until, zone))
    for at, calls in spans.values_list("at", "calls"):
        local = at.astimezone(zone)
        rows[local.date()][local.hour * 2 + local.minute // 30] += calls
    return {begins + step * DAY: tuple(rows[begins + step * DAY]) for step in range((until - begins).days)}


def _actual(past: Mapping[date, tuple[float, ...]], day: date, now: datetime, zone: ZoneInfo) -> tuple[int | None, ...]:
    if day not in past:
        return (None,) * HALVES
    midnight = _midnight(day, zone)
    return tuple(int(past[day][half]) if midnight + (half + 1) * HALF <= now else None for half in range(HALVES))


def _expected(line: Line, monday: date) -> tuple[tuple[float, ...], ...]:
    """Calls that campaigns bring: the first hot line of the organisation takes them."""
    if line.code != HOT:
        return ((0.0,) * HALVES,) * 7
    zone = line.zone
    found = capacity.expected(line.organisation_id, _midnight(monday, zone), _midnight(monday + WEEK, zone))
    return tuple(
        tuple(found.get(_midnight(monday + step * DAY, zone) + half * HALF, 0.0) for half in range(HALVES))
        for step in range(7)
    )


def _open(line: Line, monday: date) -> tuple[list[set[int]], bool]:
    """Half-hours the line works in a week, by day, and whether these are hours of its own.

    Without its own it works as its organisation does; all the time where that is not known or a number never sleeps.
    """
    begins, ends = _midnight(monday, line.zone), _midnight(monday + WEEK, line.zone)
    own = capacity.hours(line.organisation_id, begins, ends)
    if own is None:
        return _as_organisation(line), False
    return [_halves(_midnight(monday + step * DAY, line.zone), own) for step in range(7)], True


def _halves(midnight: datetime, spans: Iterable[tuple[datetime, datetime]]) -> set[int]:
    """Half-hours of a day that have a part in any of the spans."""
    starts = [midnight + half * HALF for half in range(HALVES)]
    return {half for half, at in enumerate(starts) if any(since < at + HALF and at < until for since, until in spans)}


def _as_organisation(line: Line) -> list[set[int]]:
    hours = list(WorkingHours.objects.filter(organisation=line.organisation_id))
    sleeps = not HotLine.objects.filter(organisation=line.organisation_id, is_round_the_clock=True).exists()
    if not hours or not sleeps:
        return [set(range(HALVES))] * 7
    found: list[set[int]] = [set() for _ in range(7)]
    for row in hours:
        span = Interval.of(row.opens_at, row.closes_at)
        found[row.weekday - 1] |= set(range(span.opens // 30, -(-span.closes // 30)))
    return found


def _kind(of: Callable[[date], DayKind]) -> Callable[[date], str]:
    def kind(day: date) -> str:
        told = of(day)
        return "working" if told.works else "weekend" if told is DayKind.WEEKEND else "off"

    return kind


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
