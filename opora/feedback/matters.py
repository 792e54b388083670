"""What needs a look now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from opora.feedback.models import PosMessage
from opora.shared.attention import Matter, few

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SOON = timedelta(days=2)


def to_decide(employee: Employee) -> Iterable[Matter]:
    """Messages whose term ends within two days or is over."""
    soon = PosMessage.objects.accessible_to(employee).open().filter(due_at__lt=timezone.now() + SOON)
    if number := few(soon):
        yield Matter("today", f"Срок на Госуслугах кончается: {number}", reverse("feedback:list"))
