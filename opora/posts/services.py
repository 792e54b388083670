"""What a tablet tells: taken once, whenever it comes, in whatever order; nothing of it is thrown away."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from opora.appeals import drafts
from opora.appeals.actor import Actor, actor_of
from opora.appeals.errors import NotComplete
from opora.appeals.intake import Closing, NewAppeal, NewParty, register
from opora.appeals.words import PartyRole
from opora.audit.services import record as leave_line
from opora.audit.services import uuid7
from opora.channels.sealing import seal as lock
from opora.channels.sealing import unseal as unlock
from opora.classifiers import queries as classifiers
from opora.classifiers.words import Channel, Kind, Outcome, Standing
from opora.insured.models import Person
from opora.organisations.models import Post
from opora.posts import envelopes
from opora.posts.envelopes import Envelope
from opora.posts.errors import EnvelopeBroken, RecordSettled
from opora.posts.models import Record, Seal
from opora.shared.device_clock import reckon
from opora.shared.errors import DomainError

if TYPE_CHECKING:
    from opora.organisations.models import Employee

RENEWED = timedelta(days=90)  # a new pair is made then; the former ones open what comes late
OLDEST = timedelta(days=60)
ANOTHERS = "Такая запись уже есть у другой организации."
LIMITS = {"surname": 100, "given_name": 100, "patronymic": 100, "enp": 16, "phone": 20}
IN_INTAKE = ("kind", "topic", "text", "answer", "birth_on", *LIMITS)  # fields of intake by their names
LONGEST = 20_000  # characters of a text, as in the journal
KINDS = {Kind.CONSULTATION, Kind.COMPLAINT, Kind.APPLICATION}


@dataclass(frozen=True, slots=True)
class Taken:
    """``accepted`` with a number, ``kept`` with a sentence why somebody must look. Either way the tablet forgets it."""

    key: UUID
    state: str
    number: str = ""
    sentence: str = ""


def seal_of(employee: Employee) -> Seal:
    """Return the pair that her tablet seals to now, made when there is none or it is old."""
    scope = employee.scope
    newest = Seal.objects.within(scope).first()
    if newest is not None and timezone.now() - newest.made_at < RENEWED:
        return newest
    public, private = envelopes.make_pair()
    return Seal.objects.create(
        territory=actor_of(employee).territory,
        insurer_id=scope.insurer,
        public=public,
        private=lock({"pair": base64.b64encode(private).decode()}),
    )


def take(envelope: Envelope, *, post: Post | None, device_now: datetime, by: Employee) -> Taken:
    """Take one record: register what it tells, or keep it with the reason. The same key again is only answered.

    Raises nothing that one record causes: a batch of others comes behind it.
    """
    actor, now = actor_of(by), timezone.now()
    if former := Record.objects.filter(key=envelope.key).first():
        return _answer(former)
    told: dict[str, Any] = {}
    try:
        told = envelopes.open_envelope(envelope, _private(envelope.seal))
        moment = _moment(told.get("at"))
    except EnvelopeBroken as fault:
        told = told or {"sealed": envelopes.written(envelope)}
        return _kept(envelope.key, told, fault.sentence, at=now, device_at=None, post=post, by=by)
    clocks = reckon(moment, device_now, now)
    place: dict[str, Any] = {"at": clocks.at, "device_at": moment, "post": post, "by": by}
    try:
        with transaction.atomic():
            if now - clocks.at > OLDEST:
                raise NotComplete(f"Запись от {actor.local(clocks.at):%d.%m.%Y}: старше {OLDEST.days} дней.")
            done = register(_appeal(told, actor, clocks.at, by), by=by)
            row = _row(envelope.key, **place, appeal_id=done.id, number=done.number)
    except IntegrityError:
        former = Record.objects.filter(key=envelope.key).first()
        return _answer(former) if former else Taken(envelope.key, "kept", sentence=ANOTHERS)
    except DomainError as refusal:
        return _kept(envelope.key, told, refusal.sentence, **place)
    except DatabaseError:  # a sign or a number the database has no room for
        return _kept(envelope.key, told, "В записи есть то, чего журнал не принимает.", **place)
    return _answer(row)


@transaction.atomic
def into_draft(key: UUID, *, by: Employee) -> UUID:
    """Turn a record in trouble into a draft of intake; return its id. Raises RecordSettled."""
    row = _in_trouble(key, by)
    draft = uuid7()
    body = {name: [str(row.body[name])] for name in IN_INTAKE if row.body.get(name)}
    body["channel"] = [str(Channel.CLINIC_POST)]
    drafts.save(draft, body, step=1, by=by)
    _settle(row, by)
    return draft


@transaction.atomic
def put_aside(key: UUID, *, why: str, by: Employee) -> None:
    """Say that a record in trouble needs no appeal. Raises RecordSettled, NotComplete."""
    if not why.strip():
        raise NotComplete("Напишите, почему обращение не нужно.", field="why")
    row = _in_trouble(key, by)
    row.trouble = f"{row.trouble} Убрана: {why.strip()}"[:500]
    _settle(row, by)


def _in_trouble(key: UUID, by: Employee) -> Record:
    row = Record.objects.accessible_to(by).in_trouble().select_for_update().filter(key=key).first()
    if row is None:
        raise RecordSettled
    return row


def _settle(row: Record, by: Employee) -> None:
    row.body, row.settled_at, row.settled_by = {}, timezone.now(), by
    row.save(update_fields=["body", "trouble", "settled_at", "settled_by"])
    leave_line("posts.settle", ("posts.record", str(row.key)), by=by)


def _private(seal: UUID) -> bytes:
    row = Seal.objects.filter(pk=seal).first()
    if row is None:
        raise EnvelopeBroken
    return base64.b64decode(unlock(row.private)["pair"])


def _moment(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as fault:
        raise EnvelopeBroken from fault
    if found.tzinfo is None:
        raise EnvelopeBroken
    return found


def _appeal(told: Mapping[str, Any], actor: Actor, at: datetime, by: Employee) -> NewAppeal:
    """Read a record as the journal takes it. Raises NotComplete and whatever the classifier says of its topic."""
    kind = _text(told, "kind", 20)
    if kind not in KINDS:
        raise NotComplete("Вид обращения не указан.")
    topic = classifiers.topic_for(_text(told, "topic", 64), actor.territory, actor.local(at).date())
    text, answer = _text(told, "text", LONGEST), _text(told, "answer", LONGEST)
    party = _party(told, by)
    is_answered = told.get("answered") is True and kind == Kind.CONSULTATION
    if not is_answered and not text:
        raise NotComplete("Не записано, о чём говорил человек.")
    outcome = Closing(outcome=Outcome.CONSULTED, answer=answer, card=_text(told, "card", 64)) if is_answered else None
    return NewAppeal(
        kind=kind,
        topic=topic,
        channel=Channel.CLINIC_POST,
        standing=Standing.IDENTIFIED if party else Standing.ANONYMOUS,
        text=text,
        received_at=at,
        parties=[party] if party else (),
        closing=outcome,
    )


def _party(told: Mapping[str, Any], by: Employee) -> NewParty | None:
    given: dict[str, Any] = {name: _text(told, name, limit) for name, limit in LIMITS.items()}
    born = _text(told, "birth_on", 10)
    if not any(given.values()):
        return None
    try:
        birth_on = date.fromisoformat(born) if born else None
    except ValueError as fault:
        raise NotComplete("Дата рождения записана неверно.") from fault
    found = Person.objects.accessible_to(by).filter(enp=given["enp"]).first() if given["enp"] else None
    if found is None:
        return NewParty(role=PartyRole.APPLICANT, birth_on=birth_on, **given)
    return NewParty.of_register(PartyRole.APPLICANT, found, phone=given["phone"])


def _text(told: Mapping[str, Any], name: str, most: int) -> str:
    value = told.get(name, "")
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise NotComplete("Запись составлена не планшетом поста: поле не читается.")
    return value.strip()


def _row(key: UUID, *, by: Employee, post: Post | None, **more: Any) -> Record:
    territory, insurer = actor_of(by).territory, by.scope.insurer
    row = Record.objects.create(key=key, territory=territory, insurer_id=insurer, post=post, employee=by, **more)
    leave_line("posts.record", ("posts.record", str(key)), by=by)
    return row


def _kept(key: UUID, told: dict[str, Any], why: str, **place: Any) -> Taken:
    try:
        with transaction.atomic():
            return _answer(_row(key, **place, body=_storable(told), trouble=why[:500]))
    except IntegrityError:
        former = Record.objects.filter(key=key).first()
        return _answer(former) if former else Taken(key, "kept", sentence=ANOTHERS)


def _storable(told: dict[str, Any]) -> dict[str, Any]:
    """What PostgreSQL keeps as JSON: no zero signs."""
    return {
        str(name).replace("\x00", "")[:40]: value.replace("\x00", "")[:LONGEST] if isinstance(value, str) else value
        for name, value in list(told.items())[:30]
        if isinstance(value, str | bool | dict)
    }


def _answer(row: Record) -> Taken:
    if row.appeal_id:
        return Taken(row.key, "accepted", number=row.number)
    return Taken(row.key, "kept", sentence=row.trouble)
