"""A worker asks the platform for news: each line folded before the cursor moves behind it."""

from __future__ import annotations

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.doors.models import Door
from opora.doors.troubles import unforeseen
from opora.doors.words import Kind
from opora.feedback import ports
from opora.feedback.ports import ChangeKind
from opora.feedback.services.folding import take_in
from opora.shared.errors import DomainError

MOST_UNREAD = 20

log = structlog.get_logger(__name__)


def fetch_all() -> int:
    """Fetch from every open door of the platform and return how many lines were new."""
    with enter(Scope.system("what has come from the platform")):
        doors = list(
            Door.objects.active()
            .filter(kind=Kind.GOSUSLUGI)
            .select_related("organisation__territory", "organisation__parent")
            .order_by("pk")
        )
    return sum(fetch_door(door) for door in doors)


def fetch_door(door: Door) -> int:
    """Fetch from one door and return how many lines were new; what is wrong with it is written on it."""
    came, trouble = 0, ""
    try:
        for change in ports.gateway_of().changes(door, str(door.progress.get("cursor", ""))):
            if change.kind is ChangeKind.UNREAD:
                unread = [*door.progress.get("unread", []), change.message or change.id][-MOST_UNREAD:]
                door.progress = {**door.progress, "unread": unread}
                log.warning("feedback.unread", door=door.pk, change=change.id)
            else:
                came += take_in(door, change)
            _keep_place(door, change.cursor)
    except DomainError as fault:
        trouble = fault.sentence
        log.warning("feedback.not_fetched", door=door.pk, code=fault.code)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        # The edge of a look: one door the program cannot cope with must not hold up those behind it.
        trouble = unforeseen(door, fault)
    with enter(Scope.system("how a door is doing")):
        Door.objects.filter(pk=door.pk).update(looked_at=timezone.now(), trouble=trouble[:300])
    return came


def _keep_place(door: Door, cursor: str) -> None:
    door.progress = {**door.progress, "cursor": cursor}
    with enter(Scope.system("how far the platform was read")):
        Door.objects.filter(pk=door.pk).update(progress=door.progress)
