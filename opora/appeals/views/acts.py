"""Doing something with an appeal: the form of an act beside the card, its errors in their places, its result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opora.access.rights import Right
from opora.appeals import acting, card
from opora.appeals.act_forms import ActForm, AmendForm
from opora.appeals.acting import Act
from opora.appeals.card import Case
from opora.appeals.errors import ChangedMeanwhile
from opora.appeals.models import Appeal, Grant
from opora.appeals.views.card import on_card
from opora.organisations.requests import StaffRequest
from opora.shared import acts, conflict
from opora.shared.errors import DomainError


@never_cache
@require_http_methods(["GET", "POST"])
@on_card(Right.APPEALS_VIEW, action="appeals.card.act")
def act(request: StaffRequest, appeal: Appeal, grant: Grant, act: str) -> HttpResponse:
    """GET asks what the act needs, POST does it; a refusal leaves what was typed where it was."""
    chosen = acting.ACTS.get(act)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        # Under its lock nobody slips in between what she is shown and what is changed.
        Appeal.objects.select_for_update(of=("self",)).filter(pk=appeal.pk).first()
        appeal.refresh_from_db(fields=["version", "stage", "owner", "handler", "topic", "topic_note", "flags"])
    case = card.of(appeal, grant, request.user)
    form = _form(chosen, request, case)
    if request.method == "GET":
        return _page(request, chosen, case, form, 200) if form else redirect("appeals:card", appeal.number)
    if form is not None and not form.is_valid():
        return _page(request, chosen, case, form, 422)
    if isinstance(form, AmendForm) and form.differences:
        return conflict.page(request, form, card=f"обращение {appeal.number}")
    version = appeal.version if isinstance(form, AmendForm) else acts.version(request)
    try:
        with transaction.atomic():
            acting.perform(chosen, case, form.arguments if form else {}, by=request.user, version=version)
    except ChangedMeanwhile as fault:
        return _refused(request, chosen, case, form, fault, since=request.POST.get("at", ""))
    except DomainError as fault:
        return _refused(request, chosen, case, form, fault)
    messages.success(request, chosen.done or f"{chosen.label}: записано.")
    return _back(request, case)


def _form(chosen: Act, request: StaffRequest, case: Case) -> ActForm | None:
    if chosen.form is None:
        return None
    given = {name: request.GET[name][:300] for name in ("outside", "to_organisation", "to_name") if name in request.GET}
    return chosen.form(request.POST or None, case=case, employee=request.user, initial=given)


def _refused(
    request: StaffRequest, chosen: Act, case: Case, form: ActForm | None, fault: DomainError, since: str = ""
) -> HttpResponse:
    if form is None:
        messages.warning(request, fault.sentence)
        return _back(request, case)
    meanwhile = _meanwhile(case, since) if isinstance(fault, ChangedMeanwhile) else []
    if not meanwhile:
        acts.refuse(form, fault)
    return _page(request, chosen, case, form, 422, meanwhile)


def _meanwhile(case: Case, since: str) -> list[Any]:
    """What others did since she opened the form, the latest first."""
    try:
        opened = parse_datetime(since)
    except ValueError:
        opened = None
    return [told for told in case.timeline if opened is None or told.at > opened][:10]


def _page(
    request: StaffRequest, chosen: Act, case: Case, form: ActForm | None, status: int, meanwhile: Any = ()
) -> HttpResponse:
    context = {
        "act": chosen,
        "case": case,
        "appeal": case.appeal,
        "form": form,
        "meanwhile": meanwhile,
        "at": timezone.now().isoformat(),
    }
    piece = "#form" if request.headers.get("HX-Request") else ""
    return render(request, f"appeals/act.html{piece}", context, status=status)


def _back(request: StaffRequest, case: Case) -> HttpResponse:
    address = reverse("appeals:card", args=[case.appeal.number])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
