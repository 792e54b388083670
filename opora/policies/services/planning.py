"""A day is planned, corrected by hand, and planned anew; what is pinned stays where it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from opora.access.rights import Right
from opora.appeals.actor import Actor, actor_of
from opora.audit.services import record
from opora.classifiers.words import Line
from opora.organisations.models import Employee, Organisation
from opora.policies import addresses, packs
from opora.policies.errors import NoSuchDelivery, PlanRefused
from opora.policies.models import Courier, DayPlan, Delivery, DeliveryEvent, Notice, Route, Schedule, Visit
from opora.policies.routing.model import Plan, Point, Stop, Worker
from opora.policies.routing.planning import plan as search
from opora.policies.services._step import Step, changing, check_right, own_insurer, take_off_visits
from opora.policies.words import DeliveryState, EventKind, NoticeState, VisitState

SECONDS = 9.0
MOST = 300  # addresses of one day: a plan of more is not looked for within a request
SOON = timedelta(days=3)
GET_READY = 10  # minutes: a route of today begins no sooner
LONGEST = timedelta(days=30)
TOO_MANY = f"На день больше {MOST} заявок."
BY_PROGRAM = "Программа"


@dataclass(slots=True)
class Planning:
    """What planning a day did."""

    day: date
    planned: int = 0
    left: int = 0
    is_best: bool = True

    def add(self, part: Planning) -> None:
        self.planned += part.planned
        self.left += part.left
        self.is_best = self.is_best and part.is_best


@transaction.atomic
def plan_day(day: date, *, by: Employee) -> Planning:
    """Plan the visits of a day for her insurer. Raises PlanRefused for a fund, a past day, a day without couriers.

    Two who plan the same day wait for each other; the second begins from what the first has left.
    """
    check_right(Right.POLICIES_PLAN, by)
    actor, now = actor_of(by), timezone.now()
    insurer = own_insurer(actor)
    if insurer is None:
        raise PlanRefused("Маршруты составляет страховая: курьеры работают у неё.")
    today = actor.local(now).date()
    if day < today or day > today + LONGEST:
        raise PlanRefused(f"Маршрут составляют на сегодня или на {LONGEST.days} дней вперёд.")
    _alone(insurer, day)
    couriers = [one for one in Courier.objects.accessible_to(by).order_by("pk") if one.works_on(day.weekday())]
    if not couriers:
        raise PlanRefused("В этот день никто из курьеров не работает. Проверьте дни недели у курьеров.")
    rows = _to_plan(day, Delivery.objects.accessible_to(by).open().filter(insurer=insurer))
    if len(rows) > MOST:
        raise PlanRefused(f"{TOO_MANY} Отложите часть или составьте по филиалам.")
    told = Planning(day)
    for territory, of_territory in groupby(sorted(rows, key=attrgetter("territory")), key=attrgetter("territory")):
        mine = [one for one in couriers if one.territory == territory]
        part = _Day(day, territory, insurer, actor, now).plan(list(of_territory), mine)
        _note(part, insurer, territory, now, by)
        told.add(part)
    record("policies.plan", ("policies.route", f"{insurer}/{day}"), by=by, details={"planned": told.planned})
    return told


@transaction.atomic
def plan_by_program(day: date, *, house: Organisation, schedule: Schedule, now: datetime) -> DayPlan | None:
    """Plan a day nobody has planned, in the name of the program; None — it is planned, or there is nothing to plan.

    What a person has begun stays his: a plan he made, a route he put together, a courier he gave a visit to.
    """
    insurer, territory = schedule.insurer_id, schedule.territory
    _alone(insurer, day)
    whole = {"insurer": insurer, "territory": territory, "day": day}
    if DayPlan.objects.filter(**whole).exists() or Route.objects.filter(**whole).exists():
        return None
    of_day = Courier.objects.filter(insurer=insurer, territory=territory).order_by("pk")
    couriers = [one for one in of_day if one.works_on(day.weekday())]
    rows = _to_plan(day, Delivery.objects.open().filter(insurer=insurer, territory=territory)) if couriers else []
    if not rows:
        return None
    if len(rows) > MOST:
        refused = {"planned_at": now, "refused": TOO_MANY, "left": len(rows)}
        return DayPlan.objects.create(insurer_id=insurer, territory=territory, day=day, **refused)
    actor = Actor(house, insurer, None, BY_PROGRAM, Line.OTHER)
    part = _Day(day, territory, insurer, actor, now).plan(rows, couriers)
    made = _note(part, insurer, territory, now, None)
    if schedule.announces:
        _announced(
            Visit.objects.ahead().filter(route__day=day, route__insurer=insurer, route__territory=territory), day
        )
    record("policies.plan", ("policies.route", f"{insurer}/{day}"), details={"planned": part.planned})
    return made


@transaction.atomic
def move_visit(visit_id: UUID, *, to: int, by: Employee, version: int | None = None) -> Visit:
    """Give a visit to another courier of the same day and pin it there. Raises PlanRefused."""
    visit = _visit(visit_id, by)
    courier = Courier.objects.accessible_to(by).filter(pk=to, territory=visit.route.territory).first()
    if courier is None:
        raise PlanRefused("Такого курьера нет.")
    with changing(visit.delivery_id, "move", by=by, right=Right.POLICIES_PLAN, version=version) as step:
        visit = _visit(visit_id, by)
        if visit.route.employee_id == courier.pk:
            return visit
        take_off_visits(step, told=False, moves=True)
        route = _route(courier.pk, visit.route.day, visit.route.territory, visit.route.insurer_id)
        moved = Visit.objects.create(
            route=route, delivery=step.delivery, position=_last(route) + 1, planned_at=None, is_pinned=True
        )
        _take_texts(visit, moved)
        step.go(DeliveryState.PLANNED)
        step.tell(EventKind.MOVED, courier.employee.short_name, courier=courier.pk)
    return moved


@transaction.atomic
def pin_visit(visit_id: UUID, *, pinned: bool, by: Employee) -> Visit:
    """Keep a visit with its courier when the day is planned anew, or let it go."""
    check_right(Right.POLICIES_PLAN, by)
    visit = _visit(visit_id, by)
    Visit.objects.filter(pk=visit.pk).update(is_pinned=pinned)
    record("policies.pin", visit.delivery, by=by, details={"pinned": pinned})
    visit.is_pinned = pinned
    return visit


@transaction.atomic
def drop_visit(visit_id: UUID, *, by: Employee, version: int | None = None) -> Delivery:
    """Take a visit out of its route; the request waits for another."""
    visit = _visit(visit_id, by)
    with changing(visit.delivery_id, "drop", by=by, right=Right.POLICIES_PLAN, version=version) as step:
        take_off_visits(step)
        step.set(not_before=max(step.delivery.not_before, visit.route.day + timedelta(days=1)))
    return step.delivery


@transaction.atomic
def return_silent(*, by: Employee) -> int:
    """Return to the plan what couriers of past days said nothing of; their records are still taken when they come."""
    check_right(Right.POLICIES_PLAN, by)
    today = actor_of(by).local(timezone.now()).date()
    silent = Visit.objects.accessible_to(by).ahead().filter(route__day__lt=today)
    keys = list(silent.values_list("delivery_id", flat=True)[:MOST])
    for key in keys:
        with changing(key, "return", by=by, right=Right.POLICIES_PLAN) as step:
            take_off_visits(step)
            step.tell(EventKind.RETURNED, "курьер не прислал итог визита")
    return len(keys)


@transaction.atomic
def announce(day: date, *, by: Employee) -> int:
    """Put a text to everybody who is visited on a day; nobody gets two. Returns how many are to go now.

    A text that was taken back before it went is put anew: his visit was taken off and planned again.
    """
    check_right(Right.POLICIES_PLAN, by)
    count = _announced(Visit.objects.accessible_to(by).ahead().filter(route__day=day), day)
    record("policies.announce", ("policies.route", str(day)), by=by, details={"notices": count})
    return count


def _announced(visits: Iterable[Visit], day: date) -> int:
    ahead = {one.delivery_id: one for one in visits}
    known = {one.delivery_id: one for one in Notice.objects.filter(delivery__in=ahead, day=day)}
    fresh = [Notice(delivery_id=key, visit=one, day=day) for key, one in ahead.items() if key not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    anew = {"state": NoticeState.WAITING, "not_before": timezone.now(), "attempts": 0}
    cancelled = Notice.objects.filter(state=NoticeState.CANCELLED)
    revived = (cancelled.filter(pk=one.pk).update(visit=ahead[key], **anew) for key, one in known.items())
    return len(fresh) + sum(revived)


def _note(part: Planning, insurer: int, territory: str, now: datetime, by: Employee | None) -> DayPlan:
    """Write down by whom and when a day was planned; a later plan of the same day replaces it."""
    columns: dict[str, Any] = {
        "planned_at": now,
        "by": by,
        "visits": part.planned,
        "left": part.left,
        "is_best": part.is_best,
        "refused": "",
    }
    keys: dict[str, Any] = {"insurer_id": insurer, "territory": territory, "day": part.day}
    return DayPlan.objects.update_or_create(**keys, defaults=columns)[0]


class _Day:
    """Planning one day of one territory."""

    def __init__(self, day: date, territory: str, insurer: int, actor: Actor, now: datetime) -> None:
        self.day, self.territory, self.insurer, self.actor, self.now = day, territory, insurer, actor, now
        self.pack = packs.current(territory, day)
        self.midnight = datetime.combine(day, time(), tzinfo=actor.zone)

    def plan(self, rows: list[Delivery], couriers: list[Courier]) -> Planning:
        ahead = Visit.objects.filter(delivery__in=rows, state=VisitState.PLANNED).select_related("route")
        visits = {one.delivery_id: one for one in ahead}
        workers = [worker for courier in couriers if (worker := self._worker(courier)) is not None]
        found = search([self._stop(row, visits) for row in rows], workers, self.pack.speed, seconds=SECONDS)
        self._write({row.pk: row for row in rows}, visits, found)
        return Planning(self.day, sum(len(route) for route in found.routes.values()), len(found.left), found.is_best)

    def _worker(self, courier: Courier) -> Worker | None:
        """Return the courier as the search knows her; None when her day is over. Today begins where she was last."""
        since, begin = courier.since, None
        if self.day == self.actor.local(self.now).date():
            clock = self.actor.local(self.now)
            since = max(since, clock.hour * 60 + clock.minute + GET_READY)
            last = Visit.objects.filter(
                route__employee=courier.pk, route__day=self.day, reported_at__isnull=False, delivery__lat__isnull=False
            ).exclude(state=VisitState.OFF)
            place = last.order_by("-reported_at").values_list("delivery__lat", "delivery__lon").first()
            begin = Point(*place) if place else None
        if since >= courier.until:
            return None
        base = Point(courier.lat, courier.lon) if courier.lat is not None and courier.lon is not None else None
        return Worker(courier.pk, since, courier.until, base, begin, courier.most)

    def _stop(self, row: Delivery, visits: dict[int, Visit]) -> Stop:
        visit = visits.get(row.pk)
        near = self.day + SOON
        return Stop(
            row.pk,
            Point(row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
            tuple((opens, closes) for opens, closes in row.windows),
            self.pack.service_minutes,
            addresses.order(row.settlement, row.street, row.house),
            visit.route.employee_id if visit and visit.is_pinned else None,
            3 if row.due_on <= self.day else 2 if row.due_on <= near else 1,
        )

    def _write(self, rows: dict[int, Delivery], visits: dict[int, Visit], found: Plan) -> None:
        events: list[DeliveryEvent] = []
        for employee, stops in found.routes.items():
            route = _route(int(str(employee)), self.day, self.territory, self.insurer)
            ways = {"metres": found.metres.get(employee, 0), "planned_at": self.now}
            Route.objects.filter(pk=route.pk).update(**ways, version=F("version") + 1)
            begin = _last(route, but=visits.values())
            for place, stop in enumerate(stops, start=begin + 1):
                at = None if stop.at is None else self.midnight + timedelta(minutes=stop.at)
                events += self._put(rows[int(str(stop.key))], visits, route, place, at)
        for key, why in found.left.items():
            row = rows[int(str(key))]
            events += self._leave(row, visits.get(row.pk), str(why))
        DeliveryEvent.objects.bulk_create(events)

    def _put(
        self, row: Delivery, visits: dict[int, Visit], route: Route, place: int, at: datetime | None
    ) -> list[DeliveryEvent]:
        """Put a request into its place; a visit that stays with its courier keeps its key."""
        former = visits.get(row.pk)
        if former is not None and former.route_id == route.pk:
            Visit.objects.filter(pk=former.pk).update(position=place, planned_at=at)
            return []
        if former is not None:
            Visit.objects.filter(pk=former.pk).update(state=VisitState.OFF, reported_at=self.now)
        visit = Visit.objects.create(route=route, delivery=row, position=place, planned_at=at)
        if former is not None:
            _take_texts(former, visit)
        Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.PLANNED, left_why="", version=F("version") + 1)
        kind = EventKind.PLANNED if former is None else EventKind.MOVED
        return [self._event(row, kind, day=self.day.isoformat(), courier=route.employee_id)]

    def _leave(self, row: Delivery, former: Visit | None, why: str) -> list[DeliveryEvent]:
        if former is not None:
            _set_off([former.pk], self.now)
        Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.WAITING, left_why=why, version=F("version") + 1)
        return [self._event(row, EventKind.OFF, why=why)] if former is not None else []

    def _event(self, row: Delivery, kind: EventKind, **details: Any) -> DeliveryEvent:
        step = Step(row, self.actor, self.now)
        step.tell(kind, **details)
        return step.events[0]


def _to_plan(day: date, mine: QuerySet[Delivery]) -> list[Delivery]:
    """Return which of these may be visited on the day: what waits, and what stands in routes of that day already."""
    waiting = mine.filter(state=DeliveryState.WAITING, not_before__lte=day)
    standing = mine.filter(visits__in=Visit.objects.ahead().filter(route__day=day))
    keys = [*waiting.values_list("pk", flat=True)[: MOST + 1], *standing.values_list("pk", flat=True)]
    return list(Delivery.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _alone(insurer: int, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [insurer % 2**31, day.toordinal()])


def _route(employee: int, day: date, territory: str, insurer: int) -> Route:
    fields = {"territory": territory, "insurer_id": insurer}
    return Route.objects.get_or_create(employee_id=employee, day=day, defaults=fields)[0]


def _last(route: Route, but: Iterable[Visit] = ()) -> int:
    """Return the place of the last visit of a route, without those that are being placed anew."""
    rows = route.visits.exclude(state=VisitState.OFF).exclude(pk__in=[one.pk for one in but])
    return rows.order_by("-position").values_list("position", flat=True).first() or 0


def _set_off(keys: list[UUID], now: datetime) -> None:
    Visit.objects.filter(pk__in=keys).update(state=VisitState.OFF, reported_at=now)
    Notice.objects.filter(visit__in=keys, state=NoticeState.WAITING).update(state=NoticeState.CANCELLED)


def _take_texts(former: Visit, visit: Visit) -> None:
    """A text goes with its visit to another courier: what waits goes, what was lost is still to be told by phone."""
    Notice.objects.filter(visit=former).exclude(state=NoticeState.CANCELLED).update(visit=visit)


def _visit(visit_id: UUID, by: Employee) -> Visit:
    rows = Visit.objects.accessible_to(by).select_related("route", "delivery")
    found = rows.filter(pk=visit_id).first()
    if found is None:
        raise NoSuchDelivery("Такого визита нет.")
    if found.state != VisitState.PLANNED:
        raise PlanRefused(f"Этот визит уже не изменить: {found.get_state_display().lower()}.")
    return found
