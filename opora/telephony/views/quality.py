"""Judging recorded talks: samples of calls, one talk with its player and its sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import quality
from opora.appeals.models import QualitySample, SampleSource, Score
from opora.organisations.models import Department
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.forms import RuDateField
from opora.shared.pages import keyset
from opora.telephony import judging
from opora.telephony.models import Call, Line
from opora.telephony.views.recordings import tapes_of_call

WEEK = timedelta(days=6)
SCREEN = 20


class CallSampleForm(forms.Form):
    since = RuDateField(label="Звонки с", initial=lambda: timezone.localdate() - WEEK)
    until = RuDateField(label="по", initial=timezone.localdate)
    line: Any = forms.ModelChoiceField(label="Линия", queryset=Line.objects.none(), required=False, empty_label="Любая")
    group: Any = forms.ModelChoiceField(
        label="Группа", queryset=Department.objects.none(), required=False, empty_label="Любая"
    )
    size = forms.IntegerField(label="Сколько звонков", min_value=1, max_value=quality.MOST, required=False, initial=10)
    share = forms.IntegerField(
        label="или доля, %", min_value=1, max_value=100, required=False, help_text="Считают, если число не указано."
    )

    def __init__(self, request: StaffRequest) -> None:
        super().__init__(request.POST or None)
        place = request.user.scope.organisation
        line: Any = self.fields["line"]
        group: Any = self.fields["group"]
        line.queryset = Line.objects.filter(organisation=place)
        group.queryset = Department.objects.filter(organisation=place)

    def wish(self) -> judging.Wish:
        told = self.cleaned_data
        line, group = (told[name].pk if told[name] else None for name in ("line", "group"))
        return judging.Wish(told["since"], told["until"], line, group, told["size"], told["share"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.QUALITY_SCORE)
def samples(request: StaffRequest) -> HttpResponse:
    """Samples of calls of her organisation; POST draws another."""
    form = CallSampleForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("telephony:sample", judging.draw(form.wish(), by=request.user).pk)
        except DomainError as fault:
            form.add_error(None, fault.sentence)
    rows = _samples(request).select_related("made_by")
    page = keyset(rows, order=("-pk",), after=request.GET.get("after"), size=SCREEN)
    context = {"form": form, "page": page}
    return render(request, "telephony/samples.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
@needs(Right.QUALITY_SCORE)
def sample(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The calls of a sample in the order they were drawn, and whether its seed draws them again."""
    found = get_object_or_404(_samples(request).select_related("sheet", "made_by"), pk=pk)
    scores = list(found.scores.select_related("employee").order_by("place"))
    calls = Call.objects.accessible_to(request.user).select_related("line")
    known = calls.in_bulk([judging.key_of(score) for score in scores])
    done = [score.total for score in scores if score.total is not None]
    context = {
        "sample": found,
        "rows": [(score, known.get(judging.key_of(score))) for score in scores],
        "done": len(done),
        "mean": round(sum(done) / len(done)) if done else None,
        "proof": judging.prove(found, by=request.user),
    }
    return render(request, "telephony/sample.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.QUALITY_SCORE)
def score(request: StaffRequest, pk: int) -> HttpResponse:
    """One talk: its player beside the sheet; Ctrl+Enter goes to the next."""
    scores = Score.objects.select_related("sample__sheet", "employee").exclude(call_id="")
    found = get_object_or_404(scores, pk=pk, organisation_id=request.user.scope.organisation)
    fault = ""
    if request.method == "POST":
        sent = {name[5:]: str(value) for name, value in request.POST.items() if name.startswith("mark-")}
        marks = {code: int(value) for code, value in sent.items() if value.isascii() and value.isdecimal()}
        comment = request.POST.get("comment", "")[:4000]
        try:
            quality.give_marks(found, marks=marks, comment=comment, by=request.user)
        except DomainError as refusal:
            fault, found.marks, found.comment = refusal.sentence, marks, comment
        else:
            messages.success(request, f"Оценка записана: {found.total} %.")
            rest = found.sample.scores.filter(scored_at=None).order_by("place").first()
            return redirect("telephony:score", rest.pk) if rest else redirect("telephony:sample", found.sample_id)
    call = Call.objects.accessible_to(request.user).select_related("line").filter(pk=judging.key_of(found)).first()
    hears = request.user.holds(Right.TELEPHONY_LISTEN)
    context = {
        "score": found,
        "call": call,
        "tapes": tapes_of_call(request, judging.key_of(found)) if hears else [],
        "hears": hears,
        "keys": True,
        "rows": [(line, mark, range(line["most"] + 1)) for line, mark in quality.lines_of(found)],
        "fault": fault,
    }
    return render(request, "telephony/score.html", context, status=422 if fault else 200)


def _samples(request: StaffRequest) -> QuerySet[QualitySample]:
    return QualitySample.objects.filter(organisation=request.user.scope.organisation, source=SampleSource.CALL)
