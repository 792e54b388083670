"""Open promises to phone back go with their appeal: to who takes it, or to the queue where it waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q

from opora.appeals.models import Callback

if TYPE_CHECKING:
    from opora.appeals.services._change import Step

TOLD = "callbacks"  # under this key the event that moves an appeal names the promises that went with it


def follow(step: Step) -> None:
    """Give the promises of who had the appeal, and those nobody had, to who has it now; the first event tells which.

    One given to a colleague by name stays hers: somebody else's appeal may wait for her call.
    """
    if step.changed.keys().isdisjoint({"owner_id", "handler_id"}) or not step.events:
        return
    appeal = step.appeal
    going = Callback.objects.open().filter(appeal=appeal, created_at__lt=step.now)
    keys = list(going.filter(Q(owner=None) | Q(owner=step.former)).values_list("pk", flat=True))
    if not keys:
        return
    columns = {"organisation_id": appeal.handler_id} if "handler_id" in step.changed else {}
    Callback.objects.filter(pk__in=keys).update(owner_id=appeal.owner_id, **columns)
    step.events[0].details[TOLD] = keys


def give(appeals: Iterable[UUID], owner: int | None) -> dict[UUID, list[int]]:
    """Do the same for many appeals of one organisation before they move; return the promises of each. Two queries."""
    going = Callback.objects.open().filter(Q(owner=None) | Q(owner=F("appeal__owner")), appeal__in=list(appeals))
    found: dict[UUID, list[int]] = defaultdict(list)
    for appeal, key in going.order_by("pk").values_list("appeal", "pk"):
        found[appeal].append(key)
    if found:
        Callback.objects.filter(pk__in=[key for keys in found.values() for key in keys]).update(owner_id=owner)
    return found
