"""How Госуслуги are connected: the server, the key, the table of categories."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.doors.models import Door
from opora.doors.settings_views import looked, saved
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
    return looked(request, _found(request, pk), services.fetch_door, room="feedback", page="feedback:connection")


def _found(request: StaffRequest, pk: int) -> Door:
    rows = Door.objects.accessible_to(request.user).filter(kind=Kind.GOSUSLUGI)
    return get_object_or_404(rows.select_related("organisation__territory"), pk=pk)


def _saved(request: StaffRequest, form: ConnectForm) -> HttpResponse | None:
    return saved(request, form, connected="Госуслуги подключены", page="feedback:connection")


def _shown(request: StaffRequest, form: ConnectForm, row: Door | None) -> HttpResponse:
    context = {"form": form, "door": row, "unread": row.progress.get("unread", []) if row else []}
    return render(request, "feedback/connection.html", context, status=422 if form.errors else 200)
