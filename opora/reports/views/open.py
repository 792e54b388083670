"""Published reports for everybody: no sign-in, no scripts, no cookies; a page and its copies for machines."""

from __future__ import annotations

from hashlib import sha256
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from opora.access.guard import public
from opora.access.scope import Scope, enter
from opora.reports import definitions, sealed
from opora.reports.definitions import ReportPack
from opora.reports.models import Publication, Seal
from opora.reports.pictures import still
from opora.reports.writers import TYPES, name_of, write
from opora.reports.writers.layout import sheet, unmet

MINUTES = 5
WHY = "опубликованные отчёты читают все; страница знает только то, что опубликовано"


@require_safe
@public(WHY)
def listed(request: HttpRequest) -> HttpResponse:
    """All open reports: by territory, then by whose they are. One query."""
    columns = ("pk", "title", "territory_name", "subject_name", "period_words", "published_at")
    rows = Publication.objects.open().only(*columns)
    territories = [
        (territory, [(subject, list(reports)) for subject, reports in groupby(found, lambda one: one.subject_name)])
        for territory, found in groupby(rows, lambda one: one.territory_name)
    ]
    return _kept(request, render(request, "reports/open_list.html", {"territories": territories}))


@require_safe
@public(WHY)
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report: its tables, notes, and who answers for it."""
    found = _open(pk)
    counted = sealed.of_text(found.body)
    form = _form(found)
    charts = still(counted, form)
    sheets = [sheet(table, charts.get(table.code), has_codes=form.has_numbered_lines) for table in counted.tables]
    context = {
        "publication": found,
        "report": counted,
        "sheets": sheets,
        "broken": [unmet(one) for one in counted.broken],
    }
    return _kept(request, render(request, "reports/open_report.html", context))


@require_safe
@public(WHY)
def copy(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The same for machines: JSON as it was sealed, or CSV."""
    found = _open(pk)
    counted = sealed.of_text(found.body)
    content = found.body.encode() if form == "json" else write(counted, form)
    answer = HttpResponse(content, content_type=TYPES[form])
    name = name_of(found.report, counted.subject, found.period, form)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Access-Control-Allow-Origin"] = "*"
    return _kept(request, answer, etag=f"{found.sha256}-{form}" if form != "json" else found.sha256)


def _open(pk: UUID) -> Publication:
    return get_object_or_404(Publication.objects.open(), pk=pk)


def _form(found: Publication) -> ReportPack:
    """The form of a published report: what it may draw is no secret, and only published numbers are drawn."""
    with enter(Scope.system("a published report is drawn by its form")):
        return definitions.of_pack(Seal.objects.values_list("pack_id", flat=True).get(pk=found.seal_id))


def _kept(request: HttpRequest, answer: HttpResponse, *, etag: str = "") -> HttpResponse:
    """Let anybody on the way keep the answer for some minutes, and ask afterwards only whether it has changed."""
    tag = quote_etag(etag or sha256(answer.content).hexdigest())
    answer["ETag"] = tag
    patch_cache_control(answer, public=True, max_age=MINUTES * 60)
    found = get_conditional_response(request, etag=tag, response=answer)
    return HttpResponse(status=500) if found is None else found
