"""An answer leaves: one attempt at a time, its beginning committed before anybody is called, nothing sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.channels.ports import Accepted, Answer, Refused
from opora.channels.states import FAILED
from opora.channels.words import State as Told
from opora.doors import ports, queries
from opora.doors.errors import AnsweredOnCard, NotFailed
from opora.doors.models import Delivery, Message
from opora.doors.services._locked import locked
from opora.doors.services.answers import tell_journal
from opora.doors.words import Fate
from opora.organisations.models import Employee
from opora.shared.errors import DomainError

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
LONGEST_WAIT = 24 * 60 * 60
LOST = timedelta(minutes=15)
MOST_AT_ONCE = 200
UNKNOWN = "Связь оборвалась во время отправки: неизвестно, ушло ли сообщение. Если ответа нет, отправьте ещё раз."
RETURNED = "Сообщение вернулось: такого адреса нет или он не принимает."

log = structlog.get_logger(__name__)


def deliver(message_id: UUID) -> Delivery | None:
    """Try to send one message of ours; for one that has left, is being sent or is not due there is nothing to do."""
    try:
        begun = _begin(message_id)
    except DomainError as fault:  # a file that is no longer whole: nothing has left
        log.warning("doors.not_sent", message=str(message_id), code=fault.code)
        with enter(Scope.system("an answer cannot leave")):
            broken = Delivery.objects.filter(pk=message_id, state=Fate.SENDING, started_at=None)
            broken.update(state=Fate.FAILED, ended_at=timezone.now(), why=fault.sentence[:300])
        return None
    if begun is None:
        return None
    leaving, way = begun
    try:
        answer = way.send(leaving) if way is not None else None
    except DomainError as fault:
        answer = Refused(message_id, fault.code, is_permanent=False, words=fault.sentence)
    return _end(message_id, answer)


def deliver_due() -> int:
    """Try what a worker left or was told to try later, and say so of what may have left; return how many were tried."""
    now = timezone.now()
    with enter(Scope.system("what leaves by doors")):
        sending = Delivery.objects.filter(state=Fate.SENDING)
        sending.filter(started_at__lt=now - LOST).update(state=Fate.FAILED, ended_at=now, why=UNKNOWN)
        due = sending.filter(started_at=None, next_at__lte=now).order_by("next_at")
        keys = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(deliver(key) is not None for key in keys)


def delivered(reference: UUID, told: Told, *, at: datetime, code: str = "") -> bool:
    """Fold what was said of a message of ours; False — it is not one of this room. Later news may mend earlier."""
    with enter(Scope.system("what became of an answer")):
        row = Delivery.objects.select_for_update().filter(pk=reference).first()
        if row is None:
            return False
        if told in {Told.DELIVERED, Told.READ}:
            row.state, row.why, row.ended_at = Fate.DELIVERED, "", at
        elif told in FAILED and told != Told.UNKNOWN and row.state != Fate.DELIVERED:
            row.state, row.why, row.ended_at = Fate.FAILED, f"{RETURNED} {code}".strip()[:300], at
        elif row.state == Fate.SENDING and told in {Told.ACCEPTED, Told.ENROUTE, Told.UNKNOWN}:
            row.state = Fate.SENT
        row.sent_at = row.sent_at or at
        row.save(update_fields=["state", "why", "ended_at", "sent_at"])
        _tell_journal(row)
        return True


@transaction.atomic
def send_again(message: Message, *, by: Employee) -> Delivery:
    """Send once more what did not leave. Raises NotFailed, AnsweredOnCard.

    A final answer of which the card says that it did not arrive is over: its appeal waits for another, or has it.
    """
    if message.thread_id is None:
        raise NotFailed
    locked(message.thread_id, by=by)
    row = Delivery.objects.select_for_update().get(pk=message.pk)
    if row.state != Fate.FAILED:
        raise NotFailed
    if queries.given_up([message.pk]):
        raise AnsweredOnCard
    row.state, row.why, row.ended_at, row.started_at = Fate.SENDING, "", None, None
    row.attempts, row.next_at = 0, timezone.now()
    row.save()
    record("doors.send_again", ("doors.thread", str(message.thread_id)), by=by)
    from opora.doors import tasks  # who sends imports the services

    tasks.deliver.defer(message_id=str(message.pk))
    return row


def _begin(message_id: UUID) -> tuple[ports.Leaving, ports.Way | None] | None:
    """Mark the attempt as begun and return what leaves and who carries it."""
    now = timezone.now()
    with enter(Scope.system("an answer leaves by a door")):
        due = Delivery.objects.select_for_update(skip_locked=True).filter(
            pk=message_id, state=Fate.SENDING, started_at=None, next_at__lte=now
        )
        row = due.first()
        if row is None:
            return None
        row.started_at, row.attempts = now, row.attempts + 1
        row.save(update_fields=["started_at", "attempts"])
        message = Message.objects.select_related("door__provider", "thread__door").get(pk=message_id)
        return ports.leaving(message), ports.way(message.door)


def _end(message_id: UUID, answer: Answer | None) -> Delivery:
    now = timezone.now()
    with enter(Scope.system("an answer has left by a door")):
        row = Delivery.objects.select_for_update().get(pk=message_id)
        if row.state != Fate.SENDING:  # its receipt was quicker
            return row
        if answer is None:  # a place the citizen looks at himself
            row.state, row.sent_at, row.ended_at = Fate.DELIVERED, now, now
        elif isinstance(answer, Accepted):
            row.state, row.sent_at = Fate.SENT, now
        elif isinstance(answer, Refused):
            _refuse(row, answer, now)
        else:
            row.state, row.why, row.ended_at = Fate.FAILED, UNKNOWN, now
        row.save()
        if row.why != UNKNOWN:
            _tell_journal(row)
        return row


def _tell_journal(row: Delivery) -> None:
    """Where it is an answer of the journal, its card says what became of it."""
    if row.state in {Fate.DELIVERED, Fate.FAILED} and row.ended_at is not None:
        tell_journal(row.pk, at=row.ended_at, failed_why=row.why if row.state == Fate.FAILED else "")


def _refuse(row: Delivery, answer: Refused, now: datetime) -> None:
    if not answer.is_permanent and row.attempts <= len(PAUSES):
        asked = timedelta(seconds=min(answer.retry_after, LONGEST_WAIT))
        row.started_at, row.next_at = None, now + max(PAUSES[row.attempts - 1], asked)
        return
    said = answer.words or answer.code
    row.state, row.ended_at, row.why = Fate.FAILED, now, f"Не принято: {said}"[:300]
