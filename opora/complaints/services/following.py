"""A case follows its appeal: opened with a complaint, handed on and taken up again with it, awaited by its days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from opora.appeals.actor import Actor, holder_id
from opora.appeals.models import Appeal
from opora.classifiers.words import Kind, Line
from opora.complaints import rules
from opora.complaints.models import Case, CaseEvent, RecordsRequest
from opora.complaints.rules import AWAITED
from opora.complaints.services._step import Step, facts_of_all, write
from opora.complaints.words import CaseEventKind, ControlState, RequestState
from opora.organisations.models import Organisation
from opora.shared.sql import question

NO_COMPLAINT = "Вид обращения исправили: это больше не жалоба."
AGAIN = "Обращение снова жалоба."
REOPENED = "Обращение возобновили в журнале."

_follow = question(Path(__file__).parents[1] / "sql", "follow")


def follow(appeals: Iterable[UUID], *, reopened: Mapping[UUID, datetime] | None = None) -> int:
    """Let cases follow their appeals; returns how many were touched.

    New complaints get theirs; a case goes to who answers for the appeal now, with all its rows; a case whose appeal is
    no complaint any more ends, and begins again when it is one; an ended case of an appeal that was ``reopened`` later
    than it ended is open again. Stage and day follow the answer: its term moves, it is given, the appeal is closed.
    Trusted work of the chainer, inside its transaction; safe to run twice.
    """
    ids, now = list(set(appeals)), timezone.now()
    rows = _follow(appeals=ids, now=now)
    _tell(rows, now)
    begun = _end(ids, now) + _begin_again(ids, now) + _take_up(reopened or {}, now)
    return len(rows) + begun + _fold(ids)


def _tell(rows: Collection[tuple[UUID, int | None, bool]], now: datetime) -> None:
    handlers = _handlers([appeal for appeal, _, _ in rows])
    names = _names({former for _, former, is_new in rows if former is not None and not is_new})
    events = []
    for appeal, former, is_new in rows:
        handler = handlers[appeal]
        whose = names.get(former, "фонд") if former is not None else "фонд"
        kind = CaseEventKind.OPENED if is_new else CaseEventKind.HANDED_ON
        text = "" if is_new else f"Было: {whose}. Стало: {handler.name}."
        details = {} if is_new else {"from": former, "to": handler.pk}
        events.append(CaseEvent(case_id=appeal, at=now, kind=kind, organisation=handler, text=text, details=details))
    CaseEvent.objects.bulk_create(events)


def _end(ids: list[UUID], now: datetime) -> int:
    """End open cases whose appeals are no complaints; clinics are not waited for any more."""
    cases = _locked(ids).filter(closed_at=None, withdrawn_at=None).exclude(appeal__kind=Kind.COMPLAINT)
    for case in (found := list(cases)):
        step = Step(case, _of_chainer(case.appeal.handler), now)
        RecordsRequest.objects.filter(case=case, state__in=AWAITED).update(
            state=RequestState.WITHDRAWN, settled_at=now, returned_why=NO_COMPLAINT
        )
        case.controls.filter(state=ControlState.ASSIGNED).update(state=ControlState.CANCELLED)
        step.set(closed_at=now, withdrawn_at=now)
        step.tell(CaseEventKind.NO_COMPLAINT, NO_COMPLAINT)
        write(step)
    return len(found)


def _begin_again(ids: list[UUID], now: datetime) -> int:
    cases = _locked(ids).filter(withdrawn_at__isnull=False, appeal__kind=Kind.COMPLAINT, appeal__closed_at=None)
    for case in (found := list(cases)):
        step = Step(case, _of_chainer(case.appeal.handler), now)
        step.set(closed_at=None, withdrawn_at=None)
        step.tell(CaseEventKind.REOPENED, AGAIN)
        write(step)
    return len(found)


def _take_up(reopened: Mapping[UUID, datetime], now: datetime) -> int:
    """Open ended cases of reopened appeals; one that was ended after that stays as it is."""
    if not reopened:
        return 0
    ended = _locked(list(reopened)).filter(closed_at__isnull=False, withdrawn_at=None, appeal__closed_at=None)
    for case in (found := [case for case in ended if case.closed_at and case.closed_at < reopened[case.pk]]):
        step = Step(case, _of_chainer(case.appeal.handler), now)
        step.set(closed_at=None)
        step.tell(CaseEventKind.REOPENED, REOPENED)
        write(step)
    return len(found)


def _fold(ids: list[UUID]) -> int:
    """Fold open cases anew. Their version stays: another day is nobody's words."""
    cases = list(_locked(ids).filter(closed_at=None))
    facts = facts_of_all(cases)
    moved = []
    for case in cases:
        folded = rules.stage(facts[case.pk]), rules.due(facts[case.pk])
        if folded != (case.stage, case.due_on):
            case.stage, case.due_on = folded
            moved.append(case)
    Case.objects.bulk_update(moved, ["stage", "due_on"], batch_size=500)
    return len(moved)


def _locked(ids: list[UUID]) -> QuerySet[Case]:
    rows = Case.objects.filter(pk__in=ids).select_related("appeal__handler__territory")
    return rows.select_for_update(of=("self",)).order_by("pk")


def _handlers(ids: list[UUID]) -> dict[UUID, Organisation]:
    if not ids:
        return {}
    return {appeal.pk: appeal.handler for appeal in Appeal.objects.filter(pk__in=ids).select_related("handler")}


def _names(ids: set[int]) -> dict[int | None, str]:
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _of_chainer(handler: Organisation) -> Actor:
    """Nobody in person: what happened is signed by who answers for the appeal."""
    return Actor(handler, holder_id(handler), None, "", Line.OTHER)
