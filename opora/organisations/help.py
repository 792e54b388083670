"""Who can help a colleague to whom a page said no."""

from django.http import HttpRequest

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.organisations.models import Assignment, Employee

SHOWN = 3


def who_can_help(request: HttpRequest, error: BaseException) -> list[str]:
    """Return the administrators of the colleague's own organisation, with their inner telephones."""
    user = getattr(request, "_cached_user", None)
    if not isinstance(error, RightMissing) or not isinstance(user, Employee) or user.assignment is None:
        return []
    with enter(Scope.system("a refused colleague is told whom to ask")):
        found = Assignment.objects.current().filter(
            organisation=user.assignment.organisation_id,
            role__rights__contains=[Right.EMPLOYEES_EDIT],
            employee__is_active=True,
        )
        people = list(Employee.objects.filter(pk__in=found.values("employee"))[:SHOWN])
    return [f"{person.full_name}, тел. {person.phone}" if person.phone else person.full_name for person in people]
