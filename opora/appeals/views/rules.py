"""Rules of the journal: where appeals go, who sees how deep, whose answers are approved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import routing
from opora.appeals.actor import actor_of
from opora.appeals.models import Route, VisibilityRule
from opora.appeals.rule_forms import ApprovalForm, RouteForm, VisibilityForm
from opora.appeals.services import policy
from opora.organisations.requests import StaffRequest


@needs(Right.APPEALS_RULES)
def rules(request: StaffRequest) -> HttpResponse:
    """Three tables on one page. Routes and sight are the territory's; approval is each organisation's own."""
    actor = actor_of(request.user)
    routes = routing.routes(actor.territory)
    context = {
        "routes": routes,
        "own_routes": any(route.territory for route in routes),
        "visibility": VisibilityRule.objects.filter(territory__in=["", actor.territory]),
        "approval": ApprovalForm.of(actor.holder),
        "sets_territory": policy.sets_territory(request.user),
        "organisation": actor.organisation,
        "today": timezone.localdate(),
    }
    return render(request, "appeals/rules.html", context)


@require_POST
@needs(Right.APPEALS_RULES)
def approval(request: StaffRequest) -> HttpResponse:
    form = ApprovalForm.of(actor_of(request.user).holder, request.POST)
    if form.is_valid():
        policy.set_approval(form.needed, by=request.user)
        messages.success(request, "Правила утверждения сохранены.")
    return redirect("appeals:rules")


@require_POST
@needs(Right.APPEALS_RULES)
def own_routes(request: StaffRequest) -> HttpResponse:
    policy.own_routes(by=request.user)
    messages.success(request, "Теперь у региона свои маршруты: общие больше не действуют.")
    return redirect("appeals:rules")


@needs(Right.APPEALS_RULES)
def new_route(request: StaffRequest) -> HttpResponse:
    return _route(request, Route(since=timezone.localdate()), "Новый маршрут")


@needs(Right.APPEALS_RULES)
def route(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Route, pk=pk, territory=actor_of(request.user).territory)
    return _route(request, found, "Маршрут")


@needs(Right.APPEALS_RULES)
def visibility(request: StaffRequest) -> HttpResponse:
    """Add a rule of the territory; one with the same conditions is changed."""
    territory = actor_of(request.user).territory
    asked = request.GET.get("rule", "")
    seen = VisibilityRule.objects.filter(territory__in=["", territory])
    found = seen.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
    form = VisibilityForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        policy.set_visibility(
            reason=given["reason"],
            organisation_kind=given["organisation_kind"],
            appeal_kind=given["appeal_kind"],
            depths=(given["depth1"], given["depth2"], given["depth3"]),
            by=request.user,
        )
        messages.success(request, "Правило видимости сохранено. Оно действует для новых обращений и передач.")
        return redirect("appeals:rules")
    return _form(request, form, "Правило видимости")


def _route(request: StaffRequest, instance: Route, title: str) -> HttpResponse:
    form = RouteForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        policy.save_route(form.save(commit=False), by=request.user)
        messages.success(request, "Маршрут сохранён.")
        return redirect("appeals:rules")
    return _form(request, form, title)


def _form(request: StaffRequest, form: RouteForm | VisibilityForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse("appeals:rules"), "save": "Сохранить"}
    return render(request, "appeals/rule_form.html", context, status=422 if form.errors else 200)
