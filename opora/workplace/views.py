"""The desk."""

from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.desk import Desk, desk_of
from opora.appeals.services.owners import take
from opora.organisations.requests import StaffRequest
from opora.shared import attention
from opora.shared.toasts import toast
from opora.workplace import actions, queries


@needs(Right.WORKPLACE_VIEW)
def desk(request: StaffRequest) -> HttpResponse:
    """Where a shift begins: whom she opened lately, what needs a look, what she may do, her organisation's hours."""
    employee = request.user
    assignment = employee.assignment
    zone = assignment.organisation.zone if assignment else timezone.get_current_timezone()
    if assignment:
        prefetch_related_objects([assignment.organisation], "working_hours")  # asked for three times by the page
    now = timezone.now().astimezone(zone)
    context = {
        "greeting": actions.greeting(now.hour),
        "now": now,
        "assignment": assignment,
        "others": employee.current_assignments[1:],
        "actions": actions.actions_of(employee),
        "matters": attention.matters(employee),
        "opened": queries.lately_opened(employee) if employee.holds(Right.INSURED_VIEW) else None,
        "work": work_of(request),
        "may_open_organisation": employee.holds(Right.ORGANISATIONS_VIEW),
    }
    return render(request, "workplace/desk.html", context)


@never_cache
@require_safe
@needs(Right.APPEALS_HANDLE)
def work(request: StaffRequest) -> HttpResponse:
    """The part of the desk that changes by itself, asked again when news come."""
    return render(request, "workplace/desk.html#work", {"work": work_of(request)})


@require_POST
@needs(Right.APPEALS_HANDLE)
def taking(request: StaffRequest, pk: UUID) -> HttpResponse:
    """«Взять»: an appeal of the queue becomes hers. A colleague who was faster is told of in a toast."""
    appeal = take(pk, by=request.user)
    response = render(request, "workplace/desk.html#work", {"work": work_of(request)})
    return toast(response, f"{appeal.number} у вас")


def work_of(request: StaffRequest) -> Desk | None:
    """Her queue, for those who work on appeals."""
    employee = request.user
    return desk_of(employee) if employee.assignment and employee.holds(Right.APPEALS_HANDLE) else None
