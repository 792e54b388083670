"""What of the room needs a look now, on the desk of who may do it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone

from opora.organisations.models import Employee
from opora.policies import queries
from opora.policies.models import DayPlan, Delivery
from opora.policies.words import DeliveryState
from opora.shared.attention import MANY, Few, Matter
from opora.shared.typography import counted


def waiting_too_long(employee: Employee) -> Iterator[Matter]:
    """Requests whose term is over or that wait to be clarified; visits whose text was lost, so somebody phones.

    One query, of no more than so many rows.
    """
    stuck = Q(due_on__lt=timezone.localdate()) | Q(state=DeliveryState.CLARIFY)
    untold = Q(Exists(queries.lost_texts(delivery=OuterRef("pk"))), state=DeliveryState.PLANNED)
    rows = Delivery.objects.accessible_to(employee).open().filter(stuck | untold)
    marks = rows.order_by().values_list(
        Case(When(stuck, then=True), default=False), Case(When(untold, then=True), default=False)
    )
    found = list(marks[: 2 * MANY])
    address = reverse("policies:list")
    if number := Few(min(MANY, sum(is_stuck for is_stuck, _ in found))):
        yield Matter("late", f"Доставка: просрочено или нужно уточнить: {number}", address + "?stuck=1")
    if number := Few(min(MANY, sum(is_untold for _, is_untold in found))):
        words = f"Доставка: известить о визите по телефону: {number}"
        yield Matter("today", words, address + "?untold=1", "СМС не дошло")


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
