"""What of the room needs a look now, on the desk of who may do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone

from opora.access.scope import Scope
from opora.organisations.models import Employee
from opora.policies import queries
from opora.policies.models import DayPlan, Delivery
from opora.policies.words import DeliveryState
from opora.shared.attention import MANY, Few, Matter
from opora.shared.prepared import prepared
from opora.shared.typography import counted


def waiting_too_long(employee: Employee) -> Iterator[Matter]:
    """Requests whose term is over or that wait to be clarified; visits whose text was lost, so somebody phones.

    One query, of no more than so many rows.
    """
    found = _waiting(employee.scope, timezone.localdate())
    address = reverse("policies:list")
    if number := Few(min(MANY, sum(is_stuck for is_stuck, _ in found))):
        yield Matter("late", f"Доставка: просрочено или нужно уточнить: {number}", address + "?stuck=1")
    if number := Few(min(MANY, sum(is_untold for _, is_untold in found))):
        words = f"Доставка: известить о визите по телефону: {number}"
        yield Matter("today", words, address + "?untold=1", "СМС не дошло")


@prepared
def _waiting(scope: Scope, today: date) -> QuerySet[Delivery, tuple[bool, bool]]:
    """Of each request that needs a look: whether it is stuck, whether nobody was told of the visit."""
    stuck = Q(due_on__lt=today) | Q(state=DeliveryState.CLARIFY)
    untold = Q(Exists(queries.lost_texts(delivery=OuterRef("pk"))), state=DeliveryState.PLANNED)
    rows = Delivery.objects.within(scope).open().filter(stuck | untold).order_by()
    marks = Case(When(stuck, then=True), default=False), Case(When(untold, then=True), default=False)
    return rows.values_list(*marks)[: 2 * MANY]


def planned_by_program(employee: Employee) -> Iterator[Matter]:
    """What the program has planned for tomorrow, until that day is over. One query, none for a fund."""
    if employee.scope.insurer is None:
        return
    today = timezone.localdate()
    rows = DayPlan.objects.accessible_to(employee).filter(by=None, day__gte=today).select_related("insurer__territory")
    for one in rows.order_by("day", "pk")[:2]:
        at = one.planned_at.astimezone(one.insurer.zone)
        url = f"{reverse('policies:plan')}?day={one.day.isoformat()}"
        if one.refused:
            yield Matter("late", f"Маршруты на {one.day:%d.%m} не составлены: {one.refused}", url)
        else:
            visits = counted(one.visits, "визит", "визита", "визитов")
            words = f"Маршруты на {one.day:%d.%m} составлены в {at:%H:%M}: {visits}"
            yield Matter("today" if one.left else "now", words, url, f"не вошло {one.left}" if one.left else "")
