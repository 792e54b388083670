"""What this installation knows, as a Context for the controls."""

from __future__ import annotations

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.exchange.books import themes
from opora.exchange.context import Context
from opora.organisations.models import Assignment, Organisation


def context_of_house() -> Context:
    """Return the codes of organisations, the GUIDs of employees and the partner's themes. Three queries."""
    with enter(Scope.system("controls compare a partner's file with what the house knows")):
        organisations = dict(Organisation.objects.current().values_list("code", "name"))
        current = Assignment.objects.current().values_list("employee__guid", "organisation__code")
        employees = {str(guid): code for guid, code in current}
        found = themes(timezone.localdate())
    return Context(timezone.localdate(), organisations, employees, found)
