"""Paper: the printed questionnaire and the fast entry of filled ones, digits only."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.surveys.errors import AnswerRefused, RoundNotRunning, SurveysError
from opora.surveys.flow import questionnaire_of
from opora.surveys.models import Round
from opora.surveys.questionnaire import Answers, Question, Questionnaire
from opora.surveys.services import take_sheet
from opora.surveys.services.rounds import is_own
from opora.surveys.views.rounds import found
from opora.surveys.words import Mode


@dataclass(slots=True)
class Field:
    """One line of the entry: what was typed and what is wrong with it."""

    question: Question
    number: int
    typed: str = ""
    fault: str = ""

    @property
    def name(self) -> str:
        return f"q{self.number}"


@require_safe
@needs(Right.SURVEYS_VIEW)
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """The questionnaire to be printed, with the digits that are typed from it."""
    asked = found(request, pk)
    whole = questionnaire_of(asked.version_id)
    numbers = {one.code: place for place, one in enumerate(whole.questions, start=1)}
    lines = [(place, one, _ways(one, numbers)) for place, one in enumerate(whole.questions, start=1)]
    return render(request, "surveys/paper.html", {"round": asked, "whole": whole, "lines": lines})


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.SURVEYS_INTERVIEW)
def entry(request: StaffRequest, pk: int) -> HttpResponse:
    """One sheet after another: Enter goes to the next field, from the last one to the next sheet."""
    asked = found(request, pk)
    if not is_own(asked, request.user) or Mode.PAPER not in asked.modes or not asked.is_running:
        raise RoundNotRunning("Бумажные анкеты вводят в опросе, который идёт и спрашивает на бумаге.")
    whole = questionnaire_of(asked.version_id)
    fields = [
        Field(one, place, request.POST.get(f"q{place}", "")[:600]) for place, one in enumerate(whole.questions, start=1)
    ]
    if request.method == "GET":
        return _page(request, asked, fields)
    is_former = request.POST.get("version") != str(asked.version_id)
    if is_former:
        told = "Анкета за это время изменилась. Сверьте набранное с новой и сохраните ещё раз."
        return _page(request, asked, fields, told=told)
    answers = _read(fields)
    against = whole.against(answers)
    if any(one.fault for one in fields) or (against and "as_written" not in request.POST):
        return _page(request, asked, fields, against=against)
    return _kept(request, asked, whole, fields, answers)


def _kept(
    request: StaffRequest, asked: Round, whole: Questionnaire, fields: list[Field], answers: Answers
) -> HttpResponse:
    if not answers:
        return _page(request, asked, fields, told="Пустая анкета не сохраняется.")
    try:
        take_sheet(asked, asked.version_id, answers, is_paper=True)
    except SurveysError as refusal:
        return _page(request, asked, fields, told=refusal.sentence)
    messages.success(request, "Анкета в ящике. Следующая.")
    return redirect("surveys:entry", asked.pk)


def _read(fields: list[Field]) -> Answers:
    answers: Answers = {}
    for one in fields:
        if not one.typed.strip():
            continue
        try:
            answers[one.question.code] = one.question.read(one.question.of_digits(one.typed))
        except AnswerRefused as refusal:
            one.fault = refusal.sentence
    return answers


def _page(
    request: StaffRequest, asked: Round, fields: list[Field], *, against: list[str] | None = None, told: str = ""
) -> HttpResponse:
    is_refused = bool(told or against or any(one.fault for one in fields))
    context = {"round": asked, "fields": fields, "against": against or [], "told": told}
    return render(request, "surveys/entry.html", context, status=422 if is_refused else 200)


def _ways(question: Question, numbers: dict[str, int]) -> list[str]:
    """Return where answers lead, in words for paper."""
    found = []
    for code, to in question.jumps.items():
        where = "анкета закончена" if to == "end" else f"к вопросу {numbers[to]}"
        found.append(f"«{question.label(code)}» — {where}")
    return found
