"""Acts of the page of a message: who may do which at what stage, what each asks, its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.doors.words import Fate
from opora.feedback import forms, services
from opora.feedback.services.working import is_over
from opora.feedback.words import OPEN, WORKED, Stage
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.feedback.forms import MessageForm
    from opora.feedback.models import Errand, PosMessage
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Act:
    """One act. ``form`` None — a button; ``next_at`` are the stages whose next step it is."""

    code: str
    label: str
    icon: str
    key: str
    right: Right
    perform: Callable[..., Any]
    stages: tuple[Stage, ...]
    form: type[MessageForm] | None = None
    next_at: tuple[Stage, ...] = ()
    done: str = "Сделано."
    after_failure: bool | None = None  # True — only when the last errand failed, False — only when it did not

    @property
    def asks(self) -> bool:
        return self.form is not None


_WORK, _LEAD = Right.FEEDBACK_WORK, Right.FEEDBACK_APPROVE
ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(
            "prepare", "Подготовить ответ", "pencil", "A", _WORK, services.prepare, WORKED, forms.PrepareForm,
            (Stage.WORK,), "Ответ на утверждении.",
        ),
        Act("approve", "Утвердить и отправить", "check", "A", _LEAD, services.approve, (Stage.PREPARED,), None,
            (Stage.PREPARED,), "Ответ утверждён и отправляется."),
        Act("again", "Отправить ещё раз", "refresh", "A", _LEAD, services.send_again, OPEN, None,
            (Stage.APPROVED,), "Отправляем ещё раз.", after_failure=True),
        Act("assign", "Распределить", "user-check", "R", _LEAD, services.assign, WORKED, forms.AssignForm,
            (Stage.RECEIVED,), "Распределено."),
        Act("take", "Взять себе", "user", "T", _WORK, services.take, WORKED, None, (), "Сообщение ваше."),
        Act("return", "Вернуть на доработку", "arrow-back-up", "B", _LEAD, services.return_answer,
            (Stage.PREPARED, Stage.APPROVED), forms.ReturnForm, (), "Возвращено на доработку."),
        Act("extend", "Продлить срок", "clock", "E", _LEAD, services.extend, (*WORKED, Stage.PREPARED),
            forms.ExtendForm, (), "Просим Госуслуги продлить срок."),
        Act("redirect", "Перенаправить", "send", "O", _LEAD, services.redirect, WORKED, forms.RedirectForm, (),
            "Просим Госуслуги перенаправить сообщение."),
    )
}  # fmt: skip


def may(act: Act, message: PosMessage, errand: Errand | None, employee: Employee) -> bool:
    """Tell whether an act is offered; the service looks again."""
    if message.stage not in act.stages or not employee.holds(act.right) or not _is_hers(act, message, employee):
        return False
    if errand is not None and errand.state == Fate.SENDING:
        return False
    has_failed = errand is not None and errand.state == Fate.FAILED and not is_over(message, errand)
    if act.after_failure and not has_failed:
        return False
    if act.code == "take":
        return message.executor_id is None
    if act.code == "prepare" and message.executor_id not in {None, employee.pk}:
        return employee.holds(Right.APPEALS_REASSIGN)  # a colleague has it
    return act.code != "return" or message.stage == Stage.PREPARED or has_failed


def _is_hers(act: Act, message: PosMessage, employee: Employee) -> bool:
    """Who answers acts; the fund of the territory may give a message to somebody else at any time."""
    actor = actor_of(employee)
    is_fund = actor.organisation.kind == Organisation.Kind.FUND
    return actor.holder == message.handler_id or (act.code == "assign" and is_fund)


def allowed(message: PosMessage, errand: Errand | None, employee: Employee) -> list[tuple[Act, bool]]:
    """Return what she may do now, each with whether it is the next step."""
    found = [act for act in ACTS.values() if may(act, message, errand, employee)]
    return [(act, message.stage in act.next_at) for act in found]
