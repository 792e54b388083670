"""Pages without a sign-in: the link of an SMS and the tablet at a post. They work without scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opora.access.guard import public
from opora.access.scope import enter
from opora.shared.errors import DomainError
from opora.surveys import links
from opora.surveys.errors import AnswerRefused, QuotaFull, RoundOver, StateLost
from opora.surveys.flow import Flow, begin, questionnaire_of, resume
from opora.surveys.models import Round
from opora.surveys.services import take_sheet
from opora.surveys.services.rounds import digest

THANKS = "Спасибо. Ваш ответ записан без имени."
FULL = "Спасибо. Нужное число таких ответов уже собрано, ваш в него не вошёл."


@never_cache
@require_http_methods(["GET", "POST"])
@public("на вопросы по ссылке из СМС отвечают без входа")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The questionnaire behind a link; it is answered once."""
    with enter(links.SYSTEM):
        try:
            invitee = links.find(token, begins=_begins(request))
            flow, chosen, fault = _step(request, invitee.round, f"link:{digest(token)}")
            if flow is None:
                return _hello(request, invitee.round)
            if fault is None and request.POST.get("step") == "save" and flow.question is None:
                is_counted = links.finish(token, flow.version, flow.answers)
                return _told(request, THANKS if is_counted else FULL)
        except DomainError as refusal:
            return _told(request, refusal.sentence, refusal.status)
        return _asked(request, invitee.round, flow, chosen, fault)


@never_cache
@require_http_methods(["GET", "POST"])
@public("на планшете поста отвечают люди, а не сотрудники")
def post(request: HttpRequest, key: str) -> HttpResponse:
    """The questionnaire of a tablet: after the end it begins anew, by itself."""
    with enter(links.SYSTEM):
        asked = _of_post(key)
        if asked is None:
            return _told(request, "Этот планшет больше не спрашивает. Включите его заново со страницы опроса.", 404)
        try:
            if asked.is_overdue and _begins(request):
                return _told(request, RoundOver().sentence, RoundOver.status)
            flow, chosen, fault = _step(request, asked, "post")
            flow = flow or begin(asked, "post")
            if fault is None and request.POST.get("step") == "save" and flow.question is None:
                try:
                    take_sheet(asked, flow.version, flow.answers)
                except QuotaFull:
                    return _told(request, FULL, is_post=True)
                return _told(request, THANKS, is_post=True)
        except DomainError as refusal:
            return _told(request, refusal.sentence, refusal.status, is_post=True)
        return _asked(request, asked, flow, chosen, fault, is_post=True)


def _of_post(key: str) -> Round | None:
    if "\x00" in key:
        return None
    return Round.objects.running().filter(post_hash=digest(key)).select_related("version").first()


def _begins(request: HttpRequest) -> bool:
    """Whether he has answered nothing yet."""
    return request.method != "POST" or request.POST.get("step", "") in {"", "begin"}


def _step(request: HttpRequest, asked: Round, whose: str) -> tuple[Flow | None, list[str], str | None]:
    """Return the flow after this step, what was chosen and what is wrong with it; no flow — a fresh page."""
    step = request.POST.get("step", "")
    if request.method != "POST" or not step:
        return None, [], None
    if step == "begin":
        return begin(asked, whose), [], None
    try:
        flow = resume(request.POST.get("state", ""), whose)
    except StateLost:
        return begin(asked, whose), [], "Страница устарела, начните с первого вопроса."
    given = request.POST.getlist("answer")
    if step == "back":
        return flow, flow.back(), None
    if step == "next":
        try:
            flow.answer(given)
        except AnswerRefused as refusal:
            return flow, given, refusal.sentence
    return flow, [], None


def _hello(request: HttpRequest, asked: Round) -> HttpResponse:
    whole = questionnaire_of(asked.version_id)
    return render(request, "surveys/open_hello.html", {"round": asked, "whole": whole})


def _asked(
    request: HttpRequest, asked: Round, flow: Flow, chosen: list[str], fault: str | None, *, is_post: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "round": asked,
        "flow": flow,
        "whole": flow.questionnaire,
        "question": flow.question,
        "chosen": chosen,
        "fault": fault,
        "is_post": is_post,
    }
    return render(request, "surveys/open_question.html", context, status=422 if fault else 200)


def _told(request: HttpRequest, sentence: str, status: int = 200, *, is_post: bool = False) -> HttpResponse:
    return render(request, "surveys/open_told.html", {"sentence": sentence, "is_post": is_post}, status=status)
