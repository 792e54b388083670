"""What this installation knows, as a Context for the controls."""

from __future__ import annotations

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.exchange.context import Context
from opora.organisations.models import Assignment, Organisation


def context_of_house() -> Context:
    """Return codes of organisations and GUIDs of employees of the whole database. Two queries.

    Themes are empty until the house keeps the partner's classifier: then they are not compared.
    """
    with enter(Scope.system("controls compare a partner's file with what the house knows")):
        organisations = dict(Organisation.objects.current().values_list("code", "name"))
        current = Assignment.objects.current().values_list("employee__guid", "organisation__code")
        employees = {str(guid): code for guid, code in current}
    return Context(timezone.localdate(), organisations, employees)
