"""A worker looks what has come: message by message, each stored before the next is asked for."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.doors import ports
from opora.doors.models import Door
from opora.doors.services.greeting import greet
from opora.doors.services.receiving import receive
from opora.doors.shapes import Incoming, Kind, Received
from opora.shared.errors import DomainError

log = structlog.get_logger(__name__)


def fetch_all() -> int:
    """Fetch from every open door and return how many messages came; what is wrong with a door is written on it."""
    with enter(Scope.system("what has come by doors")):
        doors = list(Door.objects.active().select_related("organisation__territory", "provider").order_by("pk"))
    return sum(fetch_door(door) for door in doors)


def fetch_door(door: Door) -> int:
    """Fetch from one door and return how many messages came."""
    way = ports.way(door)
    if way is None:
        return 0
    came, trouble = 0, ""
    try:
        came = way.fetch(door, lambda incoming: take_in(door, incoming))
    except DomainError as fault:
        trouble = fault.sentence
        log.warning("doors.not_fetched", door=door.pk, code=fault.code)
    _note(door, trouble, timezone.now())
    return came


def take_in(door: Door, incoming: Incoming) -> Received:
    """Store a message and, where it opened a thread, explain the lawful ways to its writer once."""
    received = receive(door, incoming)
    thread = received.thread
    is_person = incoming.kind == Kind.MESSAGE and not incoming.meta.get("is_bulk")
    if received.is_new and is_person and thread is not None and thread.version == 1 and thread.appeal_id is None:
        greet(door, thread)
    return received


def _note(door: Door, trouble: str, now: datetime) -> None:
    with enter(Scope.system("how a door is doing")):
        Door.objects.filter(pk=door.pk).update(progress=door.progress, looked_at=now, trouble=trouble[:300])
