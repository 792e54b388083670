"""Doors of her organisation: which there are, what is wrong with them, the settings of a mailbox and of a bot."""

from __future__ import annotations

from collections.abc import Callable

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
from opora.doors.settings_forms import FORMS, DoorForm
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
    """A mailbox, or by ``kind`` of the address a bot."""
    kind = request.GET.get("kind", "")
    row = Door(kind=kind if kind in FORMS else Kind.MAIL, created_at=timezone.now())
    form = FORMS[row.kind](request.POST or None, instance=row, manager=request.user)
    return _saved(request, form) or _shown(request, form, None, kind=row.kind)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DOORS_EDIT)
def door(request: StaffRequest, pk: int) -> HttpResponse:
    """A mailbox or a bot; a door of another kind is only shown: its own room keeps it."""
    row = _found(request, pk)
    if row.kind not in FORMS:
        return _shown(request, None, row, kind=row.kind)
    form = FORMS[row.kind](request.POST or None, instance=row, manager=request.user)
    return _saved(request, form) or _shown(request, form, row, kind=row.kind)


@require_POST
@needs(Right.DOORS_EDIT)
def look(request: StaffRequest, pk: int) -> HttpResponse:
    """Look now and say what came of it."""
    return looked(request, _found(request, pk), services.fetch_door, room="doors", page="doors:door")


def looked(request: StaffRequest, row: Door, fetch: Callable[[Door], int], *, room: str, page: str) -> HttpResponse:
    """Fetch by a door now and say on its ``page`` what came of it; the room that keeps the door says how it fetches."""
    came = fetch(row)
    row.refresh_from_db(fields=["trouble"])
    record(f"{room}.look", ("doors.door", str(row.pk)), by=request.user)
    if row.trouble:
        messages.warning(request, row.trouble)
    else:
        messages.success(request, f"Связь есть. Новых сообщений: {came}.")
    return redirect(page, row.pk)


def saved(request: StaffRequest, form: DoorForm, *, connected: str, page: str) -> HttpResponse | None:
    """Save a door whose form is filled in and go to its ``page``; None — the form is to be shown."""
    if not form.is_valid():
        return None
    row = form.kept()
    is_new = row.pk is None
    row.save()
    record("doors.door.save", ("doors.door", str(row.pk)), by=request.user, details=dict(form.told))
    messages.success(request, f"{connected}. Проверьте связь." if is_new else "Сохранено.")
    return redirect(page, row.pk)


def _found(request: StaffRequest, pk: int) -> Door:
    return get_object_or_404(Door.objects.accessible_to(request.user).select_related("organisation"), pk=pk)


def _saved(request: StaffRequest, form: DoorForm) -> HttpResponse | None:
    connected = "Бот подключён" if form.instance.kind == Kind.TELEGRAM else "Ящик подключён"
    return saved(request, form, connected=connected, page="doors:door")


def _shown(request: StaffRequest, form: DoorForm | None, row: Door | None, *, kind: str) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    context = {"form": form, "door": row, "is_bot": kind == Kind.TELEGRAM}
    return render(request, "doors/door.html", context, status=status)
