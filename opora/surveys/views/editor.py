"""The editor of a questionnaire: questions, scales, branching, a preview; the document in and out as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.surveys import editing, services
from opora.surveys.errors import QuestionnaireRefused
from opora.surveys.forms import ContentForm
from opora.surveys.models import Survey
from opora.surveys.questionnaire import END, Questionnaire, read
from opora.surveys.views.surveys import found_survey
from opora.surveys.words import Kind, Role

SAVE, PREVIEW = "save", "preview"
CHANGED = "Пока вы правили, появилась версия {}. Ваш текст цел: сравните и сохраните ещё раз."


@require_http_methods(["GET", "POST"])
@needs(Right.SURVEYS_PLAN)
def version(request: StaffRequest, pk: int) -> HttpResponse:
    """The next version of her own questionnaire; every button but «Сохранить» only changes what is on the page."""
    row = found_survey(request, pk)
    last = row.newest
    if request.method != "POST":
        return _page(request, row, last.content if last else {}, number=last.number if last else 0)
    document = editing.of_form(request.POST)
    act, number = request.POST.get("do", SAVE), last.number if last else 0
    if act not in (SAVE, PREVIEW):
        sent = request.POST.get("number", "")
        return _page(request, row, editing.do(document, act), number=sent, act=act)
    told: list[str] = editing.faults(document)
    whole = None
    if not told:
        try:
            whole = read(document)
        except QuestionnaireRefused as refusal:
            told = [refusal.sentence]
    if act == SAVE and whole is not None and request.POST.get("number") != str(number):
        told = [CHANGED.format(number)]
    if act == SAVE and not told:
        try:
            services.new_version(row.pk, document, by=request.user)
        except DomainError as refusal:
            told = [refusal.sentence]
        else:
            messages.success(request, "Новая версия записана. Идущие опросы перейдут на неё, когда вы скажете.")
            return redirect("surveys:survey", row.pk)
    shown = whole if act == PREVIEW else None
    return _page(request, row, document, number=number, told=told, preview=shown, act=act)


@require_http_methods(["GET", "POST"])
@needs(Right.SURVEYS_PLAN)
def document(request: StaffRequest, pk: int) -> HttpResponse:
    """The next version taken from a document written elsewhere."""
    row = found_survey(request, pk)
    form = ContentForm(request.POST or None, initial={"content": _written(row)})
    if request.method == "POST" and form.is_valid():
        try:
            services.new_version(row.pk, form.cleaned_data["content"], by=request.user)
        except DomainError as refusal:
            form.add_error("content", refusal.sentence)
        else:
            messages.success(request, "Анкета прочитана и записана новой версией.")
            return redirect("surveys:survey", row.pk)
    context = {
        "form": form,
        "title": "Анкета файлом",
        "about": "Вставьте JSON: он станет новой версией. Прежняя останется, ответы по ней не потеряются.",
        "save": "Записать",
        "back": reverse("surveys:survey-version", args=[row.pk]),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.SURVEYS_VIEW)
def file(request: StaffRequest, pk: int) -> HttpResponse:
    """The newest version as a file of JSON."""
    row = found_survey(request, pk)
    number = row.newest.number if row.newest else 0
    headers = {"Content-Disposition": f'attachment; filename="{row.code}-{number}.json"'}
    return HttpResponse(_written(row), content_type="application/json", headers=headers)


def _written(row: Survey) -> str:
    return json.dumps(row.newest.content, ensure_ascii=False, indent=1) if row.newest else ""


def _page(
    request: StaffRequest,
    row: Survey,
    written: editing.Document,
    *,
    number: int | str,
    told: list[str] | None = None,
    preview: Questionnaire | None = None,
    act: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "survey": row,
        "written": written,
        "cards": editing.cards(written),
        "rules": [(one, json.dumps(one, ensure_ascii=False)) for one in written.get("contradictions", [])],
        "pairs": editing.pairs(written),
        "kinds": Kind.choices,
        "roles": Role.choices,
        "end": END,
        "number": number,
        "told": told,
        "preview": preview,
        "act": act,
    }
    return render(request, "surveys/editor.html", context, status=422 if told else 200)
