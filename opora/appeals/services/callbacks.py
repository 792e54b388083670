"""Promises to phone back: each has an owner and a moment, and stays open until it is kept or given up with words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from opora.appeals import places
from opora.appeals.errors import CallbackEnded, NotComplete, NotFound, NotYours
from opora.appeals.models import Callback
from opora.appeals.places import Target
from opora.appeals.rules import Command
from opora.appeals.services._change import By, Step, changing, words
from opora.appeals.words import CallbackState, EventKind

if TYPE_CHECKING:
    from opora.organisations.models import Employee

LATEST = timedelta(days=366)


def promise_callback(
    appeal_id: UUID,
    *,
    due_at: datetime,
    owner: Employee | None,
    phone: str = "",
    note: str = "",
    by: By,
    version: int | None = None,
) -> Callback:
    """Promise the citizen a call until ``due_at``; without an ``owner`` whoever of the organisation is free phones.

    Raises NotComplete, NoSuchPlace.
    """
    with changing(appeal_id, Command.PROMISE, by=by, version=version) as step:
        _check_moment(due_at, step.now)
        place = places.place_of(Target(owner=owner), step.appeal.handler) if owner else None
        promised = Callback.objects.create(
            appeal=step.appeal,
            organisation=step.actor.organisation,
            owner_id=place.owner if place else None,
            due_at=due_at,
            phone=phone.strip()[:20],
            note=note.strip()[:300],
            created_at=step.now,
            created_by_id=step.actor.employee,
        )
        step.tell(
            EventKind.CALLBACK_PROMISED,
            note.strip(),
            callback=promised.pk,
            due_at=due_at.isoformat(),
            callback_owner=promised.owner_id,
        )
    return promised


def complete_callback(callback_id: int, *, result: str, by: By, version: int | None = None) -> Callback:
    """Write down that the promise is kept and what was said. Raises CallbackEnded."""
    with _with_callback(callback_id, Command.CALL_DONE, by=by, version=version) as (step, promised):
        text = words(result, "Напишите, о чём поговорили.")
        promised.state, promised.done_at = CallbackState.DONE, step.now
        promised.attempts += 1
        promised.save(update_fields=["state", "done_at", "attempts"])
        step.tell(EventKind.CALLBACK_DONE, text, callback=promised.pk, attempts=promised.attempts)
    return promised


def miss_callback(
    callback_id: int, *, note: str, next_at: datetime | None = None, by: By, version: int | None = None
) -> Callback:
    """Count an attempt that reached nobody; the promise stays open and waits for ``next_at``.

    A moment that has passed asks for the next one: raises NotComplete. One still ahead may stay.
    """
    with _with_callback(callback_id, Command.CALL_MISSED, by=by, version=version) as (step, promised):
        if next_at is not None:
            _check_moment(next_at, step.now)
            promised.due_at = next_at
        elif promised.due_at <= step.now:
            raise NotComplete("Напишите, когда перезвоните в следующий раз.")
        promised.attempts += 1
        promised.save(update_fields=["due_at", "attempts"])
        step.tell(
            EventKind.CALLBACK_MISSED,
            note.strip(),
            callback=promised.pk,
            attempts=promised.attempts,
            due_at=promised.due_at.isoformat(),
        )
    return promised


@contextmanager
def _with_callback(
    callback_id: int, command: Command, *, by: By, version: int | None
) -> Iterator[tuple[Step, Callback]]:
    """Lock the appeal, then its promise; open only to the organisation that promised or that answers now."""
    appeal_id = Callback.objects.filter(pk=callback_id).values_list("appeal_id", flat=True).first()
    if appeal_id is None:
        raise NotFound("Такого обещания нет.")
    with changing(appeal_id, command, by=by, version=version) as step:
        promised = Callback.objects.select_for_update().get(pk=callback_id)
        ours = {step.actor.holder, step.actor.organisation.pk}
        if not ours & {promised.organisation_id, step.appeal.handler_id}:
            raise NotYours
        if promised.state != CallbackState.OPEN:
            raise CallbackEnded
        yield step, promised


def _check_moment(moment: datetime, now: datetime) -> None:
    if not now < moment <= now + LATEST:
        raise NotComplete("Выберите время звонка: позже этой минуты и не дальше года.")
