"""«Госуслуги»: what has come, one message, what is done with it, who answered how much."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.feedback import acting, queries
from opora.feedback.acting import ACTS
from opora.feedback.forms import PeriodForm
from opora.feedback.models import PosMessage
from opora.insured.guard import purpose_of
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.pages import keyset

STATES = {
    "open": "Все открытые",
    "received": "Ждут исполнителя",
    "work": "У исполнителя",
    "prepared": "На утверждении",
    "approved": "Отправляются",
    "answered": "Отвеченные",
    "redirected": "Перенаправленные",
}
ORDERS = {"answered": ("-answered_at", "-pk"), "redirected": ("-received_at", "-pk")}


@require_safe
@never_cache
@needs(Right.FEEDBACK_VIEW)
def listed(request: StaffRequest) -> HttpResponse:
    """Messages of a stage; open ones begin with whose term ends first."""
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    mine = request.GET.get("mine") == "1"
    found = queries.listed(request.user, state=state, mine=mine)
    context = {
        "page": keyset(found, order=ORDERS.get(state, ("due_at", "pk")), after=request.GET.get("after"), is_total=True),
        "state": state,
        "states": STATES,
        "mine": mine,
        "is_done": state in ORDERS,
        "may_edit": request.user.holds(Right.DOORS_EDIT),
    }
    return render(request, "feedback/list.html", context)


@require_safe
@never_cache
@needs(Right.FEEDBACK_VIEW)
@with_purpose
def message(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One message as a whole; the reading is written down."""
    found = _message(request, pk)
    shown = queries.shown(found)
    purpose = purpose_of(request)
    record("feedback.read", ("feedback.message", str(pk)), by=request.user, purpose=purpose)
    context = {
        "shown": shown,
        "message": found,
        "acts": acting.allowed(found, shown.errand, request.user),
        "sees_appeal": request.user.holds(Right.APPEALS_VIEW),
        "now": timezone.now(),
    }
    return render(request, "feedback/message.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.FEEDBACK_VIEW)
@with_purpose
def act(request: StaffRequest, pk: UUID, act: str) -> HttpResponse:
    """GET asks what the act needs, POST does it; a refusal leaves what was typed where it was."""
    found = _message(request, pk)
    chosen = ACTS.get(act)
    errand = found.errands.order_by("-created_at", "-pk").first()
    if chosen is None or not acting.may(chosen, found, errand, request.user):
        raise Http404
    form = chosen.form(request.POST or None, message=found) if chosen.form is not None else None
    if request.method == "GET":
        return redirect("feedback:message", pk) if form is None else _asked(request, found, chosen, form)
    if form is None or form.is_valid():

        def perform() -> None:
            chosen.perform(pk, **(form.arguments if form else {}), by=request.user, version=acts.version(request))

        if acts.carried_out(request, perform, form, said=chosen.done) or form is None:
            still_hers = queries.of_id(pk, request.user) is not None
            return redirect("feedback:message", pk) if still_hers else redirect("feedback:list")
    return _asked(request, found, chosen, form)


@require_safe
@needs(Right.FEEDBACK_VIEW)
def share(request: StaffRequest) -> HttpResponse:
    """Who answered what in a period; every figure opens into its rows."""
    form, since, until = _period(request)
    zone = timezone.get_current_timezone()
    context = {
        "share": queries.share(request.user, since, until, zone),
        "form": form,
        "since": since,
        "until": until,
        "insurers": queries.INSURERS,
    }
    return render(request, "feedback/share.html", context)


@require_safe
@never_cache
@needs(Right.FEEDBACK_VIEW)
def share_rows(request: StaffRequest) -> HttpResponse:
    """The messages behind a figure."""
    _, since, until = _period(request)
    what = request.GET.get("what", "")
    what = what if what in queries.WHATS else ""
    number = request.GET.get("organisation", "")
    organisation = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else None
    zone = timezone.get_current_timezone()
    found = queries.share_rows(request.user, since, until, zone, organisation=organisation, what=what)
    context = {
        "page": keyset(found, order=("-answered_at", "-pk"), after=request.GET.get("after"), is_total=True),
        "title": queries.WHATS[what],
        "since": since,
        "until": until,
    }
    return render(request, "feedback/share_rows.html", context)


def _period(request: StaffRequest) -> tuple[PeriodForm, date, date]:
    """Return the days asked for; without any, this year up to today."""
    today = timezone.localdate()
    given = {name: request.GET[name] for name in ("since", "until") if request.GET.get(name)}
    form = PeriodForm(given or None)
    since, until = form.days(today.replace(month=1, day=1), today)
    return form, since, until


def _asked(request: StaffRequest, found: PosMessage, chosen: acting.Act, form: Any) -> HttpResponse:
    words = queries.words(found) if chosen.code == "prepare" else None
    if words is not None:
        record("feedback.read", ("feedback.message", str(found.pk)), by=request.user, purpose=purpose_of(request))
    context = {
        "form": form,
        "words": words,
        "title": chosen.label,
        "about": f"{found.external_id}: {found.about}",
        "save": chosen.label,
        "back": reverse("feedback:message", args=[found.pk]),
        "version": found.version,
    }
    return render(request, "feedback/form.html", context, status=422 if form.errors else 200)


def _message(request: StaffRequest, pk: UUID) -> PosMessage:
    found = queries.of_id(pk, request.user)
    if found is None:
        raise Http404
    return found
