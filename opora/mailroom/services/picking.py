"""A letter that waits: its address is put right, or it does not leave at all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.appeals.actor import actor_of
from opora.mailroom import rules
from opora.mailroom.errors import MailroomError, NotWaiting
from opora.mailroom.models import Outgoing
from opora.mailroom.services._paper import locked_outgoing, reason, save, tell
from opora.mailroom.words import EventKind, OutState

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@transaction.atomic
def address(
    outgoing_id: UUID, *, addressee: str, address: str, number: str = "", version: int | None = None, by: Employee
) -> Outgoing:
    """Say to whom and where a letter goes, and its number if the journal had none. Raises NotWaiting, MailroomError."""
    letter = locked_outgoing(outgoing_id, by=by, version=version)
    if letter.state not in {OutState.WAITING, OutState.LISTED}:
        raise NotWaiting
    columns = {
        "addressee": rules.line(addressee, 300),
        "address": rules.line(address, 500),
        "number": rules.line(number, 50) or letter.number,
    }
    for field, sentence in (("addressee", "Напишите, кому письмо."), ("address", "Напишите адрес с индексом.")):
        if not columns[field]:
            raise MailroomError(sentence, field=field)
    changed = {name: value for name, value in columns.items() if getattr(letter, name) != value}
    if changed:
        save(letter, **changed)
        tell(letter, EventKind.ADDRESSED, by=by, fields=sorted(changed))
    return letter


@transaction.atomic
def drop(outgoing_id: UUID, *, why: str, version: int | None = None, by: Employee) -> Outgoing:
    """Say that a letter does not leave by post after all: handed over in person, for example. Raises NotWaiting."""
    letter = locked_outgoing(outgoing_id, by=by, version=version)
    if letter.state != OutState.WAITING:
        raise NotWaiting
    now = timezone.now()
    text = reason(why, "Напишите, почему не отправляем почтой.")
    today = actor_of(by).local(now).date()
    save(letter, state=OutState.DROPPED, ended_on=today, why=text, forget_at=rules.forget_outgoing(now))
    tell(letter, EventKind.DROPPED, text, by=by)
    return letter
