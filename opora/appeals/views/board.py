"""The board for a supervisor who is signed in: the page and its numbers."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.appeals.board.figures import board_of, scope_of
from opora.audit.middleware import session_mark
from opora.audit.services import record
from opora.live import tickets
from opora.live.channels import board_of as channel_of
from opora.live.templatetags.live import live_address
from opora.organisations.models import Organisation
from opora.organisations.requests import StaffRequest

LOOK = "board-look"
ROOM = Path(__file__).resolve().parent.parent
MADE_OF = ("static/board", "templates/board")


@require_safe
@never_cache
@needs(Right.APPEALS_SUPERVISE)
def board(request: StaffRequest) -> HttpResponse:
    """The wall as it is now; its script keeps it so."""
    organisation = actor_of(request.user).organisation
    record("appeals.board.read", by=request.user)
    line = {
        "figures_url": reverse("board:figures"),
        "renew_url": reverse("live:ticket"),
        "ticket": tickets.issue(request.user, session=session_mark(request)),
        "channels": channel_of(request.user.scope),
    }
    return render(request, "board/board.html", frame(request) | shown(organisation) | line)


@require_safe
@never_cache
@needs(Right.APPEALS_SUPERVISE)
def figures(request: StaffRequest) -> HttpResponse:
    """The numbers alone, asked for by the page itself."""
    return render(request, "board/board.html#figures", shown(actor_of(request.user).organisation))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what every page of the wall needs: the look chosen on this screen, dark until then, and the stream."""
    theme = "light" if request.COOKIES.get(LOOK) == "light" else "dark"
    return {"theme": theme, "address": live_address({"request": request})}


def shown(organisation: Organisation) -> dict[str, Any]:
    return {"board": board_of(organisation, timezone.now()), "build": build()}


def channels_of(organisation: Organisation) -> list[str]:
    return [channel_of(scope_of(organisation))]


@cache
def build() -> str:
    """Return a mark of the page's own files: a screen that has hung for weeks loads itself anew when they change."""
    files = sorted(path for folder in MADE_OF for path in (ROOM / folder).iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
