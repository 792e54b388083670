"""Coordinator → executor → approval: each verb is also the verb of the journal, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.access.rights import Right
from opora.appeals import services as appeals
from opora.appeals.actor import first_line
from opora.appeals.models import File
from opora.appeals.services import Target
from opora.appeals.words import AnswerState
from opora.classifiers.words import Kind, Outcome
from opora.doors import rules as words_of
from opora.doors.words import Fate
from opora.feedback import limits, ports
from opora.feedback.errors import (
    NobodyChosen,
    NothingToSend,
    OutcomeNeeded,
    StillGoing,
    WordsNeeded,
)
from opora.feedback.models import Errand, PosMessage
from opora.feedback.services import journal
from opora.feedback.services._step import changed, hers, tell
from opora.feedback.services.carrying import is_from_card
from opora.feedback.words import OPEN, WORKED, ErrandKind, Stage, StepKind
from opora.organisations.models import Employee, Organisation

LONGEST_WHY = 2000


@transaction.atomic
def assign(
    message_id: UUID,
    *,
    organisation: Organisation | None = None,
    employee: Employee | None = None,
    why: str,
    by: Employee,
    version: int | None = None,
) -> PosMessage:
    """Give a message to an executor, or to another organisation of the territory, whose coordinator goes on.

    Raises NobodyChosen, WordsNeeded and what the journal refuses.
    """
    message = hers(message_id, Right.FEEDBACK_APPROVE, by=by, version=version, stages=WORKED)
    _check_quiet(message)
    if organisation is None and employee is None:
        raise NobodyChosen
    said = _words(why)
    target = Target(handler=organisation, owner=employee)
    if organisation is not None and employee is None:
        target = Target(handler=organisation, line=first_line(organisation))
    appeals.hand_over(message.appeal_id, to=target, why=said, by=by)
    tell(
        message,
        StepKind.ASSIGNED,
        by=by,
        text=said,
        to=employee.full_name if employee else "",
        organisation=organisation.name if organisation else "",
    )
    return changed(message, stage=Stage.WORK if employee else Stage.RECEIVED)


@transaction.atomic
def take(message_id: UUID, *, by: Employee, version: int | None = None) -> PosMessage:
    """Take a message nobody has, or one that was given to her."""
    message = hers(message_id, Right.FEEDBACK_WORK, by=by, version=version, stages=WORKED)
    appeals.take(message.appeal_id, by=by)
    tell(message, StepKind.TAKEN, by=by)
    return changed(message, stage=Stage.WORK)


@transaction.atomic
def prepare(
    message_id: UUID,
    text: str,
    *,
    outcome: str,
    verdict: str = "",
    enclosed: Sequence[UUID] = (),
    with_letter: bool = False,
    by: Employee,
    version: int | None = None,
) -> PosMessage:
    """Write the answer with what goes along and give it to who approves.

    Raises AnswerTooLong, FilesRefused, WordsNeeded, OutcomeNeeded.
    """
    message = hers(message_id, Right.FEEDBACK_WORK, by=by, version=version, stages=WORKED)
    _check_quiet(message)
    said = words_of.clean(text).strip()
    if not said:
        raise WordsNeeded("Напишите ответ.")
    allowed = ports.gateway_of().limits
    limits.check_text(said, allowed)
    files = File.objects.filter(appeal=message.appeal_id, pk__in=list(enclosed))
    limits.check_files(list(files), allowed, with_letter=with_letter)
    _check_outcome(message, outcome, verdict)
    answer = appeals.prepare_answer(message.appeal_id, text=said, enclosed=enclosed, with_letter=with_letter, by=by)
    appeals.submit_answer(answer.pk, by=by)
    tell(message, StepKind.PREPARED, by=by, answer=str(answer.pk), outcome=outcome)
    return changed(message, stage=Stage.PREPARED, answer=answer.pk, outcome=outcome, verdict=verdict, trouble="")


@transaction.atomic
def return_answer(message_id: UUID, why: str, *, by: Employee, version: int | None = None) -> PosMessage:
    """Return an answer to its executor with a reason; also one the platform did not take. Raises WordsNeeded."""
    stages = (Stage.PREPARED, Stage.APPROVED)
    message = hers(message_id, Right.FEEDBACK_APPROVE, by=by, version=version, stages=stages)
    _check_quiet(message)
    said, trouble = _words(why), ""
    if is_from_card(message):
        trouble = journal.refused(message, said)
    else:
        appeals.return_answer(_answer(message), why=said, by=by)
    tell(message, StepKind.RETURNED, by=by, text=said)
    return changed(message, stage=Stage.WORK, answer=None, trouble=trouble)


@transaction.atomic
def approve(message_id: UUID, *, by: Employee, version: int | None = None) -> PosMessage:
    """Approve a colleague's answer: from now on it is on its way. Raises OwnAnswer."""
    message = hers(message_id, Right.FEEDBACK_APPROVE, by=by, version=version, stages=(Stage.PREPARED,))
    _check_quiet(message)
    answer = _answer(message)
    if journal.state_of(answer) != AnswerState.APPROVED:  # somebody has done it on the card
        appeals.approve_answer(answer, by=by)
    tell(message, StepKind.APPROVED, by=by, answer=str(answer))
    _send(message, ErrandKind.ANSWER, by, answer=str(answer))
    return changed(message, stage=Stage.APPROVED)


@transaction.atomic
def send_again(message_id: UUID, *, by: Employee, version: int | None = None) -> PosMessage:
    """Send once more what the platform did not take, or may not have taken. Raises NothingToSend, StillGoing."""
    message = hers(message_id, Right.FEEDBACK_APPROVE, by=by, version=version, stages=OPEN)
    _check_quiet(message)
    last = message.errands.order_by("-created_at", "-pk").first()
    if last is None or last.state != Fate.FAILED or is_over(message, last):
        raise NothingToSend
    tell(message, StepKind.AGAIN, by=by, errand=last.kind)
    _send(message, ErrandKind(last.kind), by, **last.given)
    return changed(message, trouble="")


@transaction.atomic
def extend(
    message_id: UUID,
    *,
    days: int,
    order_number: str,
    why: str,
    by: Employee,
    version: int | None = None,
) -> PosMessage:
    """Ask the platform for a longer term; the clock of the journal moves when it agrees. Raises NotExtendable."""
    message = hers(message_id, Right.FEEDBACK_APPROVE, by=by, version=version, stages=(*WORKED, Stage.PREPARED))
    _check_quiet(message)
    said, today = _words(why), timezone.localdate(timezone=message.handler.zone)
    given = {"days": days, "order_number": order_number, "order_on": today.isoformat(), "why": said}
    moved = _tried(lambda: journal.extend(message, given, by=by))
    until = (moved.due_on or today + timedelta(days=days)).isoformat()
    tell(message, StepKind.EXTENSION_ASKED, by=by, text=said, days=days, until=until)
    _send(message, ErrandKind.EXTENSION, by, until=until, **given)
    return changed(message, trouble="")


@transaction.atomic
def redirect(
    message_id: UUID, *, outside: str, to: str, why: str, by: Employee, version: int | None = None
) -> PosMessage:
    """Ask the platform to give a message to who is competent; the appeal closes when it agrees."""
    message = hers(message_id, Right.FEEDBACK_APPROVE, by=by, version=version, stages=WORKED)
    _check_quiet(message)
    said, name = _words(why), words_of.line(to, 300)
    if not name:
        raise NobodyChosen("Назовите организацию, в которую перенаправляете.")
    given = {"outside": outside, "to": name, "why": said}
    _tried(lambda: journal.redirect(message, given, by=by))
    tell(message, StepKind.REDIRECTION_ASKED, by=by, text=said, to=name)
    _send(message, ErrandKind.REDIRECTION, by, **given)
    return changed(message, trouble="")


def is_over(message: PosMessage, errand: Errand) -> bool:
    """Tell whether an errand that failed is nobody's any more: its answer was returned for rework."""
    return errand.kind == ErrandKind.ANSWER and errand.given["answer"] != str(message.answer)


def _send(message: PosMessage, kind: ErrandKind, by: Employee, **given: Any) -> Errand:
    from opora.feedback import tasks  # who carries imports the services

    errand: Errand = Errand.objects.create(message=message, kind=kind, given=given, by=by)
    tasks.carry.defer(errand_id=str(errand.pk))
    return errand


class _Undone(Exception):
    pass


def _tried[T](act: Callable[[], T]) -> T:
    """Return what an act of the journal would give, and undo it: the journal moves when the platform agrees."""
    found: list[T] = []
    try:
        with transaction.atomic():
            found.append(act())
            raise _Undone  # noqa: TRY301 - the block is what is undone
    except _Undone:
        return found[0]


def _check_quiet(message: PosMessage) -> None:
    if message.errands.filter(state=Fate.SENDING).exists():
        raise StillGoing


def _check_outcome(message: PosMessage, outcome: str, verdict: str) -> None:
    is_complaint = message.appeal.kind == Kind.COMPLAINT
    if outcome not in OUTCOMES or bool(verdict) is not is_complaint:
        raise OutcomeNeeded


def _answer(message: PosMessage) -> UUID:
    if message.answer is None:
        raise NothingToSend("Ответа ещё нет.")
    return message.answer


def _words(text: str) -> str:
    said = words_of.clean(text).strip()[:LONGEST_WHY]
    if not said:
        raise WordsNeeded
    return said


OUTCOMES = frozenset(
    {
        Outcome.CONSULTED,
        Outcome.CONSIDERED,
        Outcome.GRANTED,
        Outcome.NOT_GRANTED,
        Outcome.COMPLAINT_CONSIDERED,
        Outcome.PROPOSAL_CONSIDERED,
    }
)
