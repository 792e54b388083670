"""What a provider said of a text before a visit. One that was lost is a matter for the telephone: the desk says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.channels.ports import IncomingReceipt
from opora.channels.states import FAILED, follow
from opora.channels.words import State
from opora.policies.models import DeliveryEvent, Notice
from opora.policies.words import EventKind, NoticeState

WHY = "what became of texts before visits"
LOST = FAILED - {State.UNKNOWN}
LOST_WORDS = "СМС не доставлено"
ON_THE_WAY = (NoticeState.SENDING, NoticeState.SENT)
VERSION = 7  # of the keys of notices; references of other rooms are numbers or marked ones


def told(receipts: Sequence[IncomingReceipt], **_: Any) -> int:
    """Fold receipts into notices; return how many changed. A proved arrival outweighs a loss told before it."""
    said: dict[UUID, State] = {}
    for one in receipts:
        if one.reference is not None and one.reference.version == VERSION:
            said[one.reference] = follow(said.get(one.reference), one.state)
    if not said:
        return 0
    with enter(Scope.system(WHY)), transaction.atomic():
        rows = Notice.objects.select_for_update().filter(pk__in=list(said)).order_by("pk")
        return sum(_fold(notice, said[notice.pk]) for notice in rows)


def _fold(notice: Notice, state: State) -> bool:
    row = Notice.objects.filter(pk=notice.pk)
    if state in {State.DELIVERED, State.READ} and notice.state in {*ON_THE_WAY, NoticeState.FAILED}:
        row.update(state=NoticeState.ARRIVED, why="")
        return True
    if state in LOST and notice.state in ON_THE_WAY:
        row.update(state=NoticeState.FAILED, why=LOST_WORDS)
        DeliveryEvent.objects.create(
            delivery_id=notice.delivery_id,
            at=timezone.now(),
            kind=EventKind.NOT_NOTICED,
            text=LOST_WORDS,
            details={"day": notice.day.isoformat()},
        )
        return True
    return False
