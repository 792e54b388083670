"""Campaigns on the screen: list, a new one, its map, dry run, launch, pause."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, cast

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing import planning, queries, services
from opora.informing.errors import InformingError, LadderEnded
from opora.informing.forms import CampaignForm, StopForm
from opora.informing.models import Campaign, Exclusion, Touch, Wave
from opora.informing.words import CampaignState, Exclude, TouchState
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.shared.pages import keyset


@require_safe
@needs(Right.INFORMING_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    found = Campaign.objects.accessible_to(_who(request)).select_related("insurer")
    page = keyset(found, order=("-pk",), after=request.GET.get("after"))
    return render(request, "informing/list.html", {"page": page, "may_plan": _who(request).holds(Right.INFORMING_PLAN)})


@require_http_methods(["GET", "POST"])
@needs(Right.INFORMING_PLAN)
def new(request: HttpRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None, employee=_who(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                made = services.create(
                    insurer=given["insurer"],
                    title=given["title"],
                    measure=given["measure"],
                    year=given["year"],
                    lane=given["lane"],
                    ladder=form.ladder,
                    audience={"months": given["months"]},
                    limits=form.limits,
                    holdout=given["holdout"] or 0,
                    by=_who(request),
                )
        except InformingError as refusal:
            form.add_error(None, refusal.sentence)
        except IntegrityError:
            form.add_error("title", "Кампания с таким названием в этом году уже есть.")
        else:
            messages.success(request, "Кампания создана. Проверьте её перед запуском.")
            return redirect("informing:campaign", made.pk)
    return render(request, "informing/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@needs(Right.INFORMING_VIEW)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    return _page(request, row)


@require_POST
@needs(Right.INFORMING_PLAN)
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge the next wave and show what it would do; nothing is kept."""
    row = _found(request, pk)
    planning.look_at_tables()
    try:
        with enter(Scope.system("a dry run of a campaign she may plan")):
            found = planning.dry_run(planning.next_step(row))
    except InformingError as refusal:
        return _page(request, row, fault=refusal.sentence, status=refusal.status)
    record("informing.dry_run", row, by=_who(request), details={"people": found.people})
    return _page(request, row, dry=found)


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

    def go(row: Campaign) -> str:
        why = form.cleaned_data["why"] if form.is_valid() else ""
        cancelled = services.stop(row.pk, why=why, by=_who(request))
        return f"Кампания остановлена, отменено контактов: {cancelled}."

    return _do(request, pk, go)


@require_safe
@needs(Right.INFORMING_VIEW)
def touches(request: HttpRequest, pk: int, round: int) -> HttpResponse:
    """The rows behind a number of the map: people of one wave in one state."""
    wave = _wave(request, pk, round)
    found = Touch.objects.accessible_to(_who(request)).filter(year=wave.campaign.year, wave_id=wave.pk)
    state = _one_of(TouchState.values, request.GET.get("state", ""))
    if state:
        found = found.filter(state=state)
    if request.GET.get("came"):
        found = found.filter(came_on__isnull=False)
    page = keyset(found, order=("person_id", "id"), after=request.GET.get("after"), is_total=True)
    people = _people(request, [one.person_id for one in page])
    rows = [(one, people.get(one.person_id)) for one in page]
    record("informing.touches", wave.campaign, by=_who(request), details={"wave": round, "state": state})
    context = {"wave": wave, "page": page, "rows": rows, "state": state, "states": TouchState.choices}
    return render(request, "informing/touches.html", context)


@require_safe
@needs(Right.INFORMING_VIEW)
def excluded(request: HttpRequest, pk: int, round: int) -> HttpResponse:
    wave = _wave(request, pk, round)
    found = Exclusion.objects.accessible_to(_who(request)).filter(year=wave.campaign.year, wave_id=wave.pk)
    reason = _one_of(Exclude.values, request.GET.get("reason", ""))
    if reason:
        found = found.filter(reason=reason)
    page = keyset(found, order=("person_id",), after=request.GET.get("after"), is_total=True)
    people = _people(request, [one.person_id for one in page])
    rows = [(one, people.get(one.person_id)) for one in page]
    record("informing.excluded", wave.campaign, by=_who(request), details={"wave": round, "reason": reason})
    context = {"wave": wave, "page": page, "rows": rows, "reason": reason, "reasons": Exclude.choices}
    return render(request, "informing/excluded.html", context)


def _page(
    request: HttpRequest,
    row: Campaign,
    *,
    dry: planning.DryRun | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    employee = _who(request)
    waves = queries.progress(row)
    try:
        upcoming = planning.next_step(row).rung
    except LadderEnded:
        upcoming = None
    context = {
        "campaign": row,
        "waves": waves,
        "funnel": queries.funnel(row, waves),
        "next": upcoming,
        "dry": dry,
        "fault": fault,
        "may_plan": employee.holds(Right.INFORMING_PLAN),
        "may_launch": employee.holds(Right.INFORMING_LAUNCH),
        "is_over": row.state in {CampaignState.FINISHED, CampaignState.STOPPED},
        "stop_form": StopForm(),
        "effect": queries.effect(row) if row.holdout else None,
    }
    return render(request, "informing/campaign.html", context, status=status)


def _do(request: HttpRequest, pk: int, go: Callable[[Campaign], str]) -> HttpResponse:
    row = _found(request, pk)
    try:
        messages.success(request, go(row))
    except InformingError as refusal:
        return _page(request, _found(request, pk), fault=refusal.sentence, status=refusal.status)
    return redirect("informing:campaign", pk)


def _found(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.accessible_to(_who(request)).select_related("insurer"), pk=pk)


def _wave(request: HttpRequest, pk: int, round_: int) -> Wave:
    waves = Wave.objects.select_related("campaign", "rung")
    return get_object_or_404(waves, campaign=_found(request, pk), round=round_)


def _people(request: HttpRequest, ids: list[int]) -> dict[int, Any]:
    return {one.pk: one for one in Person.objects.accessible_to(_who(request)).filter(pk__in=ids)}


def _one_of(words: Container[str], given: str) -> str:
    return given if given in words else ""


def _who(request: HttpRequest) -> Employee:
    return cast(Employee, request.user)
