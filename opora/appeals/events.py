"""What the journal tells upstairs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class Chained:
    """An event that has its place: what may be told without a look at its appeal."""

    at: datetime
    id: UUID
    organisation_id: int
    position: int
    appeal_id: UUID
    kind: str
    territory: str


# Sent by the chainer inside the transaction that gives the places, at most a second after the event:
# ``events`` is a Sequence[Chained] in chain order. What a receiver writes commits together with the links; one that
# fails is logged and undone alone.
chained = Signal()

# Sent by intake inside the transaction of the registration: ``draft`` with its appeal, ``by`` the employee.
taken_in = Signal()
