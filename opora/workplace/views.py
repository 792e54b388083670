"""The desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.shared import attention
from opora.workplace import actions, queries


@needs(Right.WORKPLACE_VIEW)
def desk(request: StaffRequest) -> HttpResponse:
    """Where a shift begins: whom she opened lately, what needs a look, what she may do, her organisation's hours."""
    employee = request.user
    assignment = employee.assignment
    zone = assignment.organisation.zone if assignment else timezone.get_current_timezone()
    now = timezone.now().astimezone(zone)
    searches = employee.holds(Right.INSURED_SEARCH)
    context = {
        "greeting": actions.greeting(now.hour),
        "now": now,
        "assignment": assignment,
        "others": employee.current_assignments[1:],
        "actions": actions.actions_of(employee),
        "matters": attention.matters(employee),
        "opened": queries.lately_opened(employee) if employee.holds(Right.INSURED_VIEW) else None,
        "searches": searches,
        "answers_calls": searches and employee.representative_level is not None,
    }
    return render(request, "workplace/desk.html", context)
