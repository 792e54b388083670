"""The call list on the screen: one person at a time, keys only."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.purposes import Purpose
from opora.audit.services import record
from opora.informing import calls as services
from opora.informing import recipients
from opora.informing.calls import Call
from opora.informing.errors import CallTaken, InformingError
from opora.informing.forms import CallForm
from opora.informing.models import Attempt, Campaign
from opora.informing.scripts import script
from opora.insured import reach
from opora.insured.rules import age_words
from opora.organisations.models import Employee


@never_cache
@require_safe
@needs(Right.INFORMING_CALL)
def calls(request: HttpRequest) -> HttpResponse:
    """The person in her hands, or how to take the next one."""
    return _page(request, services.held_call(_who(request)))


@require_POST
@needs(Right.INFORMING_CALL)
def call_next(request: HttpRequest) -> HttpResponse:
    _take(request)
    return redirect("informing:calls")


@require_POST
@needs(Right.INFORMING_CALL)
def call_result(request: HttpRequest) -> HttpResponse:
    """Keep how the call ended and bring the next person."""
    who = _who(request)
    call = services.held_call(who)
    if call is None:
        messages.info(request, "Этот звонок уже не у вас: он сохранён или вернулся в список.")
        return redirect("informing:calls")
    form = CallForm(request.POST, zone=call.touch.zone)
    if form.is_valid():
        given = form.cleaned_data
        seconds = int((timezone.now() - call.touch.claimed_at).total_seconds()) if call.touch.claimed_at else 0
        try:
            services.finish_call(
                given["touch"],
                outcome=given["outcome"],
                reason=given["reason"],
                again_at=given["again_at"],
                seconds=seconds,
                note=given["note"],
                phone=given["phone"],
                by=who,
            )
        except CallTaken as refusal:
            messages.info(request, refusal.sentence)
            return redirect("informing:calls")
        except InformingError as refusal:
            form.add_error("again_at" if given["outcome"] == "call_later" else None, refusal.sentence)
        else:
            _take(request)
            return redirect("informing:calls")
    return _page(request, call, form=form, status=422)


@require_POST
@needs(Right.INFORMING_CALL)
def call_release(request: HttpRequest) -> HttpResponse:
    if services.release(_who(request)):
        messages.success(request, "Человек вернулся в список.")
    return redirect("informing:calls")


def _take(request: HttpRequest) -> None:
    if services.next_call(_who(request)) is not None:
        return
    if services.anybody_waits(_who(request)):
        messages.info(request, "Многим недавно уже писали или звонили, они отложены на день. Возьмите ещё раз.")
    else:
        messages.info(request, "Сейчас звонить некому.")


def _page(request: HttpRequest, call: Call | None, *, form: CallForm | None = None, status: int = 200) -> HttpResponse:
    who = _who(request)
    if call is None:
        return render(request, "informing/calls.html", {"waves": services.waves_of_calls(who)})
    if call.person:
        details = {"part": "calls", "campaign": call.touch.campaign_id}
        record("insured.card.read", call.person, by=who, purpose=Purpose.INFORMING, details=details)
    context = {
        "call": call,
        "form": form or CallForm(initial={"touch": call.touch.id}, zone=call.touch.zone),
        **_about(call, who),
        "may_register": call.person is not None and who.holds(Right.APPEALS_REGISTER),
    }
    return render(request, "informing/calls.html", context, status=status)


def _about(call: Call, who: Employee) -> dict[str, Any]:
    campaign = Campaign.objects.accessible_to(who).select_related("insurer").get(pk=call.touch.campaign_id)
    found = {
        "campaign": campaign,
        "asks_why": services.asks_why(call.touch),
        "before": Attempt.objects.accessible_to(who).filter(touch_id=call.touch.id).order_by("-at")[:5],
    }
    if call.person is None:
        return found
    person = recipients.people([call.person.pk]).get(call.person.pk, {})
    values = {**recipients.values(campaign).of(call.touch.provider_id), **person}
    return {
        **found,
        "age": age_words(call.person.birth_on, call.window.now.date()),
        "clock": f"{call.window.now:%H:%M}",
        "to_ask": reach.to_ask(call.person.contacts.all(), call.window.now.date()),
        "script": script(call.touch.purpose, call.touch.measure, values),
    }


def _who(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
