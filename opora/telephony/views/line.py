"""The page of an operator on the line: her state, the queue, whom to call back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.toasts import toast
from opora.telephony import services
from opora.telephony.models import CallBack
from opora.telephony.phone import address
from opora.telephony.queries import desk_of
from opora.telephony.words import AgentState, Break

LONGEST_EXTENSION = 20
ACTS: dict[str, tuple[Callable[..., CallBack], str]] = {
    "take": (services.take_task, "Звонок за вами"),
    "done": (services.called_back, "Записано: перезвонили"),
    "later": (services.call_back_later, "Записано: не ответил"),
    "give-up": (services.give_up, "Записано: не дозвонились"),
}
STATES = {AgentState.READY, AgentState.WRAP, AgentState.BREAK}


@never_cache
@require_safe
@needs(Right.TELEPHONY_TAKE)
def page(request: StaffRequest) -> HttpResponse:
    return render(request, "telephony/line.html", _context(request))


@never_cache
@require_safe
@needs(Right.TELEPHONY_TAKE)
def work(request: StaffRequest) -> HttpResponse:
    """The live part of the page."""
    return _work(request)


@require_POST
@needs(Right.TELEPHONY_TAKE)
def seat(request: StaffRequest) -> HttpResponse:
    """Take a place by its extension; without one — stand up."""
    extension = request.POST.get("extension", "").strip()
    if not extension:
        services.leave_seat(by=request.user)
    elif extension.isascii() and extension.isdecimal() and len(extension) <= LONGEST_EXTENSION:
        try:
            services.take_seat(extension, by=request.user)
        except DomainError as refusal:
            return _refused(request, refusal.sentence, extension)
    else:
        return _refused(request, "Добавочный состоит из цифр, например 201.", extension)
    return _answered(request)


@require_POST
@needs(Right.TELEPHONY_TAKE)
def state(request: StaffRequest, state: str) -> HttpResponse:
    """Ready, writing down, or a break with its reason."""
    if state not in STATES:
        raise Http404
    services.change_state(AgentState(state), request.POST.get("reason", ""), by=request.user)
    return _answered(request)


@require_POST
@needs(Right.TELEPHONY_TAKE)
def task(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """Carry a task to call back: take, called back, no answer, give up."""
    if act not in ACTS or not CallBack.objects.accessible_to(request.user).filter(pk=pk).exists():
        raise Http404
    perform, said = ACTS[act]
    perform(pk, by=request.user)
    return toast(_answered(request), said)


def _answered(request: StaffRequest) -> HttpResponse:
    return _work(request) if request.headers.get("HX-Request") else redirect("telephony:line")


def _refused(request: StaffRequest, sentence: str, extension: str) -> HttpResponse:
    piece = "#work" if request.headers.get("HX-Request") else ""
    context = {**_context(request), "refusal": sentence, "typed": extension}
    return render(request, f"telephony/line.html{piece}", context, status=422)


def _work(request: StaffRequest) -> HttpResponse:
    return render(request, "telephony/line.html#work", _context(request))


def _context(request: StaffRequest) -> dict[str, Any]:
    desk = desk_of(request.user)
    if bool(desk.agent) != bool(request.session.get("telephony")):
        request.session["telephony"] = bool(desk.agent)  # her other pages ask at once who is calling
    return {"desk": desk, "breaks": Break.chosen(), "typed": request.user.phone, "has_phone": bool(address())}
