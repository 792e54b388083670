"""The log as a page and as a file. Whoever reads it leaves a line in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.organisations.models import Employee
from opora.oversight import queries
from opora.oversight.forms import SearchForm
from opora.oversight.words import STATES, action_in_words, subject_in_words
from opora.shared.pages import keyset
from opora.shared.spreadsheets import XLSX_ROWS, csv_lines, xlsx_file

HEAD = [
    "Когда", "Кто", "Роль", "Организация", "Действие", "Над чем", "Номер записи", "Зачем", "Результат", "Откуда",
    "Сеанс", "Запрос",
]  # fmt: skip


@require_safe
@needs(Right.AUDIT_VIEW)
def log(request: HttpRequest) -> HttpResponse:
    """Search the log; ``?line=`` opens one line in the panel."""
    reader = cast(Employee, request.user)
    form = SearchForm(request.GET, reader=reader)
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "oversight/log.html", context, status=422)
    lines = queries.found(reader, form.cleaned_data)
    page = keyset(lines, order=queries.NEWEST_FIRST, after=request.GET.get("after"), size=50)
    context |= {"page": page, "rows": [Shown(line) for line in page], "wanted": form.cleaned_data}
    context["about"] = _about(form.cleaned_data)
    if "line" in request.GET:
        context["line"] = Shown(_line(reader, request.GET["line"]))
    else:
        record("audit.search", by=reader, details=_trace(form.cleaned_data))
    return render(request, "oversight/log.html", context)


@require_safe
@needs(Right.AUDIT_VIEW)
def copy(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give what the search finds as a CSV (streamed) or an XLSX file."""
    reader = cast(Employee, request.user)
    form = SearchForm(request.GET, reader=reader)
    if kind not in {"csv", "xlsx"}:
        raise Http404
    if not form.is_valid():
        return render(request, "oversight/log.html", {"form": form}, status=422)
    record("audit.export", by=reader, details={"format": kind, **_trace(form.cleaned_data)})
    rows = _rows(reader, form.cleaned_data, limit=XLSX_ROWS if kind == "xlsx" else None)
    name = f"zhurnal-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        return FileResponse(xlsx_file(HEAD, rows, title="Журнал доступа"), as_attachment=True, filename=name)
    answer = StreamingHttpResponse(csv_lines(HEAD, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class Shown:
    """A line as the page says it."""

    def __init__(self, line: AuditLine) -> None:
        self.line = line
        self.action = action_in_words(line.action)
        self.subject = subject_in_words(line.subject_kind)
        self.state = STATES.get(line.result, "word")
        self.key = f"{line.at.astimezone(timezone.get_fixed_timezone(0)):%Y%m%dT%H%M%S.%f}~{line.id}"


def _line(reader: Employee, key: str) -> AuditLine:
    moment, _, number = key.partition("~")
    try:
        at = timezone.make_aware(datetime.strptime(moment, "%Y%m%dT%H%M%S.%f"), timezone.get_fixed_timezone(0))  # noqa: DTZ007
        line = AuditLine.objects.accessible_to(reader).filter(at=at, id=UUID(number)).first()
    except ValueError as fault:
        raise Http404 from fault
    if line is None:
        raise Http404
    return line


def _rows(reader: Employee, wanted: dict[str, Any], *, limit: int | None) -> Iterator[list[Any]]:
    """Yield the cells of every line found. A streamed answer is read after the view, so the scope is entered here."""
    with enter(reader.scope):
        for line in queries.found(reader, wanted).order_by(*queries.NEWEST_FIRST)[:limit].iterator(chunk_size=2000):
            yield [
                f"{timezone.localtime(line.at):%d.%m.%Y %H:%M:%S}",
                line.employee_name,
                line.role,
                line.organisation_name,
                action_in_words(line.action),
                subject_in_words(line.subject_kind),
                line.subject_id,
                line.get_purpose_display(),
                line.get_result_display(),
                line.ip,
                line.session,
                line.request_id,
            ]


def _trace(wanted: dict[str, Any]) -> dict[str, Any]:
    """What was asked, without what was typed: a name in «кто» stays out of the log."""
    asked = {name: str(getattr(value, "pk", value)) for name, value in wanted.items() if value and name != "who"}
    return asked | ({"who": True} if wanted.get("who") else {})


def _about(wanted: dict[str, Any]) -> str:
    """Return about what one row the question is: the card «кто смотрел»."""
    if not wanted.get("subject_id"):
        return ""
    return f"{subject_in_words(wanted.get('subject_kind', ''))} № {wanted['subject_id']}".strip()
