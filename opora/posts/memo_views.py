"""Memos: rooms of a building, a person is found, his memo is shown for printing and sent."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.errors import RightMissing
from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.insured.models import Person
from opora.insured.search.find import find
from opora.insured.search.parse import parse
from opora.organisations.models import Site
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.posts import memos, rooms
from opora.posts.forms import MEASURES, FindForm, StopForm
from opora.posts.models import Memo, Stop
from opora.shared import acts
from opora.shared.errors import DomainError


@require_safe
@needs(Right.APPEALS_REGISTER)
def buildings(request: StaffRequest) -> HttpResponse:
    """Buildings: those with rooms or a post of hers first, all others by a list."""
    known = rooms.typed_sites(request.user)
    chosen = _number(request.GET.get("site", ""))
    if chosen and rooms.sites(request.user).filter(pk=chosen).exists():
        return redirect("posts:rooms", chosen)
    others = rooms.sites(request.user).exclude(pk__in=[one.pk for one in known])[:500]
    return render(request, "posts/buildings.html", {"known": known, "others": others})


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.APPEALS_REGISTER)
def building(request: StaffRequest, site: int) -> HttpResponse:
    """Rooms of a building in the order of the way; a new one at the end."""
    found = _site(request, site)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            rooms.add_stop(found, form.stop, by=request.user)

        if acts.carried_out(request, perform, form, said="Кабинет записан."):
            return redirect("posts:rooms", found.pk)
    words = dict(MEASURES)
    stops = [(stop, [words.get(code, code) for code in stop.measures]) for stop in rooms.stops_of(found, request.user)]
    context = {"site": found, "stops": stops, "form": form}
    return render(request, "posts/rooms.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.APPEALS_REGISTER)
def room(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a room right."""
    stop = _stop(request, pk)
    form = StopForm(request.POST or None, initial=StopForm.initial_of(stop))
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            rooms.change_stop(stop, form.stop, by=request.user)

        if acts.carried_out(request, perform, form, said="Исправлено."):
            return redirect("posts:rooms", stop.site_id)
    context = {
        "form": form,
        "title": "Кабинет",
        "about": stop.site.name,
        "save": "Сохранить",
        "back": reverse("posts:rooms", args=[stop.site_id]),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.APPEALS_REGISTER)
def room_act(request: StaffRequest, pk: int) -> HttpResponse:
    """Move a room up or down, or take it off."""
    stop, what = _stop(request, pk), request.POST.get("what", "")
    if what == "remove":
        acts.carried_out(request, lambda: rooms.remove_stop(stop, by=request.user), None, said="Кабинет убран.")
    elif what in {"up", "down"}:
        with transaction.atomic():
            rooms.move_stop(stop, up=what == "up", by=request.user)
    return redirect("posts:rooms", stop.site_id)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.APPEALS_REGISTER)
@with_purpose
def search(request: StaffRequest) -> HttpResponse:
    """For whom the memo is; what is looked for travels in the body, not in the address."""
    _check(request, Right.INSURED_SEARCH)
    form = FindForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = find(parse(form.cleaned_data["who"], today=timezone.localdate()), request.user)
        record("posts.memo.search", by=request.user, details={"found": len(found.hits)})
    return render(request, "posts/memo_search.html", {"form": form, "found": found}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.APPEALS_REGISTER)
@with_purpose
def memo(request: StaffRequest, pk: int) -> HttpResponse:
    """The memo of a person, to be printed; POST sends it. The reading is written down."""
    _check(request, Right.INSURED_VIEW)
    seen = Person.objects.accessible_to(request.user).select_related("territory", "provider__territory")
    person = get_object_or_404(seen, pk=pk)
    places = list(rooms.sites(request.user, person.provider)) if person.provider else []
    chosen = _number(request.POST.get("site", "") or request.GET.get("site", ""))
    typed = {one.pk for one in rooms.typed_sites(request.user)}
    by_rooms = sorted(places, key=lambda one: one.pk not in typed)
    site = next((one for one in places if one.pk == chosen), by_rooms[0] if by_rooms else None)
    if request.method == "POST" and site is not None:
        try:
            with transaction.atomic():
                memos.send(person, site, channel=request.POST.get("channel", ""), by=request.user)
        except DomainError as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, "Памятка уходит.")
        return redirect(f"{reverse('posts:memo', args=[pk])}?site={site.pk}")
    record("posts.memo.read", ("insured.person", str(pk)), by=request.user)
    context = {
        "person": person,
        "places": places,
        "site": site,
        "route": memos.route(person, site, request.user) if site else None,
        "choices": memos.choices(person, request.user),
        "sent": list(Memo.objects.accessible_to(request.user).filter(person=person)[:5]),
    }
    return render(request, "posts/memo.html", context)


def _check(request: StaffRequest, right: Right) -> None:
    """Raises RightMissing: who takes records at a post does not by that look into the register."""
    if not request.user.holds(right):
        raise RightMissing(right=right)


def _site(request: StaffRequest, pk: int) -> Site:
    return get_object_or_404(rooms.sites(request.user), pk=pk)


def _stop(request: StaffRequest, pk: int) -> Stop:
    found = Stop.objects.accessible_to(request.user).select_related("site").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
