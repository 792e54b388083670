"""What the exchange is asked from a page, and what it answered."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.shared.toasts import toast, trigger
from opora.telephony import services
from opora.telephony.models import Agent, Call, Command
from opora.telephony.words import Act, Answer

SAID = {
    Act.HOLD: "Гражданин на удержании",
    Act.RESUME: "Разговор продолжен",
    Act.JOIN: "Гражданин говорит с коллегой",
    Act.BACK: "Гражданин снова с вами",
    Act.HANGUP: "Трубка положена",
    Act.KEEP: "Разговор возвращается в телефон",
    Act.DIAL: "АТС звонит на ваш аппарат, потом наберёт номер",
    Act.TRANSFER: "Звонок переведён",
}
ASKED = "Коллеге звонят, гражданин слушает музыку"
ABOUT_CALL = {act for act in Act if act not in {Act.DIAL, Act.STATE}}


@require_POST
@needs(Right.TELEPHONY_TAKE)
def about_call(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """Hold, resume, hand over, join, take back or hang up a call that is hers."""
    return _about(request, Call.objects.accessible_to(request.user).filter(pk=pk).first(), act)


@require_POST
@needs(Right.TELEPHONY_TAKE)
def about_mine(request: StaffRequest, act: str) -> HttpResponse:
    """The same about the call she is in now: what the telephone in the browser asks."""
    agent = Agent.objects.filter(employee=request.user).first()
    calls = Call.objects.accessible_to(request.user)
    return _about(request, calls.at(agent).order_by("began_at").first() if agent else None, act)


@require_POST
@needs(Right.TELEPHONY_TAKE)
def dialling(request: StaffRequest) -> HttpResponse:
    """Call a citizen: the exchange rings her telephone first."""
    reference = request.POST.get("reference", "")
    return _shown(request, services.dial(request.POST.get("number", "")[:40], reference, by=request.user))


@never_cache
@require_safe
@needs(Right.TELEPHONY_TAKE)
def command(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What came of a command of hers."""
    found = Command.objects.filter(employee=request.user, pk=pk).first()
    if found is None:
        raise Http404
    return _shown(request, services.look(found))


def _about(request: StaffRequest, call: Call | None, act: str) -> HttpResponse:
    if call is None or act not in ABOUT_CALL:
        raise Http404
    to, is_warm = request.POST.get("to", "")[:40], request.POST.get("warm", "") == "1"
    return _shown(request, services.ask_about_call(Act(act), call, to=to, warm=is_warm, by=request.user))


def _shown(request: StaffRequest, found: Command) -> HttpResponse:
    is_over = found.done_at is not None
    answer = render(request, "telephony/command.html", {"command": found, "is_over": is_over})
    if not is_over:
        return answer
    if found.answer == Answer.DONE:
        if found.act in {Act.HOLD, Act.RESUME}:
            trigger(answer, "call-held", {"is": found.act == Act.HOLD})
        return toast(answer, ASKED if found.word == "warm" else SAID[Act(found.act)])
    return toast(answer, found.sentence, state="late")
