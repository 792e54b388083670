"""Closing and reopening. Nothing leaves control before an outcome and, where the law wants one, an answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from opora.appeals import judging, places, rules, terms
from opora.appeals.errors import NoAnswer, NotComplete, NoVerdict, OpenCallback
from opora.appeals.models import Appeal, Callback, Reason
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.appeals.rules import Command
from opora.appeals.services import _clocks as clocks
from opora.appeals.services._change import By, Step, changing, words
from opora.appeals.words import CallbackState, EventKind, Stage
from opora.classifiers.words import Kind, Line, Outcome, Verdict


def close(
    appeal_id: UUID,
    *,
    outcome: str,
    verdict: str = "",
    why: str = "",
    callbacks_why: str = "",
    by: By,
    version: int | None = None,
) -> Appeal:
    """Close an appeal: all clocks stop, kept or missed. ``callbacks_why`` gives up promises to phone back, in words.

    ``why`` is how a withdrawn appeal was withdrawn, to whom a call with a complaint went; else it may be empty.
    Raises NoAnswer, NoVerdict, NotDecided, NotForwarded, NotACall, WordsMissing, OpenCallback.
    """
    with changing(appeal_id, Command.CLOSE, by=by, version=version) as step:
        appeal = step.appeal
        _check(appeal, outcome, verdict, why)
        judging.check(appeal, outcome, verdict)
        given_up = _give_up_callbacks(step, callbacks_why)
        if step.before is Stage.WAITING:
            clocks.end_wait(appeal, step.now, step.actor)
        clocks.stop_all(appeal, answered_at=appeal.answered_at, now=step.now)
        if verdict:
            Reason.objects.filter(appeal=appeal, verdict="").update(verdict=verdict)
        step.set(closed_at=step.now, outcome=str(outcome), verdict=str(verdict))
        details: dict[str, Any] = {"callbacks_given_up": given_up} if given_up else {}
        said = [why.strip(), callbacks_why.strip() if given_up else ""]
        step.tell(EventKind.CLOSED, "\n".join(filter(None, said)), **details)
    return step.appeal


def reopen(appeal_id: UUID, *, why: str, by: By, version: int | None = None) -> Appeal:
    """Take a closed appeal back under control: a new clock of the answer starts, the former answers stay as history.

    It returns to its owner if she still works there, else to the queue of its line.
    """
    with changing(appeal_id, Command.REOPEN, by=by, version=version) as step:
        appeal, actor = step.appeal, step.actor
        text = words(why, "Напишите, почему возобновляете обращение.")
        code = clocks.term_of_answer(appeal)
        clocks.start(appeal, terms.plan(code, step.now, appeal.territory_id, appeal.handler.zone, is_main=True))
        place = places.back_to(appeal.handler, Line(appeal.line), appeal.owner_id)
        former: dict[str, Any] = {"former_outcome": appeal.outcome, "former_verdict": appeal.verdict}
        step.set(
            **clocks.due(appeal),
            closed_at=None,
            outcome="",
            verdict="",
            answered_at=None,
            interim_answered_at=None,
            outside="",
            outside_at=None,
            owner_id=place.owner,
            stage=rules.placed(place.owner),
        )
        step.tell(EventKind.REOPENED, text, reopened_by=actor.employee, **former)
    return step.appeal


def _check(appeal: Appeal, outcome: str, verdict: str, why: str) -> None:
    if outcome not in Outcome.values:
        raise NotComplete("Укажите исход, чтобы закрыть обращение.")
    if verdict and verdict not in Verdict.values:
        raise NoVerdict
    if verdict and appeal.kind != Kind.COMPLAINT:
        raise NotComplete("Решение об обоснованности принимают только по жалобе.")
    rules.check_outcome(
        outcome,
        kind=appeal.kind,
        channel=appeal.channel,
        form=appeal.form,
        is_outside=bool(appeal.outside),
        why=why,
    )
    if outcome in NO_ANSWER_NEEDED:
        return
    if appeal.kind == Kind.COMPLAINT and not verdict:
        raise NoVerdict
    if appeal.needs_answer and appeal.answered_at is None:
        raise NoAnswer


def _give_up_callbacks(step: Step, why: str) -> int:
    promised = Callback.objects.filter(appeal=step.appeal, state=CallbackState.OPEN)
    if not why.strip() and promised.exists():
        raise OpenCallback
    return promised.update(state=CallbackState.CANCELLED, done_at=step.now)
