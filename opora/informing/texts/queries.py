"""Questions of texts: which are in force for whom, and on whom one may be tried."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from opora.informing.models import PlanEntry, Template
from opora.informing.words import PlanState
from opora.insured.models import Person
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee

RUSSIAN = "ru"


def accessible(employee: Employee) -> QuerySet[Template]:
    """Shipped texts and those of the organisations she leads."""
    return Template.objects.filter(
        Q(organisation=None) | Q(organisation__in=Organisation.objects.manageable_by(employee))
    ).select_related("organisation")


def in_force(employee: Employee) -> QuerySet[Template]:
    return accessible(employee).filter(is_current=True)


def options(organisation: Organisation, *, measure: str, purpose: str, channel: str) -> QuerySet[Template]:
    """Texts a rung may carry: in force, the insurer's own before the shipped ones, Russian first."""
    found = Template.objects.filter(
        Q(organisation=None) | Q(organisation=organisation),
        measure=measure,
        purpose=purpose,
        channel=channel,
        is_current=True,
    )
    return found.order_by(F("organisation").asc(nulls_last=True), "-language", "pk")


def versions(template: Template) -> QuerySet[Template]:
    """Every version of a text, the newest first."""
    return Template.objects.filter(
        organisation=template.organisation,
        measure=template.measure,
        purpose=template.purpose,
        channel=template.channel,
        language=template.language,
    ).select_related("by").order_by("-version")  # fmt: skip


def somebody(employee: Employee, *, measure: str, year: int, but: int | None = None) -> Person | None:
    """Return somebody of her scope who waits for this measure, another one than ``but``. A few queries of one row."""
    plan = PlanEntry.objects.accessible_to(employee).filter(measure=measure, year=year, state=PlanState.OPEN)
    plan = plan.exclude(person_id=but) if but else plan
    edges = [plan.order_by(way).values_list("person_id", flat=True).first() for way in ("person_id", "-person_id")]
    if edges[0] is None or edges[1] is None:
        return None
    start = random.randint(edges[0], edges[1])  # noqa: S311 - a sample, not a secret
    pk = plan.filter(person_id__gte=start).order_by("person_id").values_list("person_id", flat=True).first()
    return Person.objects.accessible_to(employee).filter(pk=pk).first() if pk else None
