"""A worker looks what has come: message by message, each stored before the next is asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic, sleep

import structlog
from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.doors import ports
from opora.doors.models import Door
from opora.doors.services.greeting import greet
from opora.doors.services.receiving import receive
from opora.doors.shapes import Incoming, Kind, Received
from opora.doors.troubles import unforeseen
from opora.shared.errors import DomainError

LISTENED = 55.0  # seconds; the next minute listens on
LONGEST_WAIT = 20
BREATH = 1.0

log = structlog.get_logger(__name__)


def fetch_all() -> int:
    """Fetch from every open door that is not listened to and return how many messages came.

    What is wrong with a door is written on it.
    """
    return sum(fetch_door(door) for door in _open() if not isinstance(ports.way(door), ports.Listening))


def listen_all(seconds: float = LISTENED) -> int:
    """Wait for news of doors that can be waited for, each in a thread of its own; return how many messages came."""
    doors = [door for door in _open() if isinstance(ports.way(door), ports.Listening)]
    until = monotonic() + seconds
    if len(doors) < 2:
        return sum(_listen(door, until) for door in doors)
    with ThreadPoolExecutor(len(doors)) as threads:
        return sum(threads.map(lambda door: _alone(door, until), doors))


def fetch_door(door: Door, *, wait: int = 0) -> int:
    """Fetch from one door and return how many messages came; ``wait`` is seconds, for one that can be waited for."""
    way = ports.way(door)
    if way is None:
        return 0
    came, trouble = 0, ""

    def take(incoming: Incoming) -> Received:
        return take_in(door, incoming)

    try:
        came = way.listen(door, take, seconds=wait) if isinstance(way, ports.Listening) else way.fetch(door, take)
    except DomainError as fault:
        trouble = fault.sentence
        log.warning("doors.not_fetched", door=door.pk, code=fault.code)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        # The edge of a look: one door the program cannot cope with must not hold up those behind it.
        trouble = unforeseen(door, fault)
    _note(door, trouble, timezone.now())
    return came


def take_in(door: Door, incoming: Incoming) -> Received:
    """Store a message and, where it opened a thread, explain the lawful ways to its writer once.

    A flood is not answered: its senders are mostly forged, and those people have not written to us.
    """
    received = receive(door, incoming)
    thread = received.thread
    is_person = incoming.kind == Kind.MESSAGE and not incoming.meta.get("is_bulk")
    is_first = received.is_new and thread is not None and thread.version == 1 and thread.appeal_id is None
    if thread is not None and is_first and is_person and not thread.is_flood:
        greet(door, thread)
    return received


def _open() -> list[Door]:
    with enter(Scope.system("what has come by doors")):
        return list(Door.objects.active().select_related("organisation__territory", "provider").order_by("pk"))


def _listen(door: Door, until: float) -> int:
    """Listen to one door until the moment; one that is in trouble is left alone until the next time."""
    came = 0
    while (left := int(until - monotonic())) > 0:
        asked, found = monotonic(), fetch_door(door, wait=min(left, LONGEST_WAIT))
        came += found
        with enter(Scope.system("how a door is doing")):
            now = Door.objects.filter(pk=door.pk, is_active=True).values_list("trouble", "settings", "secrets").first()
        if now != ("", door.settings, door.secrets):  # closed, in trouble or set otherwise meanwhile
            break
        if not found:  # who answers «nothing» at once is not asked all the time
            sleep(max(0.0, BREATH - (monotonic() - asked)))
    return came


def _alone(door: Door, until: float) -> int:
    try:
        return _listen(door, until)
    finally:
        connections.close_all()


def _note(door: Door, trouble: str, now: datetime) -> None:
    with enter(Scope.system("how a door is doing")):
        Door.objects.filter(pk=door.pk).update(progress=door.progress, looked_at=now, trouble=trouble[:300])
