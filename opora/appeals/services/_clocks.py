"""Clocks of a locked appeal: started, extended, paused, stopped. The row's ``due`` is the nearest running main one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Value, When

from opora.appeals import terms
from opora.appeals.actor import Actor
from opora.appeals.models import Appeal, Clock
from opora.appeals.terms import Planned
from opora.appeals.words import ClockState
from opora.deadlines.clock import Clock as Proof
from opora.deadlines.clock import Pause
from opora.deadlines.errors import NoSuchTerm

DOCUMENTS = "documents"


def running(appeal: Appeal) -> list[Clock]:
    return list(Clock.objects.filter(appeal=appeal, state=ClockState.RUNNING).order_by("due_at", "pk"))


def main_clock(appeal: Appeal) -> Clock:
    """Return the running clock of the answer that ends first; an open appeal has one."""
    return next(clock for clock in running(appeal) if clock.is_main)


def term_of_answer(appeal: Appeal) -> str:
    """Return the code of the term by which the citizen is answered; the track a platform has named stays."""
    code = terms.main_term(appeal.kind, appeal.form, appeal.channel)
    if code == terms.FEEDBACK:
        is_fast = Clock.objects.filter(appeal=appeal, is_main=True, term=terms.FEEDBACK_FAST).exists()
        return terms.FEEDBACK_FAST if is_fast else code
    return code


def due(appeal: Appeal) -> dict[str, Any]:
    """Return the columns of the row that follow the clocks."""
    clock = main_clock(appeal)
    return {"due_at": clock.due_at, "due_on": clock.due_on}


def start(appeal: Appeal, planned: Planned) -> Clock:
    """Write a clock that runs from now on."""
    return _create(appeal, planned, ClockState.RUNNING, None)


def judged(appeal: Appeal, planned: Planned, now: datetime) -> Clock:
    """Write a clock that ends in the act that needs it: kept or missed at once."""
    state = ClockState.KEPT if now <= planned.due_at else ClockState.MISSED
    return _create(appeal, planned, state, now)


def replace_main(appeal: Appeal, planned: Planned, now: datetime) -> None:
    """Let another term of the answer run instead: the appeal turned out to be of another kind."""
    old = Clock.objects.filter(appeal=appeal, state=ClockState.RUNNING, is_main=True)
    old.update(state=ClockState.STOPPED, stopped_at=now)
    start(appeal, planned)


def stop_all(appeal: Appeal, *, answered_at: datetime | None, now: datetime) -> None:
    """Stop what runs: the clocks of the answer are judged by when it was given, the others by now."""
    open_clocks = Clock.objects.filter(appeal=appeal, state=ClockState.RUNNING)
    open_clocks.filter(is_main=True).update(state=_judge(answered_at or now), stopped_at=now)
    open_clocks.update(state=_judge(now), stopped_at=now)


def stop(appeal: Appeal, term: str, now: datetime) -> None:
    found = Clock.objects.filter(appeal=appeal, term=term, state=ClockState.RUNNING)
    found.update(state=_judge(now), stopped_at=now)


def move(clock: Clock, zone: ZoneInfo, **inputs: Any) -> None:
    """Count a clock again with new inputs (extension, order_number, pauses) and save it."""
    for name, value in inputs.items():
        setattr(clock, name, value)
    proof = _recounted(clock, clock.extension)
    clock.due_on, clock.due_at = proof.due_on, terms.end_of(proof.due_on, zone)
    clock.warn_on = [day.isoformat() for day in proof.warn_on]
    clock.law_version, clock.calendar_version = proof.term.pack, proof.calendar
    clock.save()


def extended_to(clock: Clock, days: int) -> date:
    """Return the last day of a clock if it were extended by ``days`` more; nothing is saved."""
    return _recounted(clock, clock.extension + days).due_on


def pauses_of(clock: Clock) -> tuple[Pause, ...]:
    return terms.ended(clock.pauses)


def begin_wait(appeal: Appeal, why: str, now: datetime, actor: Actor) -> list[str]:
    """Start the clock of the request; pause those of the answer whose law lets them stand. Returns the paused terms."""
    with suppress(NoSuchTerm):  # a territory may not set one
        start(appeal, terms.plan(DOCUMENTS, now, appeal.territory_id, actor.zone))
    today = actor.local(now).date()
    paused = []
    for clock in running(appeal):
        if clock.is_main and terms.term_of(clock.term, clock.started_on, clock.territory).may_pause:
            clock.pauses = [*clock.pauses, [today.isoformat(), None, why]]
            clock.save(update_fields=["pauses"])
            paused.append(clock.term)
    return paused


def end_wait(appeal: Appeal, now: datetime, actor: Actor) -> dict[str, Any]:
    """Stop the clock of the request and let the paused ones run; returns the columns that follow."""
    stop(appeal, DOCUMENTS, now)
    today = actor.local(now).date()
    for clock in running(appeal):
        if clock.pauses and clock.pauses[-1][1] is None:
            since, _, why = clock.pauses[-1]
            move(clock, actor.zone, pauses=[*clock.pauses[:-1], [since, today.isoformat(), why]])
    return due(appeal) if appeal.closed_at is None else {}


def _create(appeal: Appeal, planned: Planned, state: ClockState, stopped_at: datetime | None) -> Clock:
    proof = planned.proof
    return Clock.objects.create(
        appeal=appeal,
        term=proof.term.code,
        title=proof.term.title,
        is_main=planned.is_main,
        started_at=planned.started_at,
        started_on=proof.started_on,
        due_on=proof.due_on,
        due_at=planned.due_at,
        warn_on=[day.isoformat() for day in proof.warn_on],
        law_version=proof.term.pack,
        calendar_version=proof.calendar,
        territory=appeal.territory_id,
        state=state,
        stopped_at=stopped_at,
    )


def _recounted(clock: Clock, extension: int) -> Proof:
    return terms.recount(clock.term, clock.started_on, clock.territory, extension=extension, pauses=pauses_of(clock))


def _judge(moment: datetime) -> Case:
    kept = When(due_at__gte=moment, then=Value(ClockState.KEPT))
    return Case(kept, default=Value(ClockState.MISSED))
