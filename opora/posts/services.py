"""Keys tablets seal to, and records that wait for a person: a draft of intake, or put aside with a reason."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.appeals import drafts
from opora.appeals.actor import actor_of
from opora.appeals.errors import NotComplete
from opora.audit.services import record as leave_line
from opora.audit.services import uuid7
from opora.channels.sealing import seal as lock
from opora.classifiers.words import Channel
from opora.posts import envelopes
from opora.posts.errors import RecordSettled
from opora.posts.models import Record, Seal
from opora.posts.registering import LIMITS

if TYPE_CHECKING:
    from opora.organisations.models import Employee

RENEWED = timedelta(days=90)  # a new pair is made then; the former ones open what comes late
IN_INTAKE = ("kind", "topic", "text", "answer", "birth_on", *LIMITS)  # fields of intake by their names


def seal_of(employee: Employee) -> Seal:
    """Return the pair that her tablet seals to now, made when there is none or it is old.

    That of her own house: a fund sees those of its insurers as well.
    """
    scope, territory = employee.scope, actor_of(employee).territory
    newest = Seal.objects.within(scope).filter(territory=territory, insurer=scope.insurer).first()
    if newest is not None and timezone.now() - newest.made_at < RENEWED:
        return newest
    public, private = envelopes.make_pair()
    return Seal.objects.create(
        territory=territory,
        insurer_id=scope.insurer,
        public=public,
        private=lock({"pair": base64.b64encode(private).decode()}),
    )


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
