"""«Мои выгрузки»: asking for a file, how it goes, giving it up, taking it away."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.reports import asking, exports
from opora.reports.counting import Report
from opora.reports.errors import NoSuchReport
from opora.reports.export_forms import ExportForm
from opora.reports.measures.opened import OPENS
from opora.reports.models import Export
from opora.shared.errors import DomainError
from opora.shared.pages import keyset
from opora.shared.progress import Work

STATES = {"done": "done", "failed": "late", "stopped": "late", "gone": "late"}
BADGES = {"waiting": "none", "running": "now", "done": "done", "failed": "late", "stopped": "none", "gone": "none"}
NOTES = {"waiting": "ждёт очереди", "running": "пишем строки", "gone": "файл уже удалён", "stopped": "остановлена"}


@never_cache
@require_safe
@needs(Right.REPORTS_EXPORT)
def files(request: StaffRequest) -> HttpResponse:
    """Her exports, the newest first."""
    found = Export.objects.accessible_to(request.user)
    page = keyset(found, order=("-asked_at", "-pk"), after=request.GET.get("after"))
    rows = [(export, BADGES[export.state], Export.State(export.state).label) for export in page]
    return render(request, "reports/exports.html", {"page": page, "rows": rows, "days": exports.KEPT.days})


@require_http_methods(["GET", "POST"])
@needs(Right.REPORTS_EXPORT)
def new(request: StaffRequest, name: str) -> HttpResponse:
    """Choose what a file will be; the address says which report or which number."""
    report, cell = _asked(request, name)
    purpose = getattr(request, "purpose", "")
    is_people = cell is not None and _is_of_people(report, cell)
    asks = {"is_rows": cell is not None, "is_people": is_people}
    form = ExportForm(request.POST or None, initial={"purpose": purpose}, **asks)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            export = exports.begin(
                request.user,
                report,
                asked["form"],
                cell=cell,
                is_personal=asked.get("is_personal", False),
                purpose=asked.get("purpose", ""),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("reports:export", export.pk)
    context = {
        "form": form,
        "title": "Выгрузить строки" if cell else "Выгрузить отчёт",
        "about": f"{report.pack.short}, {exports.whose(report)}. Файл запишется в фоне.",
        "save": "Выгрузить",
        "back": reverse("reports:exports"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@needs(Right.REPORTS_EXPORT)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How one export goes; htmx asks for the bar alone."""
    export = _own(request, pk)
    work = _work(export)
    if request.headers.get("HX-Request") and work.runs:
        return render(request, "ui/progress.html", {"work": work})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "reports/export.html", {"export": export, "work": work})


@require_POST
@needs(Right.REPORTS_EXPORT)
def stopping(request: StaffRequest, pk: UUID) -> HttpResponse:
    exports.stop(_own(request, pk), by=request.user)
    return redirect("reports:export", pk)


@never_cache
@require_safe
@needs(Right.REPORTS_EXPORT)
def content(request: StaffRequest, pk: UUID) -> FileResponse:
    """The file itself, for who has asked for it; taking it is written down."""
    export = _own(request, pk)
    path = exports.path_of(export)
    if export.state != Export.State.DONE or not path.exists() or not _is_hers(request, export):
        raise Http404
    record(
        "reports.export.take", export, by=request.user, purpose=export.purpose or None, details={"rows": export.rows}
    )
    return FileResponse(path.open("rb"), as_attachment=True, filename=exports.file_name(export))


def _is_of_people(report: Report, cell: exports.Cell) -> bool:
    """Whether the rows of a number are people of informing or of the register, whose telephones no file has."""
    row = next((one for one in report.table(cell[0]).rows if one.code == cell[1]), None)
    return row is not None and row.measure in OPENS


def _own(request: StaffRequest, pk: UUID) -> Export:
    return get_object_or_404(Export.objects.accessible_to(request.user), pk=pk)


def _is_hers(request: StaffRequest, export: Export) -> bool:
    """A file holds what a place let her see: who has left that place does not take it along."""
    return request.user.still_holds(Right.REPORTS_EXPORT, under=export.assignment_id)


def _asked(request: StaffRequest, name: str) -> tuple[Report, exports.Cell | None]:
    """Read whose report and which of its numbers: ``of`` and ``period``, or ``seal``; ``cell`` is table/row/column."""
    given, also = request.GET, dict(request.GET.lists())
    if given.get("seal"):
        try:
            seal, report = asking.as_sealed(request.user, UUID(given["seal"]), also)
        except ValueError:
            raise NoSuchReport from None
        if seal.report != name:
            raise NoSuchReport
    else:
        report = asking.ask(request.user, name, given.get("of", ""), given.get("period", ""), also)
    parts = given.get("cell", "").split("/")
    return report, (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def _work(export: Export) -> Work:
    url = reverse("reports:export", args=[export.pk])
    state = STATES.get(export.state, "now")
    note = export.fault or NOTES.get(export.state, "")
    result = reverse("reports:export-file", args=[export.pk]) if export.state == Export.State.DONE else ""
    total = export.total or None
    return Work("Выгрузка", url, export.rows, total, state, note, None, result, "Скачать файл")
