"""The delivery of an appeal, on the card of the appeal: the one there is, or a way to ask for one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from opora.access.scope import Scope
from opora.appeals.beside import Beside
from opora.policies import queries
from opora.policies.models import Delivery
from opora.shared.prepared import prepared

if TYPE_CHECKING:
    from opora.appeals.models import Appeal
    from opora.organisations.models import Employee

ABOUT = "полис"  # topics whose title has it


@prepared
def _newest(scope: Scope, appeal: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.within(scope).filter(appeal=appeal).order_by("-pk")[:1]


def delivery_of_appeal(appeal: Appeal, employee: Employee) -> Beside | None:
    """Return the delivery asked for in an appeal; while it is open and about a policy, where to ask. One query."""
    row = _newest.first(employee.scope, appeal.pk)
    if row is not None:
        state, words = queries.badge(row, timezone.localdate())
        return Beside(f"Доставка {row.number}", reverse("policies:delivery", args=[row.pk]), "home", "3", state, words)
    if not appeal.is_open or ABOUT not in appeal.topic.title.lower():
        return None
    return Beside("Доставить полис домой", reverse("policies:of-appeal", args=[appeal.number]), "home", "3")
