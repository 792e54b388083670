"""A message comes in: stored once by the id of its sender, with its files, in the thread it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import file_kinds, store
from opora.appeals.errors import FileRefused
from opora.audit.services import uuid7
from opora.channels.words import State as Told
from opora.doors import codes, rules
from opora.doors.models import Door, Message, MessageFile, Thread
from opora.doors.services import deciding, delivering
from opora.doors.shapes import APPLICANT, ASKED, Attached, Incoming, Kind, Received
from opora.doors.words import Direction, Rule, State

FLOODED = "Пришло лавиной: за час писем больше, чем бывает. Сразу такие не регистрируются."
TOO_MANY = f"Файлов больше {rules.MOST_FILES}: этот не сохранён."


def receive(door: Door, incoming: Incoming) -> Received:
    """Store a message and return what it became; the same ``external_id`` again changes nothing.

    What it says is in the database before anything is decided: a rule that cannot be kept leaves the thread waiting
    for an employee, never unknown. Within a transaction of the caller it is committed with that.
    """
    tidy = rules.tidy(incoming)
    with enter(Scope.system("a message comes in by a door")):
        known = _known(door, tidy)
    if known is not None:
        return known
    files = _kept(tidy.files)
    with enter(Scope.system("a message comes in by a door")):
        received = _store(door, tidy, files)
    if received.is_new and received.thread is not None and not received.thread.is_decided:
        deciding.register_at_once(received.thread.pk)
        with enter(Scope.system("a message comes in by a door")):
            received.thread.refresh_from_db()
    return received


def _known(door: Door, incoming: Incoming) -> Received | None:
    found = Message.objects.select_related("thread").filter(door=door, external_id=incoming.external_id).first()
    if found is None:
        return None
    thread = found.thread
    return Received(found, thread, False, codes.code_of(thread.pk, thread.code_digest) if thread else "")


def _store(door: Door, incoming: Incoming, files: list[dict[str, Any]]) -> Received:
    from opora.doors import tasks  # who sends imports the services

    now = timezone.now()
    try:
        with transaction.atomic():
            thread, is_opened = _thread(door, incoming, now)
            message = _message(door, thread, incoming, now)
            MessageFile.objects.bulk_create(MessageFile(message=message, **file) for file in files)
            if thread is not None and incoming.kind == Kind.MESSAGE:
                _wake(thread, incoming, now, is_opened=is_opened)
                if not thread.is_flood:
                    tasks.tell.defer(organisation=door.organisation_id)
    except IntegrityError:  # another process has stored it in this moment
        known = _known(door, incoming)
        if known is None:
            raise
        return known
    if incoming.kind == Kind.BOUNCE and incoming.reply_to and thread is not None:
        _bounced(door, incoming, now)
    return Received(message, thread, True, codes.code_of(thread.pk) if thread else "")


def _thread(door: Door, incoming: Incoming, now: datetime) -> tuple[Thread | None, bool]:
    """Return the thread a message belongs to and whether it is opened by it; a machine opens none."""
    known = _answered(door, incoming)
    if known is not None:
        return known, False
    key = rules.known_as(str(incoming.meta["thread"]))[:200] if incoming.meta.get("thread") else ""
    if key and (known := Thread.objects.filter(door=door, key=key).first()) is not None:
        return known, False
    if incoming.kind != Kind.MESSAGE:
        return None, False
    return _open(door, incoming, key, now), True


def _answered(door: Door, incoming: Incoming) -> Thread | None:
    """Return the thread of the message of ours that this one answers.

    A person who writes from another address opens a thread of his own: whoever learned a number of a letter of ours
    does not step into another's talk. Machines answer from addresses of their own.
    """
    if not incoming.reply_to:
        return None
    threads = Thread.objects.filter(door=door)
    named = codes.read_token(incoming.reply_to)
    if named is not None:
        found = threads.filter(pk=named).first()
    else:
        ours = Message.objects.filter(door=door, external_id=incoming.reply_to, direction=Direction.OUT)
        found = threads.filter(pk__in=ours.values("thread")).first()
    if found is not None and incoming.kind == Kind.MESSAGE and found.correspondent != incoming.sender:
        return None
    return found


def _open(door: Door, incoming: Incoming, key: str, now: datetime) -> Thread:
    identity: UUID = uuid7()
    at = min(incoming.at or now, now)
    is_at_once = door.rule == Rule.APPEAL and incoming.appeal is None
    is_flood = incoming.appeal is None and _is_flood(door, incoming.sender, now)
    return Thread.objects.create(
        pk=identity,
        territory=door.organisation.territory_id,
        organisation_id=door.organisation_id,
        door=door,
        key=key,
        correspondent=incoming.sender,
        name=incoming.name,
        subject=incoming.subject,
        person=incoming.person,
        is_identified=incoming.identified,
        appeal=incoming.appeal,
        is_applicants=incoming.appeal is not None,
        wish=_wish(incoming),
        is_flood=is_flood,
        is_decided=is_flood or not is_at_once,
        undecided_why=FLOODED if is_flood and is_at_once else "",
        opened_at=now,
        last_at=at,
        waiting_since=now,
        code_digest=codes.digest_of(codes.code_of(identity)),
        forget_at=rules.forget_at(door.kind, State.WAITING, has_appeal=incoming.appeal is not None, last_at=now),
    )


def _is_flood(door: Door, sender: str, now: datetime) -> bool:
    """Tell whether more threads come by a door, or from one sender, than people write. Two bounded queries."""
    limit = rules.FLOODS.get(door.kind)
    if limit is None:
        return False
    opened = Thread.objects.filter(door=door, opened_at__gt=now - rules.FLOOD_WITHIN).order_by("-opened_at")
    his = opened.filter(correspondent=sender) if sender else opened.none()
    return his[: limit.of_sender].count() >= limit.of_sender or opened[: limit.of_door].count() >= limit.of_door


def _wish(incoming: Incoming) -> dict[str, Any]:
    wish: dict[str, Any] = {name: str(incoming.meta[name])[:64] for name in ASKED if incoming.meta.get(name)}
    if platform := incoming.meta.get("platform"):
        wish["platform"] = {str(name): str(value)[:300] for name, value in platform.items()}
    told = incoming.meta.get("applicant") or {}
    if applicant := {name: str(told[name])[:most] for name, most in APPLICANT.items() if told.get(name)}:
        if "birth_on" in applicant:
            date.fromisoformat(applicant["birth_on"])  # a door that asks for a day has read it: else it is its fault
        wish["applicant"] = applicant
    return wish


def _message(door: Door, thread: Thread | None, incoming: Incoming, now: datetime) -> Message:
    cut = rules.cut(incoming.text)
    return Message.objects.create(
        organisation_id=door.organisation_id,
        door=door,
        thread=thread,
        direction=Direction.IN,
        kind=incoming.kind,
        external_id=incoming.external_id,
        sender=incoming.sender,
        name=incoming.name,
        subject=incoming.subject,
        text=cut.text,
        note=cut.note or rules.line(str(incoming.meta.get("note", "")), 300),
        at=min(incoming.at or now, now),
        received_at=now,
        forget_at=None if thread else now + rules.OF_MACHINES,
    )


def _wake(thread: Thread, incoming: Incoming, now: datetime, *, is_opened: bool) -> None:
    """Put the thread where an employee sees it; who has taken it keeps it. What is known of the person is added."""
    at = min(incoming.at or now, now)
    known: dict[str, Any] = {}
    if incoming.person is not None and thread.person_id is None:
        known["person"] = incoming.person
    if incoming.identified and incoming.person is not None and thread.person_id in {None, incoming.person.pk}:
        known["is_identified"] = True
    if incoming.appeal is not None and thread.appeal_id is None:
        known |= {"appeal": incoming.appeal, "is_applicants": True}
    has_appeal = thread.appeal_id is not None or incoming.appeal is not None
    forget_at = rules.forget_at(thread.door.kind, State.WAITING, has_appeal=has_appeal, last_at=now)
    Thread.objects.filter(pk=thread.pk).update(
        state=Case(
            When(state=State.TAKEN, then=Value(State.TAKEN)), default=Value(State.WAITING), output_field=CharField()
        ),
        last_at=Greatest(F("last_at"), Value(at)),
        waiting_since=Coalesce(F("waiting_since"), Value(now)),
        closed_at=None,
        closed_why="",
        closed_by=None,
        flood_decision=None,
        forget_at=Greatest(F("forget_at"), Value(forget_at)),
        version=F("version") + (0 if is_opened else 1),
        **known,
    )
    thread.refresh_from_db()


def _bounced(door: Door, incoming: Incoming, now: datetime) -> None:
    """A letter of ours has come back."""
    ours = Message.objects.filter(door=door, direction=Direction.OUT, external_id=incoming.reply_to).first()
    if ours is not None:
        delivering.delivered(
            ours.pk, Told.UNDELIVERABLE, at=now, code=rules.line(str(incoming.meta.get("code", "")), 32)
        )


def _kept(files: Sequence[Attached]) -> list[dict[str, Any]]:
    """Lay the bytes of files down before their rows; one that may not be kept leaves its name and a sentence."""
    return [_keep(file, place) for place, file in enumerate(files)]


def _keep(file: Attached, place: int) -> dict[str, Any]:
    name = file_kinds.plain_name(file.name)
    if place >= rules.MOST_FILES:
        return {"name": name, "refused": TOO_MANY}
    if file.refused:
        return {"name": name, "refused": file.refused[:300]}
    try:
        name, media_type = file_kinds.check(file.name, file.content, limit=settings.FILE_LIMIT)
    except FileRefused as fault:
        return {"name": name, "refused": fault.sentence[:300]}
    return {"name": name, "media_type": media_type, "size": len(file.content), "sha256": store.keep(file.content)}
