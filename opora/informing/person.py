"""What this room tells of one person: everything ever sent to him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opora.informing.models import Reported, Touch, Visit

if TYPE_CHECKING:
    from opora.insured.models import Person
    from opora.organisations.models import Employee

SHOWN = 50


def history(person: Person, employee: Employee) -> dict[str, Any]:
    """Return touches, contacts told by partners and visits, latest first. Three queries."""
    touches = Touch.objects.accessible_to(employee).filter(person_id=person.pk).order_by("-planned_at")[:SHOWN]
    told = Reported.objects.accessible_to(employee).filter(person=person).order_by("-on")[:SHOWN]
    visits = Visit.objects.accessible_to(employee).filter(person=person, corrected_by=None).order_by("-on")[:SHOWN]
    return {"touches": list(touches), "told": list(told), "visits": list(visits)}
