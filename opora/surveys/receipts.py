"""What a provider said of a link: it reached the telephone, or it did not.

A message names the row of its person by a number, so that no row of people needs a key of its own and none of answers
is named at all. Whether he then answered is another matter and told by ``links.finish`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from opora.access.scope import Scope, enter
from opora.channels.ports import IncomingReceipt
from opora.channels.states import FAILED, follow
from opora.channels.words import State
from opora.surveys.models import Attempt, Invitee
from opora.surveys.words import InviteeState, Outcome, RoundState

# References of links begin with these letters: numbers of the informing room are shorter, keys of others are UUIDs.
MARK = int.from_bytes(b"surveys:")
WHY = "what became of links of surveys"
ARRIVED = (State.DELIVERED, State.READ)
LOST = FAILED - {State.UNKNOWN}
TOLD_OF = (InviteeState.SENDING, InviteeState.SENT, InviteeState.FAILED)


def reference_of(invitee: int) -> UUID:
    """Return by which reference a link of a person goes.

    >>> invitee_of(reference_of(7))
    7
    """
    return UUID(int=MARK << 64 | invitee)


def invitee_of(reference: UUID | None) -> int | None:
    """Return whose link it is, None — it is no link of a survey."""
    if reference is None or reference.int >> 64 != MARK:
        return None
    return reference.int & 0xFFFF_FFFF_FFFF_FFFF


def told(receipts: Sequence[IncomingReceipt], **_: Any) -> int:
    """Fold receipts into the people of rounds that go on; return how many people changed.

    A proved arrival outweighs a failure that was told before it, never the other way.
    """
    said: dict[int, State] = {}
    for one in receipts:
        if (pk := invitee_of(one.reference)) is not None:
            said[pk] = follow(said.get(pk), one.state)
    if not said:
        return 0
    with enter(Scope.system(WHY)):
        return sum(_fold(pk, state) for pk, state in sorted(said.items()))


@transaction.atomic
def _fold(pk: int, state: State) -> bool:
    rows = Invitee.objects.filter(pk=pk, round__state=RoundState.RUNNING)
    if state in ARRIVED:
        return bool(rows.filter(state__in=TOLD_OF).update(state=InviteeState.ARRIVED))
    if state not in LOST:
        return False
    if not rows.filter(state__in=TOLD_OF).exclude(state=InviteeState.FAILED).update(state=InviteeState.FAILED):
        return False
    Attempt.objects.create(invitee_id=pk, outcome=Outcome.FAILED)
    return True
