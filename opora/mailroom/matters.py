"""What needs a look now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from opora.mailroom.models import Incoming
from opora.shared.attention import Matter, few

if TYPE_CHECKING:
    from opora.organisations.models import Employee

LONG = timedelta(days=1)  # an appeal is registered within three days of its coming (59-ФЗ, art. 8): two are left


def not_settled(employee: Employee) -> Iterable[Matter]:
    """Letters nobody has settled for more than a day. One query by ``incoming_new``."""
    waiting = Incoming.objects.accessible_to(employee).new()
    if number := few(waiting.filter(registered_at__lt=timezone.now() - LONG)):
        yield Matter("today", f"Письма не разобраны больше суток: {number}", f"{reverse('mailroom:letters')}?show=new")
