"""An errand is carried to the platform: one attempt at a time, its beginning committed before anybody is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.models import Answer as Written
from opora.appeals.models import Appeal
from opora.appeals.services._change import By
from opora.appeals.words import AnswerState
from opora.channels.ports import Accepted, Answer, Refused
from opora.doors.models import Door
from opora.doors.services.delivering import LONGEST_WAIT, LOST, PAUSES
from opora.doors.words import Fate
from opora.feedback import ports
from opora.feedback.actor import NAME
from opora.feedback.models import Errand, PosMessage
from opora.feedback.services import enclosing, journal
from opora.feedback.services._step import changed, locked, tell
from opora.feedback.services.enclosing import Enclosed
from opora.feedback.words import ANSWERS, ErrandKind, Stage, StepKind
from opora.shared.errors import DomainError
from opora.shared.typography import day

UNKNOWN = "Связь с Госуслугами оборвалась: неизвестно, ушло ли. Посмотрите на платформе и, если нет, отправьте ещё раз."
STANDS: dict[str, str] = {  # the journal has done already what the platform will not have
    ErrandKind.EXTENSION: "В журнале срок продлён, на Госуслугах он прежний: отправьте ещё раз или ответьте в прежний.",
    ErrandKind.REDIRECTION: "В журнале обращение направлено, на Госуслугах оно у вас: отправьте ещё раз или ответьте.",
}
MOST_AT_ONCE = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Load:
    """What the platform is asked; no row of it is touched."""

    door: Door
    message: str
    reference: UUID
    kind: str
    given: dict[str, Any] = field(repr=False)
    text: str = field(default="", repr=False)
    enclosed: Enclosed = field(default_factory=Enclosed, repr=False)


def carry(errand_id: UUID) -> Errand | None:
    """Try to carry one errand; for one that was carried, is being carried or is not due there is nothing to do."""
    load = _begin(errand_id)
    if load is None:
        return None
    try:
        answer = _asked(load)
    except enclosing.NotWhole as fault:
        answer = Refused(errand_id, fault.code, is_permanent=True, words=fault.sentence)
    except DomainError as fault:
        answer = Refused(errand_id, fault.code, is_permanent=False, words=fault.sentence)
    return _end(errand_id, answer)


def carry_due() -> int:
    """Carry what a worker left or was told to try later, say so of what may have left; return how many were tried."""
    now = timezone.now()
    with enter(Scope.system("errands that were lost")):
        lost = Errand.objects.filter(state=Fate.SENDING, started_at__lt=now - LOST)
        for key in list(lost.values_list("pk", flat=True)):
            _fail(key, UNKNOWN, StepKind.NOT_GIVEN)
        due = Errand.objects.filter(state=Fate.SENDING, started_at=None, next_at__lte=now).order_by("next_at")
        keys = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(carry(key) is not None for key in keys)


def note_given(message: PosMessage, now: datetime) -> None:
    """Write down that the platform has the answer; the message is locked."""
    trouble = journal.given(message)
    tell(message, StepKind.GIVEN, who=NAME, answer=str(message.answer))
    changed(message, stage=Stage.ANSWERED, answered_at=now, answered_by_id=message.handler_id, trouble=trouble)


def _begin(errand_id: UUID) -> _Load | None:
    now = timezone.now()
    with enter(Scope.system("an errand leaves for the platform")):
        due = Errand.objects.select_for_update(skip_locked=True).filter(
            pk=errand_id, state=Fate.SENDING, started_at=None, next_at__lte=now
        )
        row = due.first()
        if row is None:
            return None
        row.started_at, row.attempts = now, row.attempts + 1
        row.save(update_fields=["started_at", "attempts"])
        message = PosMessage.objects.select_related("door__organisation").get(pk=row.message_id)
        if "why" in row.given:
            return _Load(message.door, message.external_id, row.pk, row.kind, row.given, row.given["why"])
        written = Written.objects.get(pk=row.given["answer"])
        if row.kind not in ANSWERS:
            words = _with_order(written.text, row.given)
            return _Load(message.door, message.external_id, row.pk, row.kind, row.given, words)
        enclosed = enclosing.of(written)
        return _Load(message.door, message.external_id, row.pk, row.kind, row.given, written.text, enclosed)


def _with_order(notice: str, given: Mapping[str, Any]) -> str:
    """Return the notice of a prolongation with its ground, which a template names already."""
    number = str(given.get("order_number", ""))
    if not number or number in notice:
        return notice
    return f"{notice}\n\nПриказ № {number} от {day(date.fromisoformat(given['order_on']))}."


def _asked(load: _Load) -> Answer:
    gateway, given = ports.gateway_of(), load.given
    match load.kind:
        case ErrandKind.EXTENSION:
            until = date.fromisoformat(given["until"])
            return gateway.extend(load.door, load.message, load.reference, until, load.text)
        case ErrandKind.REDIRECTION:
            return gateway.redirect(load.door, load.message, load.reference, given["to"], load.text)
        case ErrandKind.INTERIM:
            return gateway.interim(load.door, load.message, load.reference, load.text)
    files = enclosing.brought(load.enclosed, gateway.limits)
    return gateway.answer(load.door, load.message, load.reference, load.text, files)


def _end(errand_id: UUID, answer: Answer) -> Errand:
    now = timezone.now()
    with enter(Scope.system("an errand was carried to the platform")):
        message = locked(Errand.objects.values_list("message_id", flat=True).get(pk=errand_id))
        row: Errand = Errand.objects.select_for_update().get(pk=errand_id)
        if row.state != Fate.SENDING:  # the platform's own news was quicker
            return row
        if isinstance(answer, Accepted):
            row.state, row.ended_at = Fate.SENT, now
            row.save(update_fields=["state", "ended_at"])
            _done(message, row, now)
        elif isinstance(answer, Refused) and not answer.is_permanent and row.attempts <= len(PAUSES):
            asked = timedelta(seconds=min(answer.retry_after, LONGEST_WAIT))
            row.started_at, row.next_at = None, now + max(PAUSES[row.attempts - 1], asked)
            row.save(update_fields=["started_at", "next_at"])
        elif isinstance(answer, Refused):
            why = f"Не принято: {answer.words or answer.code}"
            _fail(row.pk, why, StepKind.REFUSED, is_final=answer.is_permanent)
        else:
            _fail(row.pk, UNKNOWN, StepKind.NOT_GIVEN)
        row.refresh_from_db()
        return row


def _done(message: PosMessage, errand: Errand, now: datetime) -> None:
    match errand.kind:
        case ErrandKind.ANSWER:
            note_given(message, now)
        case ErrandKind.INTERIM:
            tell(message, StepKind.INTERIM_GIVEN, who=NAME, answer=errand.given["answer"])
            changed(message, trouble="")
        case ErrandKind.EXTENSION:
            trouble = "" if errand.is_of_card else journal.said(message, lambda by: _moved(message, errand, by))
            trouble = _noticed(message, errand, at=now) or trouble
            tell(message, StepKind.EXTENDED, who=NAME, days=errand.given["days"], until=errand.given["until"])
            changed(message, trouble=trouble)
        case ErrandKind.REDIRECTION:
            trouble = "" if errand.is_of_card else journal.said(message, lambda by: _moved(message, errand, by))
            trouble = _noticed(message, errand, at=now) or trouble
            tell(message, StepKind.REDIRECTED, who=NAME, to=errand.given["to"])
            changed(message, stage=Stage.REDIRECTED, trouble=trouble)


def _moved(message: PosMessage, errand: Errand, by: By) -> Appeal:
    act = journal.extend if errand.kind == ErrandKind.EXTENSION else journal.redirect
    return act(message, errand.given, by=by)


def _noticed(message: PosMessage, errand: Errand, *, at: datetime | None = None, failed_why: str = "") -> str:
    """Say on the card what became of the notice of an act that was done there; other errands have none."""
    notice = errand.given.get("answer")
    return journal.told(message, UUID(notice), at=at, failed_why=failed_why) if errand.is_of_card and notice else ""


def _fail(errand_id: UUID, why: str, step: StepKind, *, is_final: bool = False) -> None:
    """Say that an errand did not leave, or may not have; what it is about waits for a person.

    ``is_final`` — the platform will not have it: what the journal holds for sent is not, and its card says so.
    """
    row: Errand = Errand.objects.select_for_update().get(pk=errand_id)
    if row.state != Fate.SENDING:
        return
    message = locked(row.message_id)
    row.state, row.ended_at, row.why = Fate.FAILED, timezone.now(), why[:300]
    row.save(update_fields=["state", "ended_at", "why"])
    tell(message, step, who=NAME, text=row.why, errand=row.kind)
    if is_final and row.kind == ErrandKind.INTERIM:
        journal.told(message, UUID(row.given["answer"]), failed_why=row.why)
    if is_final and row.is_of_card:
        _noticed(message, row, failed_why=row.why)
        changed(message, trouble=f"{row.why[:170].rstrip('.')}. {STANDS[row.kind]}"[:300])
    elif is_final and row.kind == ErrandKind.ANSWER and is_from_card(message):
        journal.refused(message, row.why)
        changed(message, stage=Stage.WORK, answer=None, trouble=row.why)
    else:
        changed(message, trouble=row.why)


def is_from_card(message: PosMessage) -> bool:
    """Tell whether the journal holds the answer on its way for sent: the card has sent it, not this room."""
    return message.answer is not None and journal.state_of(message.answer) == AnswerState.SENT
