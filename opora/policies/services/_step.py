"""The one way a request changes: found, locked, allowed, changed beside its events, audited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals.actor import Actor, actor_of
from opora.audit.services import record
from opora.organisations.models import Employee, Organisation
from opora.policies.errors import DeliveryChanged, DeliveryClosed, NoSuchDelivery, WordsNeeded
from opora.policies.models import Delivery, DeliveryEvent, Notice, Visit
from opora.policies.words import OPEN, DeliveryState, EventKind, NoticeState, VisitState


class Step:
    """One command on one locked request. ``set`` columns, ``tell`` what happened; leaving the block writes both."""

    def __init__(self, delivery: Delivery, actor: Actor, now: datetime) -> None:
        self.delivery = delivery
        self.actor = actor
        self.now = now
        self.changed: dict[str, Any] = {}
        self.events: list[DeliveryEvent] = []

    @property
    def today(self) -> date:
        return self.actor.local(self.now).date()

    def set(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self.delivery, name, value)
        self.changed |= columns

    def go(self, state: DeliveryState) -> None:
        """Change the state; what is over gets its moment, what goes on again loses it."""
        self.set(state=state, closed_at=None if state in OPEN else self.now)

    def tell(
        self,
        event: EventKind,
        text: str = "",
        *,
        key: UUID | None = None,
        device_at: datetime | None = None,
        **details: Any,
    ) -> None:
        self.events.append(
            DeliveryEvent(
                delivery=self.delivery,
                at=self.now,
                kind=event,
                key=key,
                device_at=device_at,
                organisation=self.actor.organisation,
                employee_id=self.actor.employee,
                employee_name=self.actor.name,
                text=text[:1000],
                details=details,
            )
        )


@contextmanager
def changing(
    pk: int, verb: str, *, by: Employee, right: Right, version: int | None = None, closed: bool = False
) -> Iterator[Step]:
    """Lock a request she sees; everything is written at the end of the block.

    Raises RightMissing, NoSuchDelivery, DeliveryClosed (unless ``closed`` is allowed), DeliveryChanged.
    """
    check_right(right, by)
    delivery = locked(pk, by)
    if not delivery.is_open and not closed:
        raise DeliveryClosed
    if version is not None and delivery.version != version:
        raise DeliveryChanged
    step = Step(delivery, actor_of(by), timezone.now())
    yield step
    write(step)
    record(f"policies.{verb}", delivery, by=by)


def locked(pk: int, by: Employee) -> Delivery:
    found = Delivery.objects.accessible_to(by).select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NoSuchDelivery
    return found


def write(step: Step) -> None:
    DeliveryEvent.objects.bulk_create(step.events)
    Delivery.objects.filter(pk=step.delivery.pk).update(**step.changed, version=F("version") + 1)
    step.delivery.version += 1


def take_off_visits(step: Step, *, told: bool = True, moves: bool = False) -> None:
    """Take the visit that is ahead off its route; the request waits for another. One that moves keeps its text."""
    ahead = list(Visit.objects.filter(delivery=step.delivery, state=VisitState.PLANNED).values_list("pk", flat=True))
    if not moves:
        Notice.objects.filter(visit__in=ahead, state=NoticeState.WAITING).update(state=NoticeState.CANCELLED)
    Visit.objects.filter(pk__in=ahead).update(state=VisitState.OFF, reported_at=step.now)
    if ahead and told:
        step.tell(EventKind.OFF)
    if step.delivery.state == DeliveryState.PLANNED:
        step.go(DeliveryState.WAITING)


def check_right(right: Right, by: Employee) -> None:
    if not by.holds(right):
        raise RightMissing(right=right)


def own_insurer(actor: Actor) -> int | None:
    """Return the insurer she works for; None for a fund."""
    is_insurer = actor.organisation.kind in {Organisation.Kind.INSURER, Organisation.Kind.BRANCH}
    return actor.holder if is_insurer else None


def words(text: str, sentence: str) -> str:
    """Return words that must be there, trimmed. Raises WordsNeeded."""
    if not text.strip():
        raise WordsNeeded(sentence)
    return text.strip()
