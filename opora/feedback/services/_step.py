"""The one way a message changes: found among hers, under its lock, as she saw it; each change beside its step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal
from opora.audit.services import record
from opora.feedback.errors import MessageChanged, NoSuchMessage, NotNow
from opora.feedback.models import PosMessage, Step
from opora.feedback.words import Stage, StepKind
from opora.organisations.models import Employee

_WITH = ("handler__territory", "organisation", "appeal", "executor")  # not the door: who answers may not see it


def hers(
    message_id: UUID, right: Right, *, by: Employee, version: int | None = None, stages: tuple[Stage, ...]
) -> PosMessage:
    """Return a message under its lock. Raises RightMissing, NoSuchMessage, MessageChanged, NotNow."""
    if not by.holds(right):
        raise RightMissing(right=right)
    rows = PosMessage.objects.accessible_to(by).select_related(*_WITH).select_for_update(of=("self",))
    found: PosMessage | None = rows.filter(pk=message_id).first()
    if found is None:
        raise NoSuchMessage
    if version is not None and found.version != version:
        raise MessageChanged
    if found.stage not in stages:
        raise NotNow(f"Сообщение на этапе «{found.get_stage_display()}»: так с ним поступить нельзя.")
    return found


def locked(message_id: UUID) -> PosMessage:
    """Return a message under its lock, for the program itself."""
    found: PosMessage = PosMessage.objects.select_related(*_WITH).select_for_update(of=("self",)).get(pk=message_id)
    return found


def tell(
    message: PosMessage,
    kind: StepKind,
    *,
    by: Employee | None = None,
    who: str = "",
    text: str = "",
    change: str = "",
    **details: Any,
) -> Step:
    """Write down what happened; by an employee it also leaves a line of the audit."""
    step: Step = Step.objects.create(
        message=message,
        kind=kind,
        by=by,
        who=(by.full_name if by else who)[:300],
        text=text,
        details=details,
        change=change,
    )
    if by is not None:
        record(f"feedback.{kind}", ("feedback.message", str(message.pk)), by=by)
    return step


def changed(message: PosMessage, **columns: Any) -> PosMessage:
    """Write columns of a locked message, and what its appeal says of its place and its term."""
    with enter(Scope.system("a message goes where its appeal has gone, perhaps out of her sight")):
        appeal = Appeal.objects.values("handler_id", "owner_id", "due_at").get(pk=message.appeal_id)
        columns = {"handler_id": appeal["handler_id"], "executor_id": appeal["owner_id"], **columns}
        if appeal["due_at"] is not None:
            columns["due_at"] = appeal["due_at"]
        PosMessage.objects.filter(pk=message.pk).update(**columns, version=F("version") + 1)
    for name, value in columns.items():
        setattr(message, name, value)
    message.version += 1
    return message
