"""What needs a look now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from opora.access.rights import Right
from opora.chat import queries, rules
from opora.chat.models import Talk
from opora.shared.attention import Matter, few

if TYPE_CHECKING:
    from opora.organisations.models import Employee


def waiting_long(employee: Employee) -> Iterable[Matter]:
    """Talks nobody has taken for two minutes."""
    waiting = Talk.objects.accessible_to(employee).waiting()
    if number := few(waiting.filter(waiting_since__lt=timezone.now() - rules.LONG)):
        yield Matter("late", f"Ждут в чате больше двух минут: {number}", reverse("chat:desk"))


def unanswered(employee: Employee) -> Iterable[Matter]:
    """Taken talks without an answer for five minutes."""
    if number := few(queries.unanswered(employee, timezone.now())):
        leads = employee.holds(Right.APPEALS_REASSIGN)
        words = "В чате без ответа больше пяти минут" if leads else "В чате ждут вашего ответа больше пяти минут"
        yield Matter("late", f"{words}: {number}", reverse("chat:running" if leads else "chat:desk"))
