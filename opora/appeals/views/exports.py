"""Selections written to files: asking, how they go, taking them away."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import exports
from opora.appeals.listing import Filter
from opora.appeals.listing.words import chips
from opora.appeals.models import Export
from opora.audit.services import record
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared.progress import Work

SHOWN = 20
STATES = {Export.State.DONE: "done", Export.State.FAILED: "late", Export.State.GONE: "late"}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.APPEALS_EXPORT)
@with_purpose
def files(request: StaffRequest) -> HttpResponse:
    """Her exports; POST asks for another."""
    if request.method == "POST":
        chosen = Filter.read(QueryDict(request.POST.get("query", "")))
        export = exports.ask(chosen, by=request.user, purpose=getattr(request, "purpose", ""))
        return redirect("appeals:export", export.pk)
    found = list(Export.objects.filter(employee=request.user)[:SHOWN])
    for export in found:
        export.words = chips(Filter.read(QueryDict(export.query)))  # type: ignore[attr-defined]
    return render(request, "appeals/exports.html", {"exports": found})


@require_safe
@needs(Right.APPEALS_EXPORT)
def file(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How one export goes; htmx asks for the bar alone."""
    export = get_object_or_404(Export, pk=pk, employee=request.user)
    work = _work(export)
    if request.headers.get("HX-Request") and work.runs:
        return render(request, "ui/progress.html", {"work": work})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    chosen = Filter.read(QueryDict(export.query))
    context = {
        "export": export,
        "work": work,
        "chips": chips(chosen),
        "back": chosen.query,
        "until": export.asked_at + exports.KEPT,
    }
    return render(request, "appeals/export.html", context)


@require_safe
@needs(Right.APPEALS_EXPORT)
def content(request: StaffRequest, pk: UUID) -> FileResponse:
    """The file itself, for who has asked for it and still works where she did."""
    export = get_object_or_404(Export, pk=pk, employee=request.user, state=Export.State.DONE)
    path = exports.path_of(export)
    if not request.user.still_holds(Right.APPEALS_EXPORT, under=export.assignment_id) or not path.exists():
        raise Http404
    record("appeals.export.take", export, by=request.user, details={"rows": export.rows})
    name = f"journal-{timezone.localtime(export.asked_at):%Y-%m-%d-%H%M}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _work(export: Export) -> Work:
    url = reverse("appeals:export", args=[export.pk])
    state = STATES.get(Export.State(export.state), "now")
    notes = {
        Export.State.WAITING: "ждёт очереди",
        Export.State.RUNNING: "пишем строки",
        Export.State.GONE: "файл хранится один день",
    }
    note = notes.get(Export.State(export.state), "")
    is_done = export.state == Export.State.DONE
    result = reverse("appeals:export-file", args=[export.pk]) if is_done else ""
    return Work("Выгрузка журнала", url, export.rows, None, state, note, None, result, "Скачать файл Excel")
