"""What needs a look now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from opora.doors.models import Thread
from opora.doors.queries import flood_of
from opora.doors.words import UNFINISHED
from opora.shared.attention import Matter, few

if TYPE_CHECKING:
    from opora.organisations.models import Employee

LONG = timedelta(days=1)


def flooded(employee: Employee) -> Iterable[Matter]:
    """Letters that lie apart as a flood, for whoever may decide about all of them."""
    if number := few(flood_of(None, employee)):
        yield Matter("today", f"Лавина писем во входящих: {number}. Решите о всех сразу", reverse("doors:flood"))


def waiting_long(employee: Employee) -> Iterable[Matter]:
    """Threads that have waited for more than a day."""
    waiting = Thread.objects.accessible_to(employee).filter(state__in=UNFINISHED, is_flood=False)
    if number := few(waiting.filter(waiting_since__lt=timezone.now() - LONG)):
        yield Matter("today", f"Ждут ответа во входящих больше суток: {number}", reverse("doors:list"))
