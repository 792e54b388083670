"""The chat as a page: our own one, which works without scripts, and the frame that other sites may show."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import public
from opora.access.scope import enter
from opora.appeals.file_kinds import ENDINGS
from opora.audit.middleware import household
from opora.chat import queries, rules, services
from opora.chat.errors import NoKey, NoSuchTalk, WrongOrigin
from opora.chat.models import Line, Place, Talk
from opora.chat.services.talking import SYSTEM
from opora.chat.views import _wire
from opora.organisations.models import HotLine
from opora.shared.errors import DomainError

WHY = "написать в чат может каждый"
COOKIE = "talk"
KEPT_SECONDS = 30 * 24 * 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(WHY)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The chat as a page of its own. Without scripts a form sends one line, the page shows what was said."""
    place = _place(slug)
    key = _key(request)
    refusal: DomainError | None = None
    if request.method == "POST":
        if "fresh" in request.POST:
            return _fresh(place)
        key = key or secrets.token_urlsafe(32)
        try:
            line, told = _wire.new_line(request)
            services.say(place, key, line, address=household(request), name=told["name"], phone=told["phone"])
        except DomainError as fault:
            refusal = fault
        else:
            return _keep(HttpResponseRedirect(reverse("chat_open:page", args=[slug]) + "#say"), place, key, request)
    context = _context(place, key)
    context |= {"key": key, "refusal": refusal, "typed": request.POST.get("text", "") if refusal else ""}
    return render(request, "chat/page.html", context, status=refusal.status if refusal else 200)


@never_cache
@xframe_options_exempt
@require_safe
@public(WHY)
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """The chat inside a page of another site: only sites of the place may show it, the browser sees to that."""
    place = _place(slug)
    answer = render(request, "chat/page.html", {**_context(place, ""), "framed": True})
    answer._csp_config = settings.SECURE_CSP | {"frame-ancestors": ["'self'", *place.origins]}  # type: ignore[attr-defined]
    return answer


@never_cache
@require_safe
@public(WHY)
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """What the button on another site needs to know; given to sites of the place alone. Raises WrongOrigin."""
    place = _place(slug)
    origin = request.headers.get("Origin", "")
    if origin and origin not in place.origins:
        raise WrongOrigin
    with enter(SYSTEM):
        hours = queries.hours_of(place)
    answer = JsonResponse({"name": place.name, "is_open": hours.is_open, "words": hours.words})
    if origin:
        answer["Access-Control-Allow-Origin"] = origin
    answer["Vary"] = "Origin"
    return answer


@never_cache
@require_safe
@public("файл отдаёт разговор, ключ которого в браузере гражданина")
def file(request: HttpRequest, slug: str, file: int) -> FileResponse:
    """The bytes of a file for the page without scripts."""
    place = _place(slug)
    with enter(SYSTEM):
        talk = _talk(place, _key(request))
        kept = queries.file_of(talk, file, is_citizen=True) if talk else None
    if kept is None:
        raise Http404
    return _wire.bytes_of(kept)


def _place(slug: str) -> Place:
    with enter(SYSTEM):
        place = queries.place_of(slug)
    if place is None or not place.is_active:
        raise Http404
    return place


def _context(place: Place, key: str) -> dict[str, Any]:
    with enter(SYSTEM):
        talk = _talk(place, key)
        said = Line.objects.for_citizen().filter(talk=talk).select_related("by").prefetch_related("files")
        lines = list(said.order_by("number")) if talk else []
        if talk and lines:
            services.touch(talk)
            services.citizen_read(talk, lines[-1].number)
        phones = list(HotLine.objects.filter(organisation=place.organisation_id).order_by("pk")[:3])
        hours = queries.hours_of(place)
    return {
        "place": place,
        "talk": talk,
        "lines": lines,
        "hours": hours,
        "phones": phones,
        "new_id": uuid4(),
        "endings": ",".join(ENDINGS),
        "longest": rules.LONGEST_LINE,
    }


def _talk(place: Place, key: str) -> Talk | None:
    try:
        return services.talk_of(place, key) if key else None
    except (NoKey, NoSuchTalk):
        return None


def _key(request: HttpRequest) -> str:
    try:
        return rules.key_of(request.COOKIES.get(COOKIE, ""))
    except NoKey:
        return ""


def _keep(answer: HttpResponse, place: Place, key: str, request: HttpRequest) -> HttpResponse:
    answer.set_cookie(
        COOKIE,
        key,
        max_age=KEPT_SECONDS,
        path=reverse("chat_open:page", args=[place.slug]),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


def _fresh(place: Place) -> HttpResponse:
    """A new talk begins: the key of the former one is given up."""
    path = reverse("chat_open:page", args=[place.slug])
    answer = HttpResponseRedirect(path)
    answer.delete_cookie(COOKIE, path=path)
    return answer
