"""Questionnaires: ready ones and her organisation's own, copied and changed by versions."""

from __future__ import annotations

import json

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
from opora.surveys.forms import ContentForm, CopyForm
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
    row = _found(request, pk)
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
    row = _found(request, pk)
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


@require_http_methods(["GET", "POST"])
@needs(Right.SURVEYS_PLAN)
def version(request: StaffRequest, pk: int) -> HttpResponse:
    """The next version of her own questionnaire."""
    row = _found(request, pk)
    last = row.newest
    written = json.dumps(last.content, ensure_ascii=False, indent=1) if last else ""
    form = ContentForm(request.POST or None, initial={"content": written})
    if request.method == "POST" and form.is_valid():
        try:
            services.new_version(row.pk, form.cleaned_data["content"], by=request.user)
        except DomainError as refusal:
            form.add_error("content", refusal.sentence)
        else:
            messages.success(request, "Новая версия записана. Идущие опросы перейдут на неё, когда вы скажете.")
            return redirect("surveys:survey", row.pk)
    return _form(request, form, "Новая версия анкеты", "Прежняя останется как есть: ответы по ней не потеряются.", row)


def _form(request: StaffRequest, form: CopyForm | ContentForm, title: str, about: str, row: Survey) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "about": about,
        "save": "Сохранить",
        "back": reverse("surveys:survey", args=[row.pk]),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


def _found(request: StaffRequest, pk: int) -> Survey:
    return get_object_or_404(Survey.objects.accessible_to(request.user), pk=pk)
