"""What an employee does with a thread besides answering: takes it, names the person, links an appeal, closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opora.appeals.models import Appeal
from opora.audit.services import record
from opora.doors import rules
from opora.doors.errors import NoSuchAppeal, NotClosed, NotThisPerson, TakenByColleague, ThreadClosed, WordsNeeded
from opora.doors.models import Thread
from opora.doors.services._locked import locked
from opora.doors.words import State
from opora.insured.models import Person

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@transaction.atomic
def take(thread_id: UUID, *, by: Employee, over: bool = False, version: int | None = None) -> Thread:
    """Take a thread that waits. Raises TakenByColleague unless she takes it over knowingly, ThreadClosed."""
    found = locked(thread_id, by=by, version=version)
    if not found.is_open:
        raise ThreadClosed
    if found.state == State.TAKEN and found.owner_id != by.pk and not over:
        raise TakenByColleague
    now = timezone.now()
    return _changed(
        found,
        "take",
        by,
        state=State.TAKEN,
        owner=by,
        taken_at=now,
        waiting_since=found.waiting_since or now,
    )


@transaction.atomic
def name_person(thread_id: UUID, person_id: int, *, by: Employee, version: int | None = None) -> Thread:
    """Say who writes: one of the people she sees. It identifies nobody for the law. Raises NotThisPerson."""
    found = locked(thread_id, by=by, version=version)
    person = Person.objects.accessible_to(by).filter(pk=person_id).first()
    if person is None:
        raise NotThisPerson
    return _changed(found, "person", by, person=person, is_identified=False)


@transaction.atomic
def unname_person(thread_id: UUID, *, by: Employee, version: int | None = None) -> Thread:
    """Take a wrong name back."""
    return _changed(locked(thread_id, by=by, version=version), "person", by, person=None, is_identified=False)


@transaction.atomic
def link(thread_id: UUID, number: str, *, is_applicants: bool, by: Employee, version: int | None = None) -> Thread:
    """Tie a thread to an appeal she sees and say whether its applicant writes there. Raises NoSuchAppeal."""
    found = locked(thread_id, by=by, version=version)
    appeal = Appeal.objects.accessible_to(by).filter(number=number.strip()).first()
    if appeal is None:
        raise NoSuchAppeal
    return _registered(found, appeal, by, is_applicants=is_applicants)


def registered(thread: Thread, appeal: Appeal, *, by: Employee) -> Thread:
    """Tie a thread, under its lock, to the appeal that was registered from it: its writer is the applicant."""
    return _registered(thread, appeal, by, is_applicants=True)


@transaction.atomic
def close(thread_id: UUID, why: str, *, by: Employee, version: int | None = None) -> Thread:
    """Close a thread that is no appeal, with a reason. Raises WordsNeeded, ThreadClosed."""
    found = locked(thread_id, by=by, version=version)
    if not found.is_open:
        raise ThreadClosed("Переписка уже закрыта.")
    words = rules.line(why, 300)
    if not words:
        raise WordsNeeded("Напишите, почему это не обращение.")
    now = timezone.now()
    return _changed(
        found,
        "close",
        by,
        state=State.CLOSED,
        waiting_since=None,
        closed_at=now,
        closed_by=by,
        closed_why=words,
        forget_at=rules.forget_at(
            found.door.kind, State.CLOSED, has_appeal=found.appeal_id is not None, last_at=found.last_at
        ),
    )


@transaction.atomic
def reopen(thread_id: UUID, *, by: Employee, version: int | None = None) -> Thread:
    """Take a closed thread back to work. Raises NotClosed."""
    found = locked(thread_id, by=by, version=version)
    if found.is_open:
        raise NotClosed
    now = timezone.now()
    return _changed(
        found,
        "reopen",
        by,
        state=State.TAKEN,
        owner=by,
        taken_at=now,
        waiting_since=now,
        closed_at=None,
        closed_by=None,
        closed_why="",
        forget_at=rules.forget_at(found.door.kind, State.TAKEN, has_appeal=found.appeal_id is not None, last_at=now),
    )


def _registered(thread: Thread, appeal: Appeal, by: Employee, *, is_applicants: bool) -> Thread:
    return _changed(
        thread,
        "link",
        by,
        appeal=appeal,
        is_applicants=is_applicants,
        state=State.REGISTERED,
        owner=by,
        waiting_since=None,
        undecided_why="",
        is_decided=True,
        closed_at=None,
        closed_by=None,
        closed_why="",
        forget_at=rules.forget_at(thread.door.kind, State.REGISTERED, has_appeal=True, last_at=timezone.now()),
    )


def _changed(thread: Thread, what: str, by: Employee, **columns: Any) -> Thread:
    Thread.objects.filter(pk=thread.pk).update(**columns, is_flood=False, flood_decision=None, version=F("version") + 1)
    said = {name: columns[name] for name in ("is_applicants",) if name in columns}
    record(f"doors.{what}", ("doors.thread", str(thread.pk)), by=by, details=said)
    thread.refresh_from_db()
    return thread
