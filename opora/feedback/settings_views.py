"""How Госуслуги are connected: the server, the key, the table of categories."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.doors.models import Door
from opora.doors.words import Kind
from opora.feedback import services
from opora.feedback.forms import ConnectForm
from opora.organisations.requests import StaffRequest


@require_safe
@needs(Right.DOORS_EDIT)
def connections(request: StaffRequest) -> HttpResponse:
    rows = Door.objects.accessible_to(request.user).filter(kind=Kind.GOSUSLUGI).select_related("organisation")
    return render(request, "feedback/connections.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DOORS_EDIT)
def new(request: StaffRequest) -> HttpResponse:
    row = Door(kind=Kind.GOSUSLUGI, created_at=timezone.now())
    form = ConnectForm(request.POST or None, instance=row, manager=request.user)
    return _saved(request, form) or _shown(request, form, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DOORS_EDIT)
def connection(request: StaffRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = ConnectForm(request.POST or None, instance=row, manager=request.user)
    return _saved(request, form) or _shown(request, form, row)


@require_POST
@needs(Right.DOORS_EDIT)
def look(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the platform now and say what came of it."""
    row = _found(request, pk)
    came = services.fetch_door(row)
    row.refresh_from_db(fields=["trouble"])
    record("feedback.look", ("doors.door", str(pk)), by=request.user)
    if row.trouble:
        messages.warning(request, row.trouble)
    else:
        messages.success(request, f"Связь есть. Нового: {came}.")
    return redirect("feedback:connection", pk)


def _found(request: StaffRequest, pk: int) -> Door:
    rows = Door.objects.accessible_to(request.user).filter(kind=Kind.GOSUSLUGI)
    return get_object_or_404(rows.select_related("organisation__territory"), pk=pk)


def _saved(request: StaffRequest, form: ConnectForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    row = form.kept()
    is_new = row.pk is None
    row.save()
    record("doors.door.save", ("doors.door", str(row.pk)), by=request.user, details=dict(form.told))
    messages.success(request, "Госуслуги подключены. Проверьте связь." if is_new else "Сохранено.")
    return redirect("feedback:connection", row.pk)


def _shown(request: StaffRequest, form: ConnectForm, row: Door | None) -> HttpResponse:
    context = {"form": form, "door": row, "unread": row.progress.get("unread", []) if row else []}
    return render(request, "feedback/connection.html", context, status=422 if form.errors else 200)
