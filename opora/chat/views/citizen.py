"""A citizen's talk for the script of the chat: his key comes in a header, never in an address or a cookie.

No page of another site may call these: the browser would ask for leave first (the header is not a simple one) and none
is given; the chat on another site is a frame with a page of ours in it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import public
from opora.access.scope import enter
from opora.audit.middleware import household
from opora.chat import news, queries, rules, services
from opora.chat.errors import NoKey, WrongOrigin
from opora.chat.models import Place
from opora.chat.services.talking import SYSTEM
from opora.chat.views import _wire
from opora.chat.words import Author
from opora.live import tickets

WHY = "у гражданина нет учётной записи: его разговор открывает ключ из его браузера"
SCHEME = "Talk "


def of_talk[R](view: Callable[..., R]) -> Callable[..., R]:
    """Give the view the place and the key: a request of our own page that carries one. Raises WrongOrigin, NoKey."""

    @wraps(view)
    def opened(request: HttpRequest, slug: str, **kwargs: Any) -> R:
        check_origin(request)
        key = key_from(request)
        with enter(SYSTEM):
            place = queries.place_of(slug)
        if place is None:
            raise Http404
        return view(request, place, key, **kwargs)

    return opened


def check_origin(request: HttpRequest) -> None:
    """Raises WrongOrigin for what a page of another site has sent."""
    origin = request.headers.get("Origin", "")
    if origin and origin != f"{request.scheme}://{request.get_host()}":
        raise WrongOrigin


def key_from(request: HttpRequest) -> str:
    """Return the key in the header. Raises NoKey."""
    sent = request.headers.get("Authorization", "")
    if not sent.startswith(SCHEME):
        raise NoKey
    return rules.key_of(sent.removeprefix(SCHEME))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(WHY)
@of_talk
def lines(request: HttpRequest, place: Place, key: str) -> HttpResponse:
    """What was said after a line; POST says one more, the first one opens the talk."""
    if request.method == "POST":
        line, told = _wire.new_line(request)
        said = services.say(
            place, key, line, address=household(request), name=told.get("name", ""), phone=told.get("phone", "")
        )
        return JsonResponse({"number": said.line.number}, status=201 if said.is_new else 200)
    after = _wire.number_of(request.GET.get("after", ""))
    with enter(SYSTEM):
        talk = services.talk_of(place, key)
        services.touch(talk)
        return _wire.shown(talk, after, is_citizen=True)


@csrf_exempt
@never_cache
@require_POST
@public(WHY)
@of_talk
def reading(request: HttpRequest, place: Place, key: str) -> HttpResponse:
    """He has read so far."""
    number = _wire.number_of(_wire.body_of(request).get("number"))
    with enter(SYSTEM):
        services.citizen_read(services.talk_of(place, key), number)
    return HttpResponse(status=204)


@csrf_exempt
@never_cache
@require_POST
@public(WHY)
@of_talk
def typing(request: HttpRequest, place: Place, key: str) -> HttpResponse:
    """He is typing."""
    with enter(SYSTEM):
        services.typing(services.talk_of(place, key), Author.CITIZEN)
    return HttpResponse(status=204)


@csrf_exempt
@never_cache
@require_POST
@public(WHY)
@of_talk
def ticket(request: HttpRequest, place: Place, key: str) -> HttpResponse:
    """A ticket for live news of his talk, for ten minutes; 204 — the talk is over, there is nothing to hear."""
    with enter(SYSTEM):
        talk = services.talk_of(place, key)
    if not talk.is_open:
        return HttpResponse(status=204)
    return JsonResponse({"ticket": tickets.issue_to_citizen(news.talk_channel(talk))})


@csrf_exempt
@never_cache
@require_safe
@public(WHY)
@of_talk
def file(request: HttpRequest, place: Place, key: str, file: int) -> FileResponse:
    """The bytes of a file of his talk."""
    with enter(SYSTEM):
        kept = queries.file_of(services.talk_of(place, key), file, is_citizen=True)
    if kept is None:
        raise Http404
    return _wire.bytes_of(kept)
