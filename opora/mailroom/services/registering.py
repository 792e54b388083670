"""A paper letter gets its number, what was typed is put right, a second registration of the same letter is noticed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.appeals.actor import actor_of
from opora.mailroom import rules
from opora.mailroom.errors import AlreadyCame, MailroomError
from opora.mailroom.models import Incoming
from opora.mailroom.services._paper import check_right, index, locked_incoming, next_number, save, tell
from opora.mailroom.words import EventKind, Numbered, Way

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SHOWN = 5
MOST_SHEETS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """What is written into the book. ``came_on`` None — today by the clock of the organisation."""

    sender: str
    came_on: date | None = None
    way: str = Way.POST
    sheets: int = 1
    outside_number: str = ""
    outside_on: date | None = None
    about: str = ""
    sender_address: str = ""
    track: str = ""


@transaction.atomic
def register(new: NewLetter, *, again: bool = False, by: Employee) -> Incoming:
    """Give a letter the next number of the organisation and the year; return its row.

    Raises AlreadyCame when a letter with the sender's number is there, unless ``again`` says that it is another one.
    """
    check_right(by)
    actor, now = actor_of(by), timezone.now()
    columns = _columns(new, actor.local(now).date())
    if not again and (former := duplicates(new.outside_number, by=by)):
        raise AlreadyCame(_told(former), field="outside_number")
    year = actor.local(now).year
    place = next_number(actor.organisation, Numbered.LETTER, year)
    letter = Incoming.objects.create(
        territory=actor.territory,
        organisation=actor.organisation,
        year=year,
        sequence=place,
        number=rules.number(actor.organisation.code, Numbered.LETTER, year, place),
        registered_at=now,
        registered_by=by,
        forget_at=rules.forget_incoming(now),
        **columns,
    )
    index(letter.pk)
    tell(letter, EventKind.REGISTERED, by=by)
    return letter


def duplicates(outside_number: str, *, by: Employee) -> list[Incoming]:
    """Return letters of her organisation with the same number of a sender, the newest first. One query by index."""
    key = rules.outside_key(outside_number)
    if not key:
        return []
    found = Incoming.objects.accessible_to(by).filter(outside_key=key, forgotten_at=None)
    return list(found.order_by("-registered_at", "-pk")[:SHOWN])


@transaction.atomic
def amend(incoming_id: UUID, new: NewLetter, *, version: int | None = None, by: Employee) -> Incoming:
    """Put right what was typed. The number and the moment of registration stay; the history names the fields."""
    letter = locked_incoming(incoming_id, by=by, version=version)
    columns = _columns(new, actor_of(by).local(timezone.now()).date())
    changed = {name: value for name, value in columns.items() if getattr(letter, name) != value}
    if changed:
        save(letter, **changed)
        index(letter.pk)
        tell(letter, EventKind.AMENDED, by=by, fields=sorted(changed))
    return letter


def _columns(new: NewLetter, today: date) -> dict[str, Any]:
    """Return the columns of what was typed. Raises MailroomError naming the field."""
    typed = asdict(new)
    came_on = typed.pop("came_on") or today
    sender = rules.line(typed.pop("sender"), 300)
    if not sender:
        raise MailroomError("Напишите, от кого письмо. Не указано — «без подписи».", field="sender")
    if came_on > today:
        raise MailroomError("Письмо не могло прийти в будущем.", field="came_on")
    if not 1 <= new.sheets <= MOST_SHEETS:
        raise MailroomError(f"Листов бывает от 1 до {MOST_SHEETS}.", field="sheets")
    if new.way not in Way.values:
        raise MailroomError("Выберите, как пришло письмо.", field="way")
    number = rules.track(new.track)
    if new.track.strip() and not number:
        raise MailroomError("Трек-номер — 14 цифр или 13 знаков вида RA123456789RU.", field="track")
    return {
        "came_on": came_on,
        "sender": sender,
        "way": new.way,
        "sheets": new.sheets,
        "outside_number": rules.line(new.outside_number, 60),
        "outside_key": rules.outside_key(new.outside_number),
        "outside_on": new.outside_on,
        "about": rules.line(new.about, 500),
        "sender_address": rules.line(new.sender_address, 500),
        "track": number,
    }


def _told(former: list[Incoming]) -> str:
    numbers = ", ".join(f"№ {one.number} от {one.came_on:%d.%m.%Y}" for one in former)
    return f"Письмо с таким номером отправителя уже есть: {numbers}. Если это другое, отметьте это и сохраните."
