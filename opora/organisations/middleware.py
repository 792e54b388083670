"""As whom she works in this session, and why: chosen in the person menu, else her first assignment and its purpose."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from opora.audit.purposes import Purpose
from opora.organisations.models import Assignment, Employee

GetResponse = Callable[[HttpRequest], HttpResponseBase]
ASSIGNMENT, PURPOSE = "assignment", "purpose"


class AssignmentMiddleware:
    """Set ``request.user.assignment`` to the chosen one, ``request.purpose`` to the stated or usual one, and the clock.

    A choice that is no longer in force is forgotten. Stands after authentication and before the trace.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.purpose = ""  # type: ignore[attr-defined]
        user = request.user
        if isinstance(user, Employee):
            user.assignment = self._chosen(request, user)
            request.purpose = purpose_of(request, user.assignment)  # type: ignore[attr-defined]
        with timezone.override(_zone(user)):
            return self.get_response(request)

    def _chosen(self, request: HttpRequest, employee: Employee) -> Assignment | None:
        found = {assignment.pk: assignment for assignment in employee.current_assignments}
        chosen = request.session.get(ASSIGNMENT)
        return found.get(chosen or 0) or next(iter(found.values()), None)


def _zone(user: object) -> ZoneInfo | None:
    """Her organisation's clock; None — that of the settings, for whoever has none."""
    assignment = user.assignment if isinstance(user, Employee) else None
    return assignment.organisation.zone if assignment else None


def purpose_of(request: HttpRequest, assignment: Assignment | None) -> str:
    """Return what she has stated in this session for this assignment, else the usual purpose of its role, else «»."""
    if assignment is None:
        return ""
    stated = request.session.get(PURPOSE)
    if isinstance(stated, dict) and stated.get("assignment") == assignment.pk and stated.get("why") in Purpose.values:
        return str(stated["why"])
    return assignment.role.default_purpose
