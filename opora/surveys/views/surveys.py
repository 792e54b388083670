"""Questionnaires: ready ones and her organisation's own, copied and changed by versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.pages import keyset
from opora.surveys import services
from opora.surveys.forms import CopyForm
from opora.surveys.models import Survey


@require_safe
@needs(Right.SURVEYS_VIEW)
def surveys(request: StaffRequest) -> HttpResponse:
    rows = Survey.objects.accessible_to(request.user).select_related("insurer")
    page = keyset(rows, order=("title", "pk"), after=request.GET.get("after"))
    return render(request, "surveys/surveys.html", {"page": page})


@require_safe
@needs(Right.SURVEYS_VIEW)
def survey(request: StaffRequest, pk: int) -> HttpResponse:
    """The questions of the newest version, each with its source."""
    row = found_survey(request, pk)
    version = row.newest
    context = {
        "survey": row,
        "version": version,
        "whole": version.questionnaire if version else None,
        "may_plan": request.user.holds(Right.SURVEYS_PLAN),
    }
    return render(request, "surveys/survey.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.SURVEYS_PLAN)
def copy(request: StaffRequest, pk: int) -> HttpResponse:
    row = found_survey(request, pk)
    form = CopyForm(request.POST or None, initial={"title": row.title})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.copy_survey(row.pk, title=form.cleaned_data["title"], by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Анкета скопирована: её можно менять.")
            return redirect("surveys:survey", made.pk)
    return _form(request, form, "Своя анкета", f"Копия: {row.title}", row)


def _form(request: StaffRequest, form: CopyForm, title: str, about: str, row: Survey) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "about": about,
        "save": "Сохранить",
        "back": reverse("surveys:survey", args=[row.pk]),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


def found_survey(request: StaffRequest, pk: int) -> Survey:
    """A survey she may see; 404 otherwise."""
    return get_object_or_404(Survey.objects.accessible_to(request.user), pk=pk)
