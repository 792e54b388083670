"""From a thread to the journal: intake opens with what the citizen wrote, and what is registered knows its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.appeals import drafts, store
from opora.appeals.models import Appeal, Draft
from opora.appeals.services import add_file
from opora.audit.services import uuid7
from opora.doors.errors import ThreadClosed
from opora.doors.models import MessageFile, Thread
from opora.doors.services._locked import locked
from opora.doors.services.handling import registered, take
from opora.doors.words import Direction, MessageKind
from opora.insured.models import Person
from opora.shared.errors import DomainError

if TYPE_CHECKING:
    from opora.organisations.models import Employee

LONGEST = 20_000  # of the field of intake


@transaction.atomic
def open_intake(thread_id: UUID, *, by: Employee, version: int | None = None) -> UUID:
    """Take the thread and put what the citizen wrote into a draft of hers; return the draft, the same one again.

    Raises ThreadClosed.
    """
    thread = locked(thread_id, by=by, version=version)
    if not thread.is_open:
        raise ThreadClosed
    if thread.draft is not None and _is_hers(thread.draft, by):
        return thread.draft
    draft = uuid7()
    drafts.save(draft, _typed(thread, by), step=1, by=by)
    take(thread.pk, by=by, over=True)
    Thread.objects.filter(pk=thread.pk).update(draft=draft)
    return draft


def follow_intake(draft: Draft, by: Employee) -> None:
    """A draft became an appeal: its thread is tied to it and its files go along. In the caller's transaction."""
    thread = Thread.objects.accessible_to(by).select_for_update(of=("self",)).filter(draft=draft.pk).first()
    if thread is None or draft.appeal_id is None:
        return
    registered(thread, Appeal.objects.get(pk=draft.appeal_id), by=by)
    carry_files(thread, draft.appeal_id, by=by)


def carry_files(thread: Thread, appeal_id: UUID, *, by: Employee) -> int:
    """Attach what the citizen sent to the appeal; return how many. One that cannot be is left in the thread."""
    carried = 0
    files = MessageFile.objects.filter(message__thread=thread, message__direction=Direction.IN).exclude(sha256="")
    for file in files:
        try:
            with transaction.atomic(), store.open_kept(file.sha256) as stream:
                add_file(appeal_id, name=file.name, content=stream.read(), by=by)
        except DomainError:
            continue
        carried += 1
    return carried


def _is_hers(draft: UUID, by: Employee) -> bool:
    return Draft.objects.filter(pk=draft, employee=by, appeal=None).exists()


def _typed(thread: Thread, by: Employee) -> dict[str, list[str]]:
    """Return the fields of intake as they would have been typed."""
    came = thread.messages.filter(direction=Direction.IN, kind=MessageKind.MESSAGE).order_by("received_at", "pk")
    first = came.first()
    text = "\n\n".join(came.values_list("text", flat=True))[:LONGEST]
    local = timezone.localtime(first.received_at if first else thread.opened_at)
    body = {"text": [text], "channel": [thread.door.channel], "received_at": [f"{local:%d.%m.%Y %H:%M}"]}
    if thread.person_id is not None and Person.objects.accessible_to(by).filter(pk=thread.person_id).exists():
        body["person"] = [str(thread.person_id)]
    elif thread.name:
        body["surname"] = [thread.name[:100]]
    if "@" in thread.correspondent:
        body["email"] = [thread.correspondent]
    return body | _told_of_himself(thread, with_name="person" not in body)


def _told_of_himself(thread: Thread, *, with_name: bool) -> dict[str, list[str]]:
    told = dict(thread.wish.get("applicant", {}))
    if told.get("birth_on"):
        told["birth_on"] = ".".join(reversed(told["birth_on"].split("-")))
    reach = ("phone", "email")
    return {name: [value] for name, value in told.items() if with_name or name in reach}
