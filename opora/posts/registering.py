"""Envelopes that have arrived become appeals, or stay with the reason; nothing of them is thrown away.

An envelope goes in the transaction that writes its ``Record``: whoever dies in the middle has done nothing, and whoever
comes next does it once. One run at a time registers for the whole installation, with a rest after each record: the
appeals of a region that was without a network can wait a minute, a citizen on the line cannot.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import structlog
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.actor import Actor, actor_of
from opora.appeals.errors import NotComplete
from opora.appeals.intake import Closing, NewAppeal, NewParty
from opora.appeals.services import register_answered
from opora.appeals.words import PartyRole
from opora.audit.context import Context, come_from
from opora.channels.sealing import unseal as unlock
from opora.classifiers import queries as classifiers
from opora.classifiers.words import Channel, Kind, Outcome, Standing
from opora.insured.models import Person
from opora.organisations.models import Assignment
from opora.posts import envelopes
from opora.posts.errors import EnvelopeBroken
from opora.posts.models import Arrival, Record, Seal
from opora.shared.device_clock import reckon
from opora.shared.errors import DomainError
from opora.shared.names import NameNotUnderstood, clean_name, name_key

if TYPE_CHECKING:
    from opora.organisations.models import Employee

WHY = "envelopes of posts are registered"
PORTION = 8.0  # seconds of one run: a worker that is asked to end has fifteen
REST = 2.0  # seconds of rest for each second of work: desks share these processors
LULL = timedelta(seconds=3)  # without a new batch: while batches come in, taking them goes first
PATIENCE = timedelta(minutes=1)  # no envelope is passed over longer for those that come after it
LOOK = 100  # envelopes that are looked up at once
BURST = 20  # records of one run without a rest
AGAIN, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # after a fault of the program; doubled each time
OLDEST = timedelta(days=60)
ANOTHERS = "Номер этой записи уже занят. Проверьте, нет ли её в журнале, и оформите."
STRANGERS = (
    "Полис с таким номером у другого человека: фамилия, имя или дата рождения не те. Проверьте номер и оформите."
)
UNFIT = "В записи есть то, чего журнал не принимает."
LIMITS = {"surname": 100, "given_name": 100, "patronymic": 100, "enp": 16, "phone": 20}
LONGEST = 20_000  # characters of a text, as in the journal
KINDS = {Kind.CONSULTATION, Kind.COMPLAINT, Kind.APPLICATION}
RELATED = ("employee", "role", "organisation__territory")
LOCK = "hashtextextended('opora.posts.register', 0)"

log = structlog.get_logger(__name__)


class Known:
    """What a run has read already: a tablet sends twenty records at a time."""

    def __init__(self) -> None:
        self._senders: dict[int, Employee] = {}
        self._keys: dict[tuple[str, int | None, UUID], bytes] = {}

    def sender(self, assignment: int) -> Employee:
        """Return the employee under the assignment she sent it under, in force still or not."""
        if assignment not in self._senders:
            found = Assignment.objects.select_related(*RELATED).get(pk=assignment)
            self._senders[assignment] = found.employee
            found.employee.assignment = found
        return self._senders[assignment]

    def private(self, arrival: Arrival) -> bytes:
        """Return the key an envelope is sealed to, if the house of its sender sees it. Raises EnvelopeBroken."""
        place = (arrival.territory, arrival.insurer_id, arrival.seal)
        if place not in self._keys:
            row = Seal.objects.filter(pk=arrival.seal).first()
            if row is None:
                raise EnvelopeBroken
            self._keys[place] = base64.b64decode(unlock(row.private)["pair"])
        return self._keys[place]


def register_waiting(*, portion: float = PORTION, rest: float = REST) -> bool:
    """Register what waits, in the order of arrival, for ``portion`` seconds; ``rest`` is seconds for each one of work.

    Return whether something still waits that nobody is at.
    """
    with _alone() as is_mine:
        if not is_mine:
            return False
        known = Known()
        for place, pk in enumerate(_in_order(time.monotonic() + portion)):
            began = time.monotonic()
            settle(pk, known)
            if place >= BURST:
                time.sleep(min(rest * (time.monotonic() - began), 1))
    return bool(_due(1))


def settle(pk: int, known: Known) -> None:
    """Write the record of an envelope and let the envelope go, in one transaction; one that is gone is left alone.

    A fault of the program puts the envelope off and holds up no other. Raises when the database is away.
    """
    try:
        with enter(Scope.system(WHY)):
            arrival = Arrival.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            if arrival is None:
                return
            owner = Record.objects.filter(pk=arrival.key).values_list("territory", "insurer_id").first()
            if owner != (arrival.territory, arrival.insurer_id):  # else sent again while the first was being written
                by = known.sender(arrival.assignment_id)
                with enter(by.scope), come_from(Context(purpose=arrival.purpose)):
                    _write(arrival, by, known, is_anothers=owner is not None)
            arrival.delete()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # The edge of a portion: one envelope the program cannot cope with must not hold up those behind it.
        log.exception("posts.not_registered", arrival=pk)
        _put_off(pk)


def _in_order(until: float) -> Iterator[int]:
    """Yield envelopes in the order of arrival until none waits or the monotonic clock says ``until``."""
    while found := _due(LOOK):
        if len(found) == LOOK and _is_coming():
            if time.monotonic() + 1 >= until:
                return
            time.sleep(1)
            continue
        for pk in found:
            if time.monotonic() >= until:
                return
            yield pk


def _is_coming() -> bool:
    """Whether batches still come in, and the first of those that wait can wait a little longer."""
    with enter(Scope.system(WHY)):
        found = Arrival.objects.due().aggregate(first=Min("arrived_at"), latest=Max("arrived_at"))
    now = timezone.now()
    return bool(found["first"]) and found["first"] > now - PATIENCE and found["latest"] > now - LULL


def _due(most: int) -> list[int]:
    with enter(Scope.system(WHY)):
        return list(Arrival.objects.due().order_by("pk").values_list("pk", flat=True)[:most])


def _put_off(pk: int) -> None:
    with enter(Scope.system(WHY)):
        for arrival in Arrival.objects.filter(pk=pk).select_for_update():
            arrival.tries += 1
            arrival.next_at = timezone.now() + min(AGAIN * 2 ** min(arrival.tries, 10), LONGEST_WAIT)
            arrival.save(update_fields=["tries", "next_at"])


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other run is under way; the server takes the right back from a process that died."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({LOCK})")
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock({LOCK})")


def _write(arrival: Arrival, by: Employee, known: Known, *, is_anothers: bool) -> None:
    """Register what an envelope tells, or keep it with the reason. ``is_anothers``: another house has this key."""
    told: dict[str, Any] = {}
    try:
        told = envelopes.open_envelope(arrival.envelope, known.private(arrival))
        moment, at = _moments(told.get("at"), arrival)
    except EnvelopeBroken as fault:
        told = told or {"sealed": envelopes.written(arrival.envelope)}
        _keep(arrival, told, fault.sentence, is_anothers=is_anothers, by=by, at=arrival.arrived_at, device_at=None)
        return
    place: dict[str, Any] = {"by": by, "at": at, "device_at": moment}
    actor = actor_of(by)
    try:
        with transaction.atomic():
            if arrival.arrived_at - at > OLDEST:
                raise NotComplete(f"Запись от {actor.local(at):%d.%m.%Y}: старше {OLDEST.days} дней.")
            if is_anothers:
                raise NotComplete(ANOTHERS)
            done = register_answered(_appeal(told, actor, at, by), by=by)
            _row(arrival, arrival.key, **place, appeal_id=done.id, number=done.number)
    except DomainError as refusal:
        _keep(arrival, told, refusal.sentence, is_anothers=is_anothers, **place)
    except (DataError, IntegrityError):  # a sign or a number the database has no room for
        _keep(arrival, told, UNFIT, is_anothers=is_anothers, **place)


def _keep(arrival: Arrival, told: dict[str, Any], why: str, *, is_anothers: bool, **place: Any) -> None:
    """Keep what was typed with the reason; where another house has a record under this key, under one made of it."""
    key = uuid5(arrival.key, f"{arrival.territory}:{arrival.insurer_id}") if is_anothers else arrival.key
    if not (is_anothers and Record.objects.filter(pk=key).exists()):
        _row(arrival, key, **place, body=_storable(told), trouble=why[:500])


def _row(arrival: Arrival, key: UUID, *, by: Employee, **more: Any) -> None:
    Record.objects.create(
        key=key,
        territory=arrival.territory,
        insurer_id=arrival.insurer_id,
        post_id=arrival.post_id,
        employee=by,
        received_at=arrival.arrived_at,
        **more,
    )


def _moments(text: Any, arrival: Arrival) -> tuple[datetime, datetime]:
    """Return when it was by the clock of the tablet and by ours, reckoned at arrival. Raises EnvelopeBroken."""
    try:
        found = datetime.fromisoformat(str(text))
        if found.tzinfo is None:
            raise EnvelopeBroken
        moment = found.astimezone(UTC)
        return moment, reckon(moment, arrival.device_now, arrival.arrived_at).at
    except (ValueError, OverflowError) as fault:
        raise EnvelopeBroken from fault


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
    if not _is_he(found, given["surname"], given["given_name"], birth_on):
        raise NotComplete(STRANGERS)
    return NewParty.of_register(PartyRole.APPLICANT, found, phone=given["phone"])


def _is_he(person: Person, surname: str, given_name: str, birth_on: date | None) -> bool:
    """Tell whether what was typed beside a policy number is said of its holder; what was not typed says nothing."""
    surnames = {person.surname_key, *person.former_names.values_list("surname_key", flat=True)}
    return (
        (not surname or _key(surname) in surnames)
        and (not given_name or _key(given_name) == person.given_key)
        and birth_on in {None, person.birth_on}
    )


def _key(name: str) -> str:
    try:
        return name_key(clean_name(name))
    except NameNotUnderstood as fault:
        raise NotComplete("Имя записано неверно.") from fault


def _text(told: Mapping[str, Any], name: str, most: int) -> str:
    value = told.get(name, "")
    if not isinstance(value, str) or len(value) > most or value != _clean(value):
        raise NotComplete("Запись составлена не планшетом поста: поле не читается.")
    return value.strip()


def _storable(told: dict[str, Any]) -> dict[str, Any]:
    """What PostgreSQL keeps as JSON."""
    return {
        _clean(name)[:40]: {_clean(part): _clean(str(text)) for part, text in value.items()}
        if isinstance(value, dict)
        else _clean(value)[:LONGEST]
        if isinstance(value, str)
        else value
        for name, value in list(told.items())[:30]
        if isinstance(value, str | bool | dict)
    }


def _clean(text: str) -> str:
    """Drop what the database has no room for: zero signs and halves of signs."""
    return text.replace("\x00", "").encode(errors="ignore").decode()
