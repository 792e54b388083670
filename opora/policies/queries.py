"""Questions of the room: lists, one request, a day's plan, a courier's own day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from opora.policies import packs
from opora.policies.models import Courier, DayPlan, Delivery, DeliveryEvent, HandOver, Notice, Route, Visit
from opora.policies.routing.model import WHY
from opora.policies.words import OPEN, DeliveryState, NoticeState, VisitState

if TYPE_CHECKING:
    from opora.insured.models import Person
    from opora.organisations.models import Employee

SHOWN = 10
LATE = "late"
EVENTS = 200


@dataclass(slots=True)
class DeliveryShown:
    """Everything the page of a request shows."""

    row: Delivery
    category: str
    events: list[DeliveryEvent]
    visit: Visit | None
    hand_over: HandOver | None
    notices: list[Notice]
    clock: str = ""
    today: date = field(default_factory=timezone.localdate)

    @property
    def state(self) -> tuple[str, str]:
        return badge(self.row, self.today)

    @property
    def is_untold(self) -> bool:
        """Whether the text before the visit that is ahead was lost: somebody should phone."""
        ahead = self.visit.pk if self.visit else None
        return any(one.visit_id == ahead and one.state == NoticeState.FAILED for one in self.notices)

    @property
    def left(self) -> str:
        return left_words(self.row)


@dataclass(slots=True)
class DayRoute:
    """A courier's day on the page of the plan."""

    courier: Courier
    route: Route | None
    visits: list[Visit]
    zone: ZoneInfo

    @property
    def lines(self) -> list[tuple[Visit, str]]:
        """Visits with the clock of the courier, empty where a plain list tells none."""
        return [(one, clock(one, self.zone)) for one in self.visits]

    @property
    def km(self) -> str:
        metres = self.route.metres if self.route else 0
        return f"{metres / 1000:.1f}".replace(".", ",")

    @property
    def done(self) -> int:
        return sum(one.state != VisitState.PLANNED for one in self.visits)


def listing(employee: Employee, *, state: str = "", late: bool = False) -> QuerySet[Delivery]:
    """Requests of the list: open ones by their day, or those of one state; closed ones newest first."""
    rows: QuerySet[Delivery] = Delivery.objects.accessible_to(employee)
    if state in DeliveryState.values:
        rows = rows.filter(state=state, closed_at__isnull=state in OPEN)
    else:
        rows = rows.filter(closed_at=None)
    if late:
        rows = rows.filter(due_on__lt=timezone.localdate())
    return rows.select_related("insurer")


def untold(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Narrow to requests whose visit is ahead and whose text about it was lost."""
    return rows.filter(Exists(lost_texts(delivery=OuterRef("pk"))), state=DeliveryState.PLANNED)


def lost_texts(**of: object) -> QuerySet[Notice]:
    """Return texts about visits ahead that did not reach their people."""
    rows: QuerySet[Notice] = Notice.objects.filter(state=NoticeState.FAILED, visit__state=VisitState.PLANNED, **of)
    return rows


def plans_of(day: date, employee: Employee) -> list[DayPlan]:
    """Return by whom and when a day was planned, for each territory she sees. One query."""
    rows = DayPlan.objects.accessible_to(employee).filter(day=day)
    return list(rows.select_related("by", "insurer__territory").order_by("territory", "insurer"))


def of_key(pk: int, employee: Employee) -> Delivery | None:
    return Delivery.objects.accessible_to(employee).select_related("insurer", "appeal", "person").filter(pk=pk).first()


def shown(row: Delivery) -> DeliveryShown:
    """Read the page of a request. Six queries."""
    ahead = row.visits.filter(state=VisitState.PLANNED).select_related("route__employee").first()
    return DeliveryShown(
        row=row,
        category=category_title(row),
        events=list(row.events.select_related("organisation")[:EVENTS]),
        visit=ahead,
        hand_over=HandOver.objects.filter(delivery=row).select_related("courier").first(),
        notices=list(row.notices.order_by("-day")[:SHOWN]),
        clock=clock(ahead, row.insurer.zone) if ahead else "",
    )


def category_title(row: Delivery) -> str:
    found = packs.current(row.territory, timezone.localdate()).category(row.category)
    return found.title if found else row.category


def badge(row: Delivery, today: date) -> tuple[str, str]:
    """Return state and words of where a request stands."""
    if row.state == DeliveryState.DELIVERED:
        return "done", "вручён"
    if row.state not in OPEN:
        return "none", row.get_state_display().lower()
    if row.due_on < today:
        return "late", f"просрочено с {row.due_on:%d.%m.%Y}"
    return ("today", "сегодня последний день") if row.due_on == today else ("now", f"до {row.due_on:%d.%m.%Y}")


def left_words(row: Delivery) -> str:
    """Return why the last plan left a request out, in words."""
    return next((words for why, words in WHY.items() if why == row.left_why), "")


def of_person(person: Person, employee: Employee) -> dict[str, Any]:
    """Deliveries of a person. One query."""
    from opora.access.rights import Right

    rows = Delivery.objects.accessible_to(employee).filter(person=person).order_by("-pk")[:SHOWN]
    found = [(row, badge(row, timezone.localdate())) for row in rows]
    may_ask = employee.holds(Right.POLICIES_REQUEST) and person.died_on is None
    return {"deliveries": found, "may_ask": may_ask and not any(row.is_open for row, _ in found)}


def clock(visit: Visit, zone: ZoneInfo) -> str:
    """Return when a visit is planned, by the clock of its insurer."""
    return f"{visit.planned_at.astimezone(zone):%H:%M}" if visit.planned_at else ""


def day_plan(day: date, employee: Employee, zone: ZoneInfo) -> tuple[list[DayRoute], list[Delivery], int]:
    """Return the routes of a day, what waits for it and is in none, and how many visits of past days are silent.

    Five queries.
    """
    couriers = Courier.objects.accessible_to(employee).select_related("employee").order_by("employee__surname", "pk")
    lost = Notice.objects.filter(visit=OuterRef("pk"), state=NoticeState.FAILED)
    visits = Visit.objects.exclude(state=VisitState.OFF).select_related("delivery").annotate(is_untold=Exists(lost))
    routes = Route.objects.accessible_to(employee).filter(day=day).prefetch_related(Prefetch("visits", visits))
    by_courier = {one.employee_id: one for one in routes}
    found = []
    for courier in couriers:
        route = by_courier.get(courier.pk)
        mine = list(route.visits.all()) if route else []
        if mine or courier.works_on(day.weekday()):
            found.append(DayRoute(courier, route, mine, zone))
    waiting = Delivery.objects.accessible_to(employee).open()
    waiting = waiting.filter(state=DeliveryState.WAITING, not_before__lte=day).order_by("due_on", "pk")
    silent = Visit.objects.accessible_to(employee).ahead().filter(route__day__lt=timezone.localdate())
    return found, list(waiting[:200]), silent.count()


def route_of(employee: Employee, day: date) -> Route | None:
    """Return a courier's own day with its visits, in their order; run in her own scope."""
    lost = Notice.objects.filter(visit=OuterRef("pk"), state=NoticeState.FAILED)
    visits = Visit.objects.exclude(state=VisitState.OFF).select_related("delivery").annotate(is_untold=Exists(lost))
    return Route.objects.filter(employee=employee, day=day).prefetch_related(Prefetch("visits", visits)).first()
