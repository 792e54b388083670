"""Files of this room: asking, how they go, taking them away. Each kind has a right of its own besides."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from opora.access.errors import RightMissing
from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.informing import exporting
from opora.informing.models import Export
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared.progress import Work

STATES = {Export.State.DONE: "done", Export.State.FAILED: "late", Export.State.GONE: "late"}
NOTES = {
    Export.State.WAITING: "ждёт очереди",
    Export.State.RUNNING: "пишем строки",
    Export.State.GONE: "файл хранится один день",
}


@require_POST
@needs(Right.INFORMING_VIEW)
@with_purpose
def ask(request: StaffRequest) -> HttpResponse:
    """Ask for a file of what the page shows."""
    kind = _kind(request, request.POST.get("what", ""))
    purpose = getattr(request, "purpose", "")
    export = exporting.ask(kind.slug, request.POST.get("query", ""), by=request.user, purpose=purpose)
    return redirect("informing:export", export.pk)


@require_safe
@needs(Right.INFORMING_VIEW)
def export(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How it goes; htmx asks for the bar alone."""
    row = get_object_or_404(Export, pk=pk, employee=request.user)
    kind = _kind(request, row.what)
    url = reverse("informing:export", args=[row.pk])
    state = Export.State(row.state)
    result = reverse("informing:export-file", args=[row.pk]) if state is Export.State.DONE else ""
    note = NOTES.get(state, "")
    work = Work(kind.title, url, row.rows, None, STATES.get(state, "now"), note, None, result, "Скачать файл Excel")
    if request.headers.get("HX-Request") and work.runs:
        return render(request, "ui/progress.html", {"work": work})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {"export": row, "kind": kind, "work": work, "until": row.asked_at + exporting.KEPT}
    return render(request, "informing/export.html", context)


@require_safe
@needs(Right.INFORMING_VIEW)
def content(request: StaffRequest, pk: UUID) -> FileResponse:
    """The file itself, for who has asked for it and still works where she did."""
    row = get_object_or_404(Export, pk=pk, employee=request.user, state=Export.State.DONE)
    kind = _kind(request, row.what)
    path = exporting.path_of(row)
    if not request.user.still_holds(kind.right, under=row.assignment_id) or not path.exists():
        raise Http404
    record("informing.export.take", row, by=request.user, details={"what": row.what, "rows": row.rows})
    name = f"{kind.slug}-{timezone.localtime(row.asked_at):%Y-%m-%d-%H%M}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _kind(request: StaffRequest, slug: str) -> exporting.Kind:
    kind = exporting.kind_of(slug)
    if kind is None:
        raise Http404
    if not request.user.holds(kind.right):
        raise RightMissing(right=kind.right)
    return kind
