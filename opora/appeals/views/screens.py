"""Screens: a supervisor makes and revokes them; a wall opens one by its secret and shows the board, nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs, public
from opora.access.rights import Right
from opora.access.scope import enter
from opora.appeals.actor import actor_of
from opora.appeals.board.errors import ScreenUnknown
from opora.appeals.board.figures import scope_of
from opora.appeals.board.screens import channel_of, find_screen, make_screen, revoke_screen
from opora.appeals.models import Screen
from opora.appeals.views.board import channels_of, frame, shown
from opora.audit.services import record
from opora.live import tickets
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError

COOKIE = "opora_screen"
WHY_PUBLIC = "экран на стене открывает секретный адрес; на нём только суммы одной организации"
CONNECTING = "Подключаем экран…"
SHOWN = 50


class ScreenForm(forms.Form):
    """Where it hangs and for how long."""

    name = forms.CharField(label="Где висит", max_length=100, help_text="Например: зал, второй этаж.")
    days = forms.TypedChoiceField(
        label="Сколько работает",
        choices=[(30, "30 дней"), (90, "90 дней"), (365, "год")],
        coerce=int,
        initial=90,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(Right.APPEALS_SUPERVISE)
def screens(request: StaffRequest) -> HttpResponse:
    """All screens of the organisation; a new one, whose address is shown in this answer and nowhere else."""
    actor_of(request.user)
    form = ScreenForm(request.POST or None)
    made: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            screen, secret = make_screen(form.cleaned_data["name"], days=form.cleaned_data["days"], by=request.user)
        except DomainError as fault:
            form.add_error(None, fault.sentence)
        else:
            address = request.build_absolute_uri(reverse("board:screen"))
            made, form = {"made": screen, "secret": secret, "address": address}, ScreenForm()
    found = Screen.objects.accessible_to(request.user).select_related("made_by").order_by("-made_at", "-pk")[:SHOWN]
    context = {"screens": found, "form": form, "now": timezone.now(), **made}
    return render(request, "board/screens.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.APPEALS_SUPERVISE)
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Switch a screen off."""
    screen = get_object_or_404(Screen.objects.accessible_to(request.user), pk=pk)
    revoke_screen(screen, by=request.user)
    messages.success(request, f"Экран «{screen.name}» отключён.")
    return redirect("board:screens")


@require_safe
@never_cache
@public(WHY_PUBLIC)
def screen(request: HttpRequest) -> HttpResponse:
    """The wall. Without a secret in the cookie it waits for one behind «#» of the address, which no server sees."""
    try:
        found = _found(request)
    except DomainError as fault:
        sentence = fault.sentence if COOKIE in request.COOKIES else CONNECTING
        return render(request, "board/entry.html", frame(request) | {"sentence": sentence})
    with enter(scope_of(found.organisation)):
        line = {
            "figures_url": reverse("board:screen-figures"),
            "renew_url": reverse("board:screen-ticket"),
            "ticket": _ticket(found),
            "channels": " ".join(_channels(found)),
            "is_screen": True,
        }
        return render(request, "board/board.html", frame(request) | shown(found.organisation) | line)


@require_POST
@never_cache
@public(WHY_PUBLIC)
def entry(request: HttpRequest) -> HttpResponse:
    """Take the secret from the address of the screen into a cookie that no script reads."""
    secret = request.POST.get("secret", "")
    found = find_screen(secret)
    record("appeals.screen.opened", found)
    response = HttpResponse(status=204)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=max(timedelta(0), found.expires_at - timezone.now()),
        path=reverse("board:screen"),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_safe
@never_cache
@public(WHY_PUBLIC)
def figures(request: HttpRequest) -> HttpResponse:
    """The numbers alone, or the sentence why there are none."""
    try:
        found = _found(request)
    except DomainError as fault:
        return render(request, "board/refused.html", {"sentence": fault.sentence}, status=fault.status)
    with enter(scope_of(found.organisation)):
        return render(request, "board/board.html#figures", shown(found.organisation))


@require_safe
@never_cache
@public(WHY_PUBLIC)
def ticket(request: HttpRequest) -> HttpResponse:
    """The next ticket to the stream: three minutes, boards alone."""
    return JsonResponse({"ticket": _ticket(_found(request))})


def _found(request: HttpRequest) -> Screen:
    secret = request.COOKIES.get(COOKIE, "")
    if not secret:
        raise ScreenUnknown
    return find_screen(secret)


def _channels(found: Screen) -> list[str]:
    return [*channels_of(found.organisation), channel_of(found)]


def _ticket(found: Screen) -> str:
    return tickets.issue_to_screen(_channels(found), screen=found.pk)
