"""Campaigns on the screen: list, a draft, the map, dry run, launch, pause."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast
from zlib import crc32

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing import forecasting, planning, queries, services
from opora.informing.drafting import CampaignChangeForm, CampaignForm
from opora.informing.errors import InformingError, LadderEnded
from opora.informing.forecasting import Forecast
from opora.informing.forms import StopForm
from opora.informing.models import Campaign
from opora.informing.words import CampaignState
from opora.organisations.models import Employee
from opora.shared import conflict
from opora.shared.pages import keyset

SAME_TITLE = "Кампания с таким названием в этом году уже есть."


@require_safe
@needs(Right.INFORMING_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    found = Campaign.objects.accessible_to(_who(request)).select_related("insurer")
    page = keyset(found, order=("-pk",), after=request.GET.get("after"))
    context = {
        "page": page,
        "may_plan": _who(request).holds(Right.INFORMING_PLAN),
        "sees_public": _who(request).scope.provider is None,
    }
    return render(request, "informing/list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.INFORMING_PLAN)
def new(request: HttpRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None, employee=_who(request))
    if form.is_valid():
        try:
            with transaction.atomic():
                made = services.create(**form.draft, by=_who(request))
        except InformingError as refusal:
            form.add_error(None, refusal.sentence)
        except IntegrityError:
            form.add_error("title", SAME_TITLE)
        else:
            messages.success(request, "Кампания создана. Проверьте её перед запуском.")
            return redirect("informing:campaign", made.pk)
    return render(request, "informing/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.INFORMING_PLAN)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a campaign that has not been launched; a second save sees what differs."""
    row = _found(request, pk, locked=request.method == "POST")
    if row.state != CampaignState.DRAFT:
        return _page(request, row, fault="Кампанию уже запустили: её можно приостановить или остановить.", status=409)
    form = CampaignChangeForm(request.POST or None, campaign=row, employee=_who(request))
    if form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"кампанию «{row.title}»")
        try:
            with transaction.atomic():
                services.change(row.pk, version=row.version, **form.draft, by=_who(request))
        except InformingError as refusal:
            form.add_error(None, refusal.sentence)
        except IntegrityError:
            form.add_error("title", SAME_TITLE)
        else:
            messages.success(request, "Сохранено. Проверьте волну ещё раз: она могла стать другой.")
            return redirect("informing:campaign", pk)
    context = {"form": form, "campaign": row}
    return render(request, "informing/new.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.INFORMING_VIEW)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


@never_cache
@require_safe
@needs(Right.INFORMING_VIEW)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The map and the waves as they stand now, for a page that asks again and again: 204 while nothing has moved."""
    row = _found(request, pk)
    context = _progress(row, _who(request))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "informing/progress.html", {**context, "is_news": True})


@require_safe
@needs(Right.INFORMING_VIEW)
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether informing helps: a question of seconds, so the page asks for it by itself."""
    row = _found(request, pk)
    return render(request, "informing/effect.html", {"effect": queries.effect(row) if row.holdout else None})


@require_POST
@needs(Right.INFORMING_PLAN)
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge the next wave and show what it would do; nothing is kept."""
    row = _found(request, pk)
    planning.look_at_tables()
    try:
        with enter(Scope.system("a dry run of a campaign she may plan")):
            found = planning.dry_run(planning.next_step(row))
            listed = queries.listed(row)
    except InformingError as refusal:
        return _page(request, row, fault=refusal.sentence, status=refusal.status)
    record("informing.dry_run", row, by=_who(request), details={"people": found.people})
    return _page(request, row, forecast=forecasting.forecast(found, planning.next_step(row), listed))


@require_POST
@needs(Right.INFORMING_LAUNCH)
def launch(request: HttpRequest, pk: int) -> HttpResponse:
    def go(row: Campaign) -> str:
        wave, _ = services.launch(row.pk, by=_who(request))
        return f"Волна {wave.round} пошла: {wave.planned} человек, исключено {wave.excluded}."

    return _do(request, pk, go)


@require_POST
@needs(Right.INFORMING_LAUNCH)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    def go(row: Campaign) -> str:
        services.pause(row.pk, by=_who(request))
        return "Приостановлена: ничего нового не уйдёт."

    return _do(request, pk, go)


@require_POST
@needs(Right.INFORMING_LAUNCH)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    def go(row: Campaign) -> str:
        services.resume(row.pk, by=_who(request))
        return "Кампания идёт, ожидающие контакты разложены по часам заново."

    return _do(request, pk, go)


@require_POST
@needs(Right.INFORMING_LAUNCH)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    form = StopForm(request.POST)
    if not form.is_valid():
        return _page(request, _found(request, pk), stop_form=form, fault=form.fault, status=422)

    def go(row: Campaign) -> str:
        cancelled = services.stop(row.pk, why=form.cleaned_data["why"], by=_who(request))
        return f"Кампания остановлена, отменено контактов: {cancelled}."

    return _do(request, pk, go, stop_form=form)


def _page(
    request: HttpRequest,
    row: Campaign,
    *,
    forecast: Forecast | None = None,
    fault: str = "",
    stop_form: StopForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_progress(row, _who(request)),
        "audience": queries.audience(row),
        "forecast": forecast,
        "fault": fault,
        "stop_form": stop_form or StopForm(),
        "may_send": _who(request).holds(Right.EXCHANGE_EXPORT),
    }
    return render(request, "informing/campaign.html", context, status=status)


def _progress(row: Campaign, employee: Employee) -> dict[str, Any]:
    """What moves by itself while a campaign runs; ``seen`` tells one such picture from another. Counters only."""
    waves = queries.progress(row)
    try:
        upcoming = planning.next_step(row).rung
    except LadderEnded:
        upcoming = None
    waited_for = queries.waited_for(row, waves) if row.state == CampaignState.RUNNING else []
    told = json.dumps([row.state, waited_for, [one.as_json() for one in waves]])
    return {
        "campaign": row,
        "waves": waves,
        "next": upcoming,
        "waited_for": waited_for,
        "funnel": queries.funnel(waves),
        "last": next((one for one in reversed(waves) if one.left_out), None),
        "seen": f"{crc32(told.encode()):08x}",
        "moves": row.state == CampaignState.RUNNING and any(one.goes_on for one in waves),
        "is_over": row.state in {CampaignState.FINISHED, CampaignState.STOPPED},
        "is_draft": row.state == CampaignState.DRAFT,
        "may_plan": employee.holds(Right.INFORMING_PLAN),
        "may_launch": employee.holds(Right.INFORMING_LAUNCH),
    }


def _do(request: HttpRequest, pk: int, go: Callable[[Campaign], str], **typed: Any) -> HttpResponse:
    row = _found(request, pk)
    try:
        messages.success(request, go(row))
    except InformingError as refusal:
        return _page(request, _found(request, pk), fault=refusal.sentence, status=refusal.status, **typed)
    return redirect("informing:campaign", pk)


def _found(request: HttpRequest, pk: int, *, locked: bool = False) -> Campaign:
    found = Campaign.objects.accessible_to(_who(request)).select_related("insurer")
    return get_object_or_404(found.select_for_update(of=("self",)) if locked else found, pk=pk)


def _who(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
