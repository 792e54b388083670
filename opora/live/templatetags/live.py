"""What the script of a page needs to listen; ``{% channel "appeal" appeal.pk %}`` is a card's sealed name."""

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest

from opora.audit.middleware import session_mark
from opora.live import tickets
from opora.organisations.models import Employee

register = template.Library()
EVENTS = "/live/events"


@register.simple_tag(takes_context=True)
def live_ticket(context: dict[str, Any]) -> str:
    request: HttpRequest = context["request"]
    if not isinstance(request.user, Employee) or request.user.assignment is None:
        return ""
    return tickets.issue(request.user, session=session_mark(request))


@register.simple_tag(takes_context=True)
def live_address(context: dict[str, Any]) -> str:
    """Where the stream answers: beside the pages behind nginx, else the same host at its own port; «» — nowhere."""
    request: HttpRequest = context["request"]
    if not settings.LIVE_PORT:
        return EVENTS if settings.BEHIND_PROXY else ""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    if not host or ":" in host:  # an address in brackets has no place in a content security policy
        return ""
    return f"{request.scheme}://{host}:{settings.LIVE_PORT}{EVENTS}"


@register.simple_tag(takes_context=True)
def live_place(context: dict[str, Any]) -> str:
    """What a page hears by her place: two tabs with the same words may share a connection."""
    user = context["request"].user
    return f"{user.pk}.{user.assignment.pk if user.assignment else 0}" if isinstance(user, Employee) else ""


@register.simple_tag(takes_context=True)
def channel(context: dict[str, Any], kind: str, key: object) -> str:
    """Return the sealed name of one card's channel: call it on a page that has checked her access to the card."""
    user = context["request"].user
    return tickets.name(user, f"{kind}:{key}") if isinstance(user, Employee) else ""
