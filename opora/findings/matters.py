"""What of the room needs a look now, on the desk of who may decide."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from opora.access.scope import Sees
from opora.findings import queries
from opora.findings.models import Finding
from opora.organisations.models import Employee
from opora.shared.attention import Matter, few


def unseen_alarms(employee: Employee) -> Iterator[Matter]:
    """Bursts nobody has looked at."""
    waiting = queries.alarms(employee).filter(looked_at=None).select_related(None)
    if number := few(waiting):
        yield Matter("today", f"Всплески обращений: {number}", reverse("findings:alarms"))


def letters_to_answer(employee: Employee) -> Iterator[Matter]:
    """Letters to a clinic without an answer."""
    if employee.scope.sees != Sees.PROVIDER:
        return
    waiting = Finding.objects.accessible_to(employee).open().filter(replied_on=None)
    if number := few(waiting):
        yield Matter("today", f"Письма о системных нарушениях без ответа: {number}", reverse("findings:letters"))
