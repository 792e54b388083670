"""We answer: the words are stored with their delivery in one transaction, a worker carries them away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opora.appeals import file_kinds, store
from opora.appeals.models import File
from opora.audit.services import record, uuid7
from opora.doors import making, ports, rules
from opora.doors.errors import NoWayBack, TextTooLong, WordsNeeded
from opora.doors.models import Delivery, Message, MessageFile, Thread
from opora.doors.services._locked import locked
from opora.doors.shapes import Attached
from opora.doors.words import Direction, MessageKind, State

if TYPE_CHECKING:
    from opora.organisations.models import Employee

LONGEST = 20_000


@transaction.atomic
def reply(
    thread: Thread, text: str, *, by: Employee, files: Sequence[Attached] = (), version: int | None = None
) -> Message:
    """Answer by the citizen's own door. Raises WordsNeeded, TextTooLong, FileRefused, ThreadChanged, NoWayBack.

    The message is in the database with its delivery before anybody is called; ``delivered`` says what became of it.
    """
    found = locked(thread.pk, by=by, version=version)
    now = timezone.now()
    message = say(found, text, by=by, files=files, now=now)
    state = State.REGISTERED if found.appeal_id else State.ANSWERED
    Thread.objects.filter(pk=found.pk).update(
        state=state,
        owner=by,
        is_flood=False,
        flood_decision=None,
        waiting_since=None,
        last_at=now,
        closed_at=None,
        closed_why="",
        closed_by=None,
        forget_at=rules.forget_at(found.door.kind, state, has_appeal=found.appeal_id is not None, last_at=now),
        version=F("version") + 1,
    )
    record("doors.reply", ("doors.thread", str(found.pk)), by=by, details={"door": found.door_id})
    return message


def say(
    thread: Thread,
    text: str,
    *,
    by: Employee | None = None,
    files: Sequence[Attached] = (),
    enclosed: Sequence[File] = (),
    now: datetime | None = None,
    identity: UUID | None = None,
) -> Message:
    """Write a message of ours into a thread, by an employee or (None) by the program itself: then it is an auto-reply.

    In the caller's transaction; the state of the thread stays as it is. ``enclosed`` are files
    of an appeal. ``identity`` is the key of what it says, where that may be said once only.
    """
    words = rules.clean(text).strip()
    if not words:
        raise WordsNeeded("Напишите ответ.")
    if len(words) > LONGEST:
        raise TextTooLong
    if making.maker_of(thread.door.kind) is not None:
        raise NoWayBack("Через эту дверь отвечают в её собственном разделе.")
    if not thread.door.is_active or not thread.correspondent:
        raise NoWayBack
    kept = [_kept(file) for file in files] + [_as_row(file) for file in enclosed]
    now = now or timezone.now()
    identity = identity or uuid7()
    message = Message.objects.create(
        pk=identity,
        organisation_id=thread.organisation_id,
        door=thread.door,
        thread=thread,
        direction=Direction.OUT,
        kind=MessageKind.MESSAGE if by else MessageKind.AUTO_REPLY,
        external_id=ports.our_id(thread.door, identity),
        subject=thread.subject,
        text=words,
        at=now,
        received_at=now,
        by=by,
    )
    MessageFile.objects.bulk_create(MessageFile(message=message, **file) for file in kept)
    Delivery.objects.create(message=message, organisation_id=thread.organisation_id, next_at=now)
    from opora.doors import tasks  # who sends imports the services

    tasks.deliver.defer(message_id=str(identity))
    return message


def _as_row(file: File) -> dict[str, Any]:
    """The bytes lie where those of messages lie."""
    return {"name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256}


def _kept(file: Attached) -> dict[str, Any]:
    name, media_type = file_kinds.check(file.name, file.content, limit=settings.FILE_LIMIT)
    return {"name": name, "media_type": media_type, "size": len(file.content), "sha256": store.keep(file.content)}
