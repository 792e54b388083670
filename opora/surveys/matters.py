"""What of the room needs a look now, on the desk of who leads surveys."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from opora.access.scope import Sees
from opora.organisations.models import Employee
from opora.shared.attention import Matter, few
from opora.surveys.models import Round


def rounds_to_close(employee: Employee) -> Iterator[Matter]:
    """Rounds of her organisation whose last day is over: they ask nobody and give no results yet."""
    own = employee.scope.insurer if employee.scope.sees == Sees.INSURER else None
    if number := few(Round.objects.accessible_to(employee).overdue(timezone.localdate()).filter(insurer=own)):
        yield Matter("today", f"Опросы, срок которых вышел: {number}. Завершите их", reverse("surveys:list"))
