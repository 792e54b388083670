"""What became of a letter the post has: handed over or come back. The journal is told too."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.appeals import services as journal
from opora.appeals.actor import actor_of
from opora.mailroom import rules
from opora.mailroom.actor import MailroomActor
from opora.mailroom.errors import MailroomError, NotWaiting
from opora.mailroom.models import Outgoing
from opora.mailroom.services._paper import locked_outgoing, reason, save, tell
from opora.mailroom.words import EventKind, OutState
from opora.shared.errors import DomainError

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@transaction.atomic
def delivered(outgoing_id: UUID, *, on: date | None = None, version: int | None = None, by: Employee) -> Outgoing:
    """Write down that a letter was handed over; its answer in the journal is delivered. Raises NotWaiting."""
    letter, day = _ended(outgoing_id, on, version, by)
    save(letter, state=OutState.DELIVERED, ended_on=day, forget_at=rules.forget_outgoing(timezone.now()))
    is_told = _tell_journal(letter, by, at=min(datetime.combine(day, time(12), actor_of(by).zone), timezone.now()))
    tell(letter, EventKind.DELIVERED, by=by, journal=is_told)
    return letter


@transaction.atomic
def returned(
    outgoing_id: UUID, *, why: str, on: date | None = None, version: int | None = None, by: Employee
) -> Outgoing:
    """Write down that a letter came back, and why; an open appeal waits for another answer. Raises NotWaiting."""
    letter, day = _ended(outgoing_id, on, version, by)
    text = reason(why, "Напишите, почему письмо вернулось.")
    save(letter, state=OutState.RETURNED, ended_on=day, why=text, forget_at=rules.forget_outgoing(timezone.now()))
    is_told = _tell_journal(letter, by, failed_why=f"Письмо вернулось: {text}")
    tell(letter, EventKind.RETURNED, text, by=by, journal=is_told)
    return letter


def _ended(outgoing_id: UUID, on: date | None, version: int | None, by: Employee) -> tuple[Outgoing, date]:
    letter = locked_outgoing(outgoing_id, by=by, version=version)
    if letter.state != OutState.SENT or letter.sent_on is None:
        raise NotWaiting
    today = actor_of(by).local(timezone.now()).date()
    day = on or today
    if not letter.sent_on <= day <= today:
        raise MailroomError("День вручения или возврата — после сдачи на почту и не в будущем.", field="on")
    return letter, day


def _tell_journal(letter: Outgoing, by: Employee, *, at: datetime | None = None, failed_why: str = "") -> bool:
    """Tell the journal; False where it knows already or the appeal has gone to another organisation since."""
    teller = MailroomActor(letter.organisation, by)
    try:
        with transaction.atomic():
            journal.confirm_delivery(letter.answer_id, at=at, failed_why=failed_why, by=teller)
    except DomainError:
        return False
    return True
