"""Sending lists: which, of what, what is missing, what the partner answered, and sending again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.exchange.errors import ExchangeRefused
from opora.exchange.forms import channels_of
from opora.exchange.models import Fate, SentRecord
from opora.exchange.models.parcel import Direction, Way, shown_name
from opora.exchange.outbound.fates import drop, refused_by_file
from opora.exchange.outbound.forms import SendForm
from opora.exchange.outbound.orders import ListOrder, ask, ask_again, ask_in_earnest
from opora.exchange.outbound.recipes import RECIPES, Recipe
from opora.exchange.tasks import make_file
from opora.exchange.views.parcels import employee_of, name_people, parcel_of, shown
from opora.informing.models import Roll
from opora.shared.pages import keyset

BADGES = {Fate.SENT: "none", Fate.ACCEPTED: "done", Fate.REFUSED: "late", Fate.AGAIN: "now", Fate.DROPPED: "none"}
MOST = 1000
PLAN = ("year", "measure")  # what a campaign says of its list
CHOSEN = ("roll", *PLAN)


@require_GET
@needs(Right.EXCHANGE_EXPORT)
def choices(request: HttpRequest) -> HttpResponse:
    """Every list her organisations may send, by what it is about; a chosen roll narrows them."""
    kinds = set(channels_of(employee_of(request)).values_list("kind", flat=True))
    roll = _roll(request)
    groups: dict[str, list[Recipe]] = {}
    for recipe in RECIPES.values():
        if kinds & set(recipe.senders) and (roll is None or _fits(recipe, roll)):
            groups.setdefault(recipe.group, []).append(recipe)
    refused = SentRecord.objects.accessible_to(employee_of(request)).filter(fate=Fate.REFUSED)
    chosen = urlencode({name: request.GET[name] for name in CHOSEN if request.GET.get(name)})
    context = {"groups": groups, "has_refused": refused.exists(), "roll": roll, "chosen": chosen}
    return render(request, "exchange/send.html", context)


def _roll(request: HttpRequest) -> Roll | None:
    """The list in the address, None without one or with a stranger's."""
    text = request.GET.get("roll", "")
    key = int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
    return Roll.objects.accessible_to(employee_of(request)).filter(pk=key).first()


def _fits(recipe: Recipe, roll: Roll) -> bool:
    return "roll" in recipe.asks and (not recipe.rolls or roll.format in recipe.rolls)


@require_http_methods(["GET", "POST"])
@needs(Right.EXCHANGE_EXPORT)
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Say of what the list is made; it is checked first, and nothing leaves."""
    recipe = RECIPES.get(slug)
    if recipe is None:
        raise Http404
    form = SendForm(request.POST or None, employee=employee_of(request), recipe=recipe, roll=request.GET.get("roll"))
    for name in PLAN:
        if name in form.fields and request.GET.get(name):
            form.fields[name].initial = request.GET[name][:20]
    if request.method == "POST" and form.is_valid():
        organisation, wanted = form.cleaned_data["organisation"], form.wanted()
        try:
            made = ask(ListOrder(organisation, slug, wanted, Way.UPLOAD, by=employee_of(request), is_trial=True))
        except ExchangeRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            make_file.defer(parcel_id=made.pk)
            return redirect("exchange:parcel", made.pk)
    return render(request, "exchange/send_form.html", {"form": form, "recipe": recipe}, status=_status(form))


@require_POST
@needs(Right.EXCHANGE_EXPORT)
def making(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the file that was checked."""
    made = ask_in_earnest(parcel_of(request, pk), by=employee_of(request))
    make_file.defer(parcel_id=made.pk)
    return redirect("exchange:parcel", made.pk)


@require_GET
@needs(Right.EXCHANGE_VIEW)
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Records of a file we sent, each with what was answered."""
    found = shown(parcel_of(request, pk))
    if found.direction != Direction.OUT:
        raise Http404
    only = request.GET.get("only", "")
    rows = SentRecord.objects.filter(parcel=found)
    if only in Fate.values:
        rows = rows.filter(fate=only)
    page = keyset(rows, order=("place", "pk"), after=request.GET.get("after"), size=100)
    _named(request, page)
    base = reverse("exchange:sent", args=[pk])
    tabs = [{"label": "Все", "url": base, "current": not only}] + [
        {"label": Fate(fate).label.capitalize(), "url": f"{base}?only={fate}", "current": only == fate}
        for fate in (Fate.REFUSED, Fate.ACCEPTED, Fate.SENT)
    ]
    record("exchange.sent.read", found, by=request.user)
    context = {"parcel": found, "page": page, "tabs": tabs, "only": only, "may_export": _may_export(request)}
    return render(request, "exchange/sent.html", context)


@require_GET
@needs(Right.EXCHANGE_EXPORT)
def refused(request: HttpRequest) -> HttpResponse:
    """Everything partners refused, the newest first: the reason, and sending again what was corrected."""
    rows = SentRecord.objects.accessible_to(employee_of(request)).filter(fate=Fate.REFUSED).select_related("parcel")
    page = keyset(rows, order=("-pk",), after=request.GET.get("after"), size=100)
    _named(request, page)
    record("exchange.refused.read", employee_of(request), by=request.user)
    return render(request, "exchange/refused.html", {"page": page})


@require_POST
@needs(Right.EXCHANGE_EXPORT)
def resending(request: HttpRequest) -> HttpResponse:
    """Send chosen records again as the cards say them now: a file for each file that was refused."""
    made = []
    for parcel, ids in refused_by_file(_chosen(request), employee_of(request)):
        one = ask_again(parcel, ids, by=employee_of(request))
        make_file.defer(parcel_id=one.pk)
        made.append(one)
    if not made:
        raise ExchangeRefused("Отметьте записи, которые отправить снова.")
    return redirect("exchange:parcel", made[0].pk) if len(made) == 1 else redirect("exchange:list")


@require_POST
@needs(Right.EXCHANGE_EXPORT)
def dropping(request: HttpRequest) -> HttpResponse:
    """Take chosen records off the list; the reason stays."""
    gone = drop(_chosen(request), why=request.POST.get("why", ""), by=employee_of(request))
    messages.success(request, f"Снято записей: {gone}.")
    return redirect("exchange:refused")


def _chosen(request: HttpRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("record")[:MOST] if one.isdecimal()]


def _named(request: HttpRequest, page: Iterable[Any]) -> None:
    name_people(request, page)
    for row in page:
        row.badge = BADGES[row.fate]
        row.file = shown_name(row.parcel.name)


def _may_export(request: HttpRequest) -> bool:
    return employee_of(request).holds(Right.EXCHANGE_EXPORT)


def _status(form: SendForm) -> int:
    return 422 if form.is_bound else 200
