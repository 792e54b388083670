"""Rounds: the list, a new one, one as it goes, and everything that is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.models import Employee
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError
from opora.shared.pages import keyset
from opora.surveys import queries, services, strata
from opora.surveys.forms import RoundForm, SizeForm
from opora.surveys.models import Round
from opora.surveys.services.rounds import is_own
from opora.surveys.words import Mode


@require_safe
@needs(Right.SURVEYS_VIEW)
def rounds(request: StaffRequest) -> HttpResponse:
    page = keyset(queries.rounds(request.user), order=("-pk",), after=request.GET.get("after"))
    return render(request, "surveys/list.html", {"page": page, **_may(request)})


@require_http_methods(["GET", "POST"])
@needs(Right.SURVEYS_PLAN)
def new(request: StaffRequest) -> HttpResponse:
    form = RoundForm(request.POST or None, employee=request.user, initial={"survey": request.GET.get("survey")})
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.draft_round(form.cleaned_data["survey"], **form.arguments, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("surveys:round", asked.pk)
    context = {
        "form": form,
        "title": "Новый опрос",
        "about": "Пока вы его не начнёте, никого не спросят.",
        "save": "Создать черновик",
        "back": reverse("surveys:list"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@needs(Right.SURVEYS_VIEW)
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """One round: its cells, its people by numbers, what can be done now."""
    asked = found(request, pk)
    newest = asked.survey.newest
    context = {
        "round": asked,
        "progress": queries.progress(asked),
        "is_own": is_own(asked, request.user),
        "newer": newest if newest and newest.pk != asked.version_id else None,
        "has_phone": Mode.PHONE in asked.modes,
        "has_link": Mode.LINK in asked.modes,
        "has_paper": Mode.PAPER in asked.modes,
        "has_post": Mode.POST in asked.modes,
        "margin": strata.margin(asked.wanted) * 100 if asked.wanted else None,
        **_may(request),
    }
    return render(request, "surveys/round.html", context)


@require_POST
@needs(Right.SURVEYS_PLAN)
def act(request: StaffRequest, pk: int, act: str) -> HttpResponse:
    """Do one thing with a round; a refusal is told and nothing changes."""
    perform = ACTS.get(act)
    if perform is None:
        raise Http404
    found(request, pk)
    try:
        with transaction.atomic():
            sentence = perform(request, pk, request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, sentence)
    return redirect("surveys:round", pk)


@require_POST
@never_cache
@needs(Right.SURVEYS_PLAN)
def post_open(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the address of the tablet's page, once."""
    found(request, pk)
    key = services.open_post(pk, by=request.user)
    address = request.build_absolute_uri(reverse("surveys:post", args=[key]))
    return render(request, "surveys/post_open.html", {"round": found(request, pk), "address": address})


@require_safe
@needs(Right.SURVEYS_VIEW)
def size(request: StaffRequest) -> HttpResponse:
    """How many people to ask."""
    form = SizeForm(request.GET or None)
    context: dict[str, Any] = {"form": form, "count": None}
    if form.is_bound and form.is_valid():
        context["count"] = strata.sample_size(form.cleaned_data["margin"], form.cleaned_data["population"])
    return render(request, "surveys/size.html", context)


def found(request: StaffRequest, pk: int) -> Round:
    rows = Round.objects.accessible_to(request.user)
    return get_object_or_404(rows.select_related("survey", "version", "insurer", "provider"), pk=pk)


def _may(request: StaffRequest) -> dict[str, bool]:
    return {
        "may_plan": request.user.holds(Right.SURVEYS_PLAN),
        "may_ask": request.user.holds(Right.SURVEYS_INTERVIEW),
    }


def _lock(request: StaffRequest) -> int:
    return acts.version(request, "lock")


def _sample(request: StaffRequest, pk: int, by: Employee) -> str:
    counted = services.lay_sample(pk, by=by)
    unknown = sum(one.no_address for one in counted)
    people, askable = sum(one.people for one in counted), sum(one.askable for one in counted)
    words = f"Посчитано: {people} человек, спросить можно {askable}."
    return f"{words} Без адреса {unknown}: они считаются городскими." if unknown else words


def _launch(request: StaffRequest, pk: int, by: Employee) -> str:
    services.launch_round(pk, lock=_lock(request), address=request.build_absolute_uri("/"), by=by)
    return "Опрос начат."


def _close(request: StaffRequest, pk: int, by: Employee) -> str:
    laid = services.close_round(pk, lock=_lock(request), by=by)
    return f"Опрос завершён, анкет: {laid}. Итоги открыты."


def _version(request: StaffRequest, pk: int, by: Employee) -> str:
    services.change_version(pk, lock=_lock(request), by=by)
    return "Дальше спрашиваем по новой анкете. Начатые разговоры закончат по прежней."


ACTS: dict[str, Callable[[StaffRequest, int, Employee], str]] = {
    "sample": _sample,
    "launch": _launch,
    "close": _close,
    "version": _version,
}
