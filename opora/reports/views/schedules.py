"""Schedules of sending: the list, one with what became of its letters, a new one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.reports import scheduled, sending
from opora.reports.leaving_forms import ScheduleForm
from opora.reports.models import Schedule, Sending
from opora.shared.pages import keyset

BADGES = {"waiting": "none", "given": "now", "sent": "done", "skipped": "none", "failed": "late", "unknown": "today"}


@require_safe
@needs(Right.REPORTS_PUBLISH)
def schedules(request: StaffRequest) -> HttpResponse:
    page = keyset(
        Schedule.objects.accessible_to(request.user), order=("report", "subject", "pk"), after=_after(request)
    )
    return render(request, "reports/schedules.html", {"page": page, "rows": scheduled.told(page, request.user)})


@require_http_methods(["GET", "POST"])
@needs(Right.REPORTS_PUBLISH)
def new(request: StaffRequest) -> HttpResponse:
    """A new one; the address may bring the report with its filters, as the page of a report does."""
    form = ScheduleForm(request.POST or None, initial=request.GET.dict(), employee=request.user)
    assignment = request.user.assignment
    if form.is_valid() and assignment is not None:
        made = form.save(commit=False)
        made.organisation, made.made_by = assignment.organisation, request.user
        made.territory = assignment.organisation.territory_id
        _save(made, "reports.schedule.add", request)
        messages.success(request, "Расписание записано. Письма уйдут, когда наступит его число.")
        return redirect("reports:schedule", made.pk)
    return _form(request, form, "Новое расписание")


@require_safe
@needs(Right.REPORTS_PUBLISH)
def schedule(request: StaffRequest, pk: int) -> HttpResponse:
    """One schedule: what became of each of its letters."""
    found = _own(request, pk)
    sent = Sending.objects.filter(schedule=found).select_related("recipient")
    page = keyset(sent, order=("-changed_at", "-pk"), after=_after(request))
    rows = [(one, BADGES[one.state], Sending.State(one.state).label) for one in page]
    over = {Sending.State.FAILED, Sending.State.UNKNOWN, Sending.State.SKIPPED}
    [told] = scheduled.told([found], request.user)
    context = {"schedule": found, "told": told, "page": page, "rows": rows, "over": over}
    return render(request, "reports/schedule.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.REPORTS_PUBLISH)
def editing(request: StaffRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    form = ScheduleForm(request.POST or None, initial=request.GET.dict(), instance=found, employee=request.user)
    if form.is_valid():
        _save(form.save(commit=False), "reports.schedule.change", request)
        return redirect("reports:schedule", pk)
    return _form(request, form, "Расписание отчёта")


@require_POST
@needs(Right.REPORTS_PUBLISH)
def again(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let a letter that did not go be tried once more."""
    found = get_object_or_404(Sending.objects.accessible_to(request.user), pk=pk)
    if sending.send_again(found):
        record("reports.sending.again", found, by=request.user)
        messages.success(request, "Письмо уйдёт в ближайшие минуты.")
    return redirect("reports:schedule", found.schedule_id)


def _own(request: StaffRequest, pk: int) -> Schedule:
    return get_object_or_404(Schedule.objects.accessible_to(request.user), pk=pk)


def _after(request: StaffRequest) -> str | None:
    return request.GET.get("after")


@transaction.atomic
def _save(schedule: Schedule, action: str, request: StaffRequest) -> None:
    schedule.save()
    told = {"report": schedule.report, "subject": schedule.subject, "recipients": schedule.recipients}
    if schedule.filters:
        told["filters"] = schedule.filters
    record(action, schedule, by=request.user, details=told)


def _form(request: StaffRequest, form: ScheduleForm, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "about": "Отчёт за прошедший период уходит по почте, целиком или с отбором. Списки людей не отправляют.",
        "save": "Сохранить",
        "back": reverse("reports:schedules"),
    }
    return render(request, "reports/schedule_form.html", context, status=422 if form.errors else 200)
