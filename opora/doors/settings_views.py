"""Doors of her organisation: which there are, what is wrong with them, and the settings of a mailbox."""

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
from opora.doors import services
from opora.doors.models import Door
from opora.doors.settings_forms import MailboxForm
from opora.doors.words import Kind
from opora.organisations.requests import StaffRequest


@require_safe
@needs(Right.DOORS_EDIT)
def doors(request: StaffRequest) -> HttpResponse:
    rows = Door.objects.accessible_to(request.user).select_related("organisation")
    return render(request, "doors/doors.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DOORS_EDIT)
def new(request: StaffRequest) -> HttpResponse:
    row = Door(kind=Kind.MAIL, created_at=timezone.now())
    form = MailboxForm(request.POST or None, instance=row, manager=request.user)
    return _saved(request, form) or _shown(request, form, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DOORS_EDIT)
def door(request: StaffRequest, pk: int) -> HttpResponse:
    """A mailbox; a door of another kind is only shown: its own room keeps it."""
    row = _found(request, pk)
    if row.kind != Kind.MAIL:
        return _shown(request, None, row)
    form = MailboxForm(request.POST or None, instance=row, manager=request.user)
    return _saved(request, form) or _shown(request, form, row)


@require_POST
@needs(Right.DOORS_EDIT)
def look(request: StaffRequest, pk: int) -> HttpResponse:
    """Look into the mailbox now and say what came of it."""
    row = _found(request, pk)
    came = services.fetch_door(row)
    row.refresh_from_db(fields=["trouble"])
    record("doors.look", ("doors.door", str(pk)), by=request.user)
    if row.trouble:
        messages.warning(request, row.trouble)
    else:
        messages.success(request, f"Связь есть. Новых писем: {came}.")
    return redirect("doors:door", pk)


def _found(request: StaffRequest, pk: int) -> Door:
    return get_object_or_404(Door.objects.accessible_to(request.user).select_related("organisation"), pk=pk)


def _saved(request: StaffRequest, form: MailboxForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    row = form.kept()
    is_new = row.pk is None
    row.save()
    record("doors.door.save", ("doors.door", str(row.pk)), by=request.user, details=dict(form.told))
    messages.success(request, "Ящик подключён. Проверьте связь." if is_new else "Сохранено.")
    return redirect("doors:door", row.pk)


def _shown(request: StaffRequest, form: MailboxForm | None, row: Door | None) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    return render(request, "doors/door.html", {"form": form, "door": row}, status=status)
