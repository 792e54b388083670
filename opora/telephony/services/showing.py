"""Showing who calls: written down once, however many windows ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opora.audit.services import record
from opora.telephony.models import PopUp

if TYPE_CHECKING:
    from opora.organisations.models import Employee
    from opora.telephony.queries import Caller

PURPOSE = "appeal"  # an operator looks because somebody has called


def note_shown(caller: Caller, *, by: Employee) -> bool:
    """Leave a line of each person shown by name; return False for a call she has been shown already."""
    if by.assignment is None:
        return False
    whose = {"organisation": by.assignment.organisation}
    _, is_new = PopUp.objects.get_or_create(call=caller.call, employee=by, defaults=whose)
    if is_new:
        for person in caller.people:
            record("telephony.popup", person, by=by, purpose=PURPOSE, details={"call": caller.call.pk})
    return is_new
