"""Judging closed talks: samples, one talk with its sheet, and what an employee has been told about her own."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import quality
from opora.appeals.models import QualitySample, SampleSource, Score
from opora.classifiers.words import Line
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.forms import RuDateField
from opora.shared.pages import keyset

WEEK = timedelta(days=6)


class SampleForm(forms.Form):
    since = RuDateField(label="Приняты с", initial=lambda: timezone.localdate() - WEEK)
    until = RuDateField(label="по", initial=timezone.localdate)
    line = forms.ChoiceField(label="Линия", choices=[("", "Любая"), *Line.choices], required=False)
    size = forms.IntegerField(label="Сколько", min_value=1, max_value=quality.MOST, initial=10)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.QUALITY_SCORE)
def samples(request: StaffRequest) -> HttpResponse:
    """Samples of her organisation; POST draws another."""
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("appeals:sample", quality.draw(**form.cleaned_data, by=request.user).pk)
        except DomainError as fault:
            form.add_error(None, fault.sentence)
    found = _samples(request).select_related("made_by")
    page = keyset(found, order=("-pk",), after=request.GET.get("after"), size=20)
    context = {"form": form, "page": page}
    return render(request, "appeals/samples.html", context, status=422 if form.is_bound else 200)


@require_safe
@needs(Right.QUALITY_SCORE)
def sample(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The talks of a sample, in the order they were drawn."""
    found = get_object_or_404(_samples(request).select_related("sheet", "made_by"), pk=pk)
    scores = list(found.scores.select_related("appeal__topic", "employee"))
    done = [score.total for score in scores if score.total is not None]
    mean = round(sum(done) / len(done)) if done else None
    context = {"sample": found, "scores": scores, "done": len(done), "mean": mean}
    return render(request, "appeals/sample.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.QUALITY_SCORE)
def score(request: StaffRequest, pk: int) -> HttpResponse:
    """One talk beside its sheet; Ctrl+Enter goes to the next."""
    scores = Score.objects.select_related("sample__sheet", "appeal__topic", "employee")
    found = get_object_or_404(scores.exclude(appeal=None), pk=pk, organisation_id=_place(request))
    fault = ""
    if request.method == "POST":
        sent = {name: str(value) for name, value in request.POST.items() if name.startswith("mark-")}
        marks = {name[5:]: int(value) for name, value in sent.items() if value.isascii() and value.isdecimal()}
        try:
            quality.give_marks(found, marks=marks, comment=request.POST.get("comment", "")[:4000], by=request.user)
        except DomainError as refusal:
            fault, found.marks, found.comment = refusal.sentence, marks, request.POST.get("comment", "")
        else:
            messages.success(request, f"Оценка записана: {found.total} %.")
            following = found.sample.scores.filter(scored_at=None).order_by("place").first()
            return redirect("appeals:score", following.pk) if following else redirect("appeals:sample", found.sample_id)
    rows = [(criterion, mark, range(criterion["most"] + 1)) for criterion, mark in quality.lines_of(found)]
    context = {"score": found, "rows": rows, "fault": fault}
    return render(request, "appeals/score.html", context, status=422 if fault else 200)


@require_safe
@needs(Right.APPEALS_VIEW)
def own(request: StaffRequest) -> HttpResponse:
    """What she has been told about her own talks."""
    found = Score.objects.filter(employee=request.user, scored_at__isnull=False)
    scores = list(found.select_related("sample__sheet", "appeal__topic", "scored_by").order_by("-scored_at")[:50])
    return render(request, "appeals/own_scores.html", {"scores": [(one, quality.lines_of(one)) for one in scores]})


@require_POST
@needs(Right.APPEALS_VIEW)
def acknowledgement(request: StaffRequest, pk: int) -> HttpResponse:
    """She has read what was said of one of her talks."""
    quality.acknowledge(get_object_or_404(Score, pk=pk, employee=request.user), by=request.user)
    return redirect("appeals:own-scores")


def _samples(request: StaffRequest) -> QuerySet[QualitySample]:
    return QualitySample.objects.filter(organisation=_place(request), source=SampleSource.APPEAL)


def _place(request: StaffRequest) -> int:
    return request.user.assignment.organisation_id if request.user.assignment else 0
