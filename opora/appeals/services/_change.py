"""The one way a registered appeal changes: found, locked, allowed, changed beside its events, audited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals import rules
from opora.appeals.actor import Actor, actor_of
from opora.appeals.errors import ChangedMeanwhile, ColleaguesAppeal, NotFound, NotYours, WordsMissing
from opora.appeals.models import Appeal, Event
from opora.appeals.rules import Command
from opora.appeals.services import _clocks, _promises
from opora.appeals.words import Depth, EventKind, Stage
from opora.audit.services import record, uuid7
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee

type By = Employee | Any  # or a Caller of the API
ONE_TICK = timedelta(microseconds=1)


class Step:
    """One command on one locked appeal. ``set`` columns, ``tell`` what happened; leaving the block writes both.

    The first event told carries the new value of every column that events tell (``rules.FOLDED``).
    """

    def __init__(self, appeal: Appeal, actor: Actor, command: Command, now: datetime) -> None:
        self.appeal = appeal
        self.actor = actor
        self.command = command
        self.now = now
        self.before = Stage(appeal.stage)
        self.former = appeal.owner_id
        self.changed: dict[str, Any] = {}
        self.events: list[Event] = []

    def set(self, **columns: Any) -> None:
        """Change columns of the row; a value that stays the same is no change."""
        for name, value in columns.items():
            if getattr(self.appeal, name) != value:
                self.changed[name] = value
                setattr(self.appeal, name, value)

    def tell(self, kind: EventKind, text: str = "", *, depth: Depth | None = None, **details: Any) -> None:
        """Add an event; words make it as deep as the text of the appeal."""
        at = self.now + len(self.events) * ONE_TICK
        deep = depth if depth is not None else Depth.TEXT if text else Depth.STAGE
        self.events.append(event(self.appeal.pk, self.actor, kind, at=at, text=text, depth=deep, details=details))


@contextmanager
def changing(appeal_id: UUID, command: Command, *, by: By, version: int | None = None) -> Iterator[Step]:
    """Lock the appeal for one command in the caller's transaction; what the block sets and tells is written at its end.

    Raises RightMissing, NotFound, ChangedMeanwhile, NotYours, ColleaguesAppeal, and what ``rules.next_stage`` raises.
    """
    check_right(command, by)
    actor = actor_of(by)
    appeal = locked(appeal_id, command, by)
    if version is not None and appeal.version != version:
        raise ChangedMeanwhile
    check_place(appeal, command, actor, by)
    stage = rules.next_stage(command, appeal.stage)
    step = Step(appeal, actor, command, timezone.now())
    step.set(stage=stage)
    yield step
    _leave_waiting(step)
    _promises.follow(step)
    write([step])
    record(f"appeals.{command}", ("appeals.appeal", str(appeal.pk)), by=by)


def locked(appeal_id: UUID, command: Command, by: By) -> Appeal:
    """Return the appeal under its row lock. Raises NotFound when she does not see it deep enough."""
    seen = Appeal.objects.within(by.scope, rules.DEPTHS[command]).select_related("handler__territory")
    found = seen.select_for_update(of=("self",)).filter(pk=appeal_id).first()
    if found is None:
        raise NotFound
    return found


def check_right(command: Command, by: By) -> None:
    right = rules.RIGHTS[command]
    if not by.holds(right):
        raise RightMissing(right=right)


def check_place(appeal: Appeal, command: Command, actor: Actor, by: By) -> None:
    """Raises NotYours, ColleaguesAppeal."""
    if command in rules.BY_ANY_READER:
        return
    if appeal.handler_id != actor.holder:
        is_fund = actor.organisation.kind == Organisation.Kind.FUND
        if not (is_fund and command in rules.BY_THE_FUND and by.holds(Right.APPEALS_REASSIGN)):
            raise NotYours
        return
    own = appeal.owner_id is None or actor.employee is None or appeal.owner_id == actor.employee
    if command in rules.BY_THE_OWNER and not own and not by.holds(Right.APPEALS_REASSIGN):
        raise ColleaguesAppeal


def write(steps: list[Step]) -> None:
    """Write the rows and events of steps; each row is under its lock."""
    for step in steps:
        if not step.changed and not step.events:
            continue
        if step.events:
            step.events[0].details |= rules.told(step.changed)
        Appeal.objects.filter(pk=step.appeal.pk).update(**step.changed, version=F("version") + 1)
        step.appeal.version += 1
    Event.objects.bulk_create([event for step in steps for event in step.events])


def event(
    appeal: UUID,
    actor: Actor,
    kind: EventKind,
    *,
    at: datetime,
    text: str = "",
    depth: Depth = Depth.STAGE,
    details: dict[str, Any],
) -> Event:
    """Return an event not yet written."""
    return Event(
        at=at,
        id=uuid7(),
        appeal_id=appeal,
        territory=actor.territory,
        organisation_id=actor.organisation.pk,
        kind=kind,
        employee_id=actor.employee,
        employee_name=actor.name,
        line=actor.line,
        depth=depth,
        details=details,
        text=text,
    )


def words(text: str, sentence: str = "") -> str:
    """Return words that must be there, trimmed. Raises WordsMissing."""
    if not text.strip():
        raise WordsMissing(sentence or None)
    return text.strip()


def begin(step: Step) -> None:
    """Who works on an appeal from a queue has it from then on."""
    if step.appeal.owner_id is None and step.actor.employee is not None:
        step.set(owner_id=step.actor.employee)


def _leave_waiting(step: Step) -> None:
    if step.before is Stage.WAITING and step.appeal.stage != Stage.WAITING:
        step.set(**_clocks.end_wait(step.appeal, step.now, step.actor))
