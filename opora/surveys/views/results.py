"""Results of rounds that have ended: a page, a book, a document."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.surveys import exports
from opora.surveys.charts import chart
from opora.surveys.models import Round
from opora.surveys.results import Asked, Results, ended
from opora.surveys.results import results as of_round
from opora.surveys.views.rounds import found as round_of

KINDS = {
    "xlsx": (exports.book, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (exports.document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@require_safe
@needs(Right.SURVEYS_VIEW)
def results(request: StaffRequest, pk: int) -> HttpResponse:
    asked = round_of(request, pk)
    if not asked.is_closed:
        return redirect("surveys:round", pk)
    found = of_round(asked, version=_version(request))
    record("surveys.results.read", asked, by=request.user)
    context = {
        "round": asked,
        "found": found,
        "questions": [(one, _picture(one)) for one in found.asked],
        "summary": chart(
            [
                (one.question.text, one.indicator.weighted, True, one.indicator.before)
                for one in found.indicators
                if one.indicator
            ]
        ),
        "hidden": exports.hidden_words(found),
        "method": exports.METHOD,
    }
    return render(request, "surveys/results.html", context)


@require_safe
@needs(Right.SURVEYS_VIEW)
def download(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    asked: Round = get_object_or_404(ended(request.user).select_related("survey", "version"), pk=pk)
    if kind not in KINDS:
        raise Http404
    make, content_type = KINDS[kind]
    found: Results = of_round(asked, version=_version(request))
    record("surveys.results.export", asked, by=request.user, details={"kind": kind})
    name = f"opros-{asked.pk}.{kind}"
    return HttpResponse(
        make(found), content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _picture(one: Asked) -> object:
    return chart([(line.label, line.weighted, line.is_good, None) for line in one.lines]) if one.lines else None


def _version(request: StaffRequest) -> int | None:
    text = request.GET.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
