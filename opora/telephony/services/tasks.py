"""People who wait for our call: a task appears by itself, has one owner, and goes when they were talked to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from opora.audit.services import record
from opora.shared.sql import question
from opora.shared.sql import text as statement
from opora.telephony import rules
from opora.telephony.errors import TaskClosed, TaskTaken
from opora.telephony.hours import opens
from opora.telephony.models import CallBack, Line
from opora.telephony.words import Result, TaskState, Why

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SQL = Path(__file__).parent.parent / "sql"

_to_call_back = question(SQL, "to_call_back")
_close_came = question(SQL, "close_came")


def follow(calls: list[int]) -> None:
    """Make, count and close tasks by the calls that have changed; part of ``take_in``. Run twice: nothing."""
    missed = _to_call_back(calls=calls)
    lines = Line.objects.select_related("organisation__territory")
    lines = lines.prefetch_related("organisation__working_hours", "days")
    places = lines.in_bulk({row.line_id for row in missed})
    CallBack.objects.bulk_create(
        [
            CallBack(
                organisation_id=row.organisation_id,
                line_id=row.line_id,
                call_id=row.id,
                caller=row.caller,
                why=Why.SECRETARY if row.result == Result.SECRETARY or row.voice else Why.MISSED,
                voice=row.voice,
                called_at=row.called_at,
                due_at=rules.due_at(opens(places[row.line_id], row.ended_at), row.ended_at),
            )
            for row in missed
        ],
        ignore_conflicts=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement(SQL / "count_missed.sql"), {"calls": calls})
    _close_came(calls=calls)


@transaction.atomic
def take_task(task_id: int, *, by: Employee) -> CallBack:
    """Become the owner. Raises TaskTaken, TaskClosed."""
    mine = CallBack.objects.accessible_to(by).open().filter(pk=task_id)
    if not mine.filter(owner=None).update(owner=by):
        task = _locked(task_id, by)
        if task.owner_id != by.pk:
            raise TaskTaken
        return task
    record("telephony.task.take", ("telephony.callback", str(task_id)), by=by)
    return mine.get()


@transaction.atomic
def called_back(task_id: int, *, by: Employee) -> CallBack:
    """The person was talked to. Raises TaskTaken, TaskClosed."""
    return _finish(task_id, TaskState.DONE, by)


@transaction.atomic
def give_up(task_id: int, *, by: Employee) -> CallBack:
    """Nobody answers. Raises TaskTaken, TaskClosed."""
    return _finish(task_id, TaskState.GIVEN_UP, by)


@transaction.atomic
def call_back_later(task_id: int, *, by: Employee) -> CallBack:
    """Nobody answered: again in two hours, the third time is the last. Raises TaskTaken, TaskClosed."""
    task = _owned(task_id, by)
    task.attempts += 1
    if task.attempts >= rules.MOST_ATTEMPTS:
        return _close(task, TaskState.GIVEN_UP, by)
    task.not_before = timezone.now() + rules.AGAIN
    task.due_at = max(task.due_at, task.not_before + timedelta(hours=1))
    task.save(update_fields=["attempts", "owner", "not_before", "due_at"])
    record("telephony.task.no_answer", task, by=by)
    return task


def _finish(task_id: int, state: TaskState, by: Employee) -> CallBack:
    task = _owned(task_id, by)
    task.attempts += 1
    return _close(task, state, by)


def _close(task: CallBack, state: TaskState, by: Employee) -> CallBack:
    task.state, task.done_at, task.done_by = state, timezone.now(), by
    task.save(update_fields=["attempts", "owner", "state", "done_at", "done_by"])
    record(f"telephony.task.{state}", task, by=by)
    return task


def _owned(task_id: int, by: Employee) -> CallBack:
    task = _locked(task_id, by)
    if task.owner_id not in (None, by.pk):
        raise TaskTaken
    task.owner = by
    return task


def _locked(task_id: int, by: Employee) -> CallBack:
    """Raises TaskClosed also for a task of another organisation: the view has answered 404 before."""
    task = CallBack.objects.accessible_to(by).open().select_for_update().filter(pk=task_id).first()
    if task is None:
        raise TaskClosed
    return task
