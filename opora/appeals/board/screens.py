"""Screens on a wall: an address with a secret that shows one board and nothing else, until it expires or is revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.actor import actor_of
from opora.appeals.board.errors import ScreenExpired, ScreenRevoked, ScreenUnknown, TooManyScreens
from opora.appeals.models import Screen
from opora.audit.services import record
from opora.live.news import News, publish
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOST = 20  # working at once in one organisation
LONGEST_SECRET = 100
NOTE_EVERY = timedelta(minutes=5)  # a screen asks all day; that it lives is written now and then


@transaction.atomic
def make_screen(name: str, *, days: int, by: Employee) -> tuple[Screen, str]:
    """Return a screen of her organisation and its secret, which is kept nowhere. Raises TooManyScreens."""
    now = timezone.now()
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=actor_of(by).organisation.pk)
    if Screen.objects.accessible_to(by).working(now).count() >= MOST:
        raise TooManyScreens
    secret = secrets.token_urlsafe(32)
    screen = Screen.objects.create(
        organisation=organisation,
        name=name,
        digest=digest(secret),
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    record("appeals.screen.made", screen, by=by, details={"days": days})
    return screen, secret


@transaction.atomic
def revoke_screen(screen: Screen, *, by: Employee) -> None:
    """Switch a screen off: it is told at once and gets no number any more. Twice is harmless."""
    if Screen.objects.filter(pk=screen.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record("appeals.screen.revoked", screen, by=by)
        publish([News((channel_of(screen),), "board.changed")])


def find_screen(secret: str) -> Screen:
    """Return the working screen of a secret. Raises ScreenUnknown, ScreenRevoked, ScreenExpired."""
    now = timezone.now()
    with enter(Scope.system("a screen is found by its secret before its scope is known")):
        screen = (
            Screen.objects.select_related("organisation__territory", "organisation__parent")
            .filter(digest=digest(secret))
            .first()
        )
        if screen is None:
            raise ScreenUnknown
        if screen.revoked_at is not None:
            raise ScreenRevoked
        if screen.expires_at <= now or (screen.organisation.closed_on and screen.organisation.closed_on <= now.date()):
            raise ScreenExpired
        if screen.seen_at is None or now - screen.seen_at > NOTE_EVERY:
            Screen.objects.filter(pk=screen.pk).update(seen_at=now)
    return screen


def digest(secret: str) -> str:
    """Return what is kept of a secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret[:LONGEST_SECRET].encode(errors="replace")).hexdigest()


def channel_of(screen: Screen) -> str:
    """Return the channel of this one screen, by which it hears that it was switched off."""
    return f"board:screen-{screen.pk}"
