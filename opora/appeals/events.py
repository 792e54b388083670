"""What the journal tells upstairs."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction
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


class Apart(Signal):
    """A signal each receiver of which has a savepoint of its own: what one has spoilt is undone alone."""

    def connect(
        self,
        receiver: Callable[..., Any],
        sender: object | None = None,
        weak: bool = True,
        dispatch_uid: Hashable | None = None,
    ) -> None:
        @wraps(receiver)
        def told(**named: Any) -> Any:
            with transaction.atomic():
                return receiver(**named)

        super().connect(told, sender, weak=False, dispatch_uid=dispatch_uid or id(receiver))

    def disconnect(
        self,
        receiver: Callable[..., Any] | None = None,
        sender: object | None = None,
        dispatch_uid: Hashable | None = None,
    ) -> bool:
        return super().disconnect(None, sender, dispatch_uid=dispatch_uid or id(receiver))


# Sent by the chainer inside the transaction that gives the places, at most a second after the event:
# ``events`` is a Sequence[Chained] in chain order. What a receiver writes commits together with the links; one that
# fails is logged and undone alone.
chained = Apart()

# Sent by intake inside the transaction of the registration: ``draft`` with its appeal, ``by`` the employee.
taken_in = Signal()
