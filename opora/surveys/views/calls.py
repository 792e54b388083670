"""The interviewer's page: one person, one question at a time, digits only. She sees nobody but the next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.purposes import Purpose
from opora.audit.services import record
from opora.insured.rules import age_words
from opora.organisations.requests import StaffRequest
from opora.surveys import calls as services
from opora.surveys.calls import Call
from opora.surveys.errors import AnswerRefused, NotHeld, RoundNotRunning, StateLost, SurveysError
from opora.surveys.flow import Flow, begin, questionnaire_of, resume
from opora.surveys.forms import AgainForm
from opora.surveys.words import Outcome

KEYS = {Outcome.NO_ANSWER: "2", Outcome.LATER: "3", Outcome.REFUSED: "4", Outcome.WRONG: "5"}
GONE = "Этот человек уже не у вас: разговор сохранён или вернулся в список."


@never_cache
@require_safe
@needs(Right.SURVEYS_INTERVIEW)
def calls(request: StaffRequest) -> HttpResponse:
    """The person in her hands, or how to take the next one."""
    return _page(request, services.held(request.user))


@require_POST
@needs(Right.SURVEYS_INTERVIEW)
def call_next(request: StaffRequest) -> HttpResponse:
    _take(request)
    return redirect("surveys:calls")


@require_POST
@needs(Right.SURVEYS_INTERVIEW)
def call_result(request: StaffRequest) -> HttpResponse:
    """Keep how a call without a questionnaire ended and bring the next person."""
    call = services.held(request.user)
    if call is None or str(call.invitee.pk) != request.POST.get("invitee"):
        messages.info(request, GONE)
        return redirect("surveys:calls")
    form = AgainForm(request.POST, zone=call.window.now.tzinfo)
    if form.is_valid():
        given = {"outcome": request.POST.get("outcome", ""), "again_at": form.cleaned_data["again_at"]}
        try:
            services.finish_call(call.invitee.pk, **given, by=request.user)
        except SurveysError as refusal:
            form.add_error("again_at" if given["outcome"] == Outcome.LATER else None, refusal.sentence)
        else:
            _take(request)
            return redirect("surveys:calls")
    return _page(request, call, form=form, status=422)


@never_cache
@require_POST
@needs(Right.SURVEYS_INTERVIEW)
def call_step(request: StaffRequest) -> HttpResponse:
    """One step of the questionnaire: begin, the next question, one back, or the end."""
    call = services.held(request.user)
    if call is None or str(call.invitee.pk) != request.POST.get("invitee"):
        messages.info(request, GONE)
        return redirect("surveys:calls")
    step, whose = request.POST.get("step", ""), f"invitee:{call.invitee.pk}"
    if step == "begin":
        return _asked(request, call, begin(call.invitee.round, whose))
    try:
        flow = resume(request.POST.get("state", ""), whose)
    except StateLost as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("surveys:calls")
    if step == "save" and flow.question is None:
        return _save(request, call, flow)
    given = request.POST.getlist("answer")
    if step == "back":
        return _asked(request, call, flow, chosen=flow.back())
    try:
        flow.answer(given)
    except AnswerRefused as refusal:
        return _asked(request, call, flow, chosen=given, fault=refusal.sentence)
    return _asked(request, call, flow)


@require_POST
@needs(Right.SURVEYS_INTERVIEW)
def call_release(request: StaffRequest) -> HttpResponse:
    if services.let_go(request.user):
        messages.success(request, "Человек вернулся в список.")
    return redirect("surveys:calls")


def _save(request: StaffRequest, call: Call, flow: Flow) -> HttpResponse:
    try:
        is_counted = services.finish_interview(call.invitee.pk, flow.version, flow.answers, by=request.user)
    except (AnswerRefused, NotHeld, RoundNotRunning) as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("surveys:calls")
    if is_counted:
        messages.success(request, "Анкета в ящике. Спасибо.")
    else:
        messages.warning(
            request,
            "Пока вы говорили, последнее место в этой группе занял другой разговор. Анкета не вошла в счёт, человек "
            "отмечен: больше ему не позвонят.",
        )
    _take(request)
    return redirect("surveys:calls")


def _take(request: StaffRequest) -> None:
    if services.next_call(request.user) is None:
        messages.info(
            request,
            "Сейчас спрашивать некого: люди закончились, группы набраны, срок опроса вышел или звонить поздно.",
        )


def _asked(
    request: StaffRequest, call: Call, flow: Flow, *, chosen: list[str] | None = None, fault: str = ""
) -> HttpResponse:
    context = {
        **_about(request, call),
        "flow": flow,
        "whole": flow.questionnaire,
        "question": flow.question,
        "chosen": chosen or [],
        "fault": fault,
        "is_former": flow.version != call.invitee.round.version_id,
    }
    return render(request, "surveys/interview.html", context, status=422 if fault else 200)


def _page(
    request: StaffRequest, call: Call | None, *, form: AgainForm | None = None, status: int = 200
) -> HttpResponse:
    if call is None:
        asks, over = services.rounds_of(request.user), services.overdue_of(request.user)
        return render(request, "surveys/calls.html", {"rounds": asks, "over": over})
    # The number is shown here: seeing it is a reading of the card.
    details = {"part": "surveys", "round": call.invitee.round_id}
    record("insured.card.read", call.person, by=request.user, purpose=Purpose.QUALITY, details=details)
    context = {
        **_about(request, call),
        "form": form or AgainForm(zone=call.window.now.tzinfo),
        "outcomes": [(key, str(one), one.label) for one, key in KEYS.items()],
        "outcome": request.POST.get("outcome", ""),
        "whole": questionnaire_of(call.invitee.round.version_id),
    }
    return render(request, "surveys/calls.html", context, status=status)


def _about(request: StaffRequest, call: Call) -> dict[str, Any]:
    return {
        "call": call,
        "age": age_words(call.person.birth_on, call.window.now.date()),
        "clock": f"{call.window.now:%H:%M}",
        "may_register": request.user.holds(Right.APPEALS_REGISTER),
    }
