"""What of the room needs a look now, on the desk of who may do it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from opora.organisations.models import Employee
from opora.policies.models import Delivery
from opora.policies.words import DeliveryState
from opora.shared.attention import Matter, few


def waiting_too_long(employee: Employee) -> Iterator[Matter]:
    """Requests whose term is over, and those that wait for somebody to clarify them. One query."""
    rows = Delivery.objects.accessible_to(employee).open()
    stuck = Q(due_on__lt=timezone.localdate()) | Q(state=DeliveryState.CLARIFY)
    if number := few(rows.filter(stuck)):
        yield Matter(
            "late", f"Доставка: просрочено или нужно уточнить: {number}", reverse("policies:list") + "?stuck=1"
        )
