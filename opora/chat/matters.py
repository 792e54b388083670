"""What needs a look now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from opora.chat import rules
from opora.chat.models import Talk
from opora.shared.attention import Matter, few

if TYPE_CHECKING:
    from opora.organisations.models import Employee


def waiting_long(employee: Employee) -> Iterable[Matter]:
    """Talks nobody has taken for two minutes."""
    waiting = Talk.objects.accessible_to(employee).waiting()
    if number := few(waiting.filter(waiting_since__lt=timezone.now() - rules.LONG)):
        yield Matter("late", f"Ждут в чате больше двух минут: {number}", reverse("chat:desk"))
