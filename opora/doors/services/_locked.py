"""The one way a thread changes by hand: found among hers, under its lock, as she saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.doors.errors import NoSuchThread, ThreadChanged
from opora.doors.models import Thread

if TYPE_CHECKING:
    from opora.organisations.models import Employee


def locked(thread_id: UUID, *, by: Employee, version: int | None = None) -> Thread:
    """Return the thread under its row lock. Raises RightMissing, NoSuchThread, ThreadChanged."""
    if not by.holds(Right.DOORS_ANSWER):
        raise RightMissing(right=Right.DOORS_ANSWER)
    hers = Thread.objects.accessible_to(by).select_related("door__organisation", "owner", "person", "appeal")
    found = hers.select_for_update(of=("self",)).filter(pk=thread_id).first()
    if found is None:
        raise NoSuchThread
    if version is not None and found.version != version:
        raise ThreadChanged
    return found
