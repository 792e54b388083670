"""What of the room needs a look now, on the desk of who may do it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from opora.organisations.models import Employee
from opora.policies import queries
from opora.policies.models import DayPlan, Delivery
from opora.policies.words import DeliveryState
from opora.shared.attention import Matter, few
from opora.shared.typography import counted


def waiting_too_long(employee: Employee) -> Iterator[Matter]:
    """Requests whose term is over, and those that wait for somebody to clarify them. One query."""
    rows = Delivery.objects.accessible_to(employee).open()
    stuck = Q(due_on__lt=timezone.localdate()) | Q(state=DeliveryState.CLARIFY)
    if number := few(rows.filter(stuck)):
        yield Matter(
            "late", f"Доставка: просрочено или нужно уточнить: {number}", reverse("policies:list") + "?stuck=1"
        )


def untold(employee: Employee) -> Iterator[Matter]:
    """Visits ahead whose text was lost: somebody phones. One query."""
    if number := few(queries.untold(Delivery.objects.accessible_to(employee).open())):
        words = f"Доставка: известить о визите по телефону: {number}"
        yield Matter("today", words, reverse("policies:list") + "?untold=1", "СМС не дошло")


def planned_by_program(employee: Employee) -> Iterator[Matter]:
    """What the program has planned for tomorrow, until that day is over. One query."""
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
