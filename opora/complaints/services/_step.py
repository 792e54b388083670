"""The one way a case changes: found, locked, allowed, changed beside its events, folded again, audited."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Model, QuerySet
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals.actor import Actor, actor_of
from opora.appeals.models import Appeal, Reason
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.audit.services import record
from opora.complaints import rules
from opora.complaints.errors import CaseChanged, CaseClosed, NoSuchCase, NotYourCase, WordsNeeded
from opora.complaints.models import Case, CaseEvent, Claim, Control, RecordsRequest, Restoration
from opora.complaints.words import CaseEventKind
from opora.organisations.models import Employee, Organisation

FOLLOWING = Scope.system("a case follows what a clinic or the fund has done")


class Step:
    """One command on one locked case. ``set`` columns, ``tell`` what happened; leaving the block writes both."""

    def __init__(self, case: Case, actor: Actor, now: datetime) -> None:
        self.case = case
        self.actor = actor
        self.now = now
        self.changed: dict[str, Any] = {}
        self.events: list[CaseEvent] = []

    @property
    def today(self) -> date:
        return self.actor.local(self.now).date()

    def set(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self.case, name, value)
        self.changed |= columns

    def tell(self, event: CaseEventKind, text: str = "", **details: Any) -> None:
        self.events.append(
            CaseEvent(
                case=self.case,
                at=self.now,
                kind=event,
                organisation=self.actor.organisation,
                employee_id=self.actor.employee,
                employee_name=self.actor.name,
                text=text,
                details=details,
            )
        )


@contextmanager
def changing(
    appeal_id: UUID, verb: str, *, by: Employee, version: int | None = None, closed: bool = False
) -> Iterator[Step]:
    """Lock a case her organisation answers for; the row is folded and everything written at the end of the block.

    Raises RightMissing, NoSuchCase, NotYourCase, CaseClosed (unless ``closed`` is allowed), CaseChanged.
    """
    check_right(Right.COMPLAINTS_HANDLE, by)
    actor = actor_of(by)
    case = Case.objects.accessible_to(by).select_for_update(of=("self",)).filter(pk=appeal_id).first()
    if case is None:
        raise NoSuchCase
    if not is_hers(case, actor):
        raise NotYourCase
    if not case.is_open and not closed:
        raise CaseClosed
    if version is not None and case.version != version:
        raise CaseChanged
    step = Step(case, actor, timezone.now())
    yield step
    write(step)
    record(f"complaints.{verb}", ("complaints.case", str(case.pk)), by=by)


@contextmanager
def following(appeal_id: UUID, *, by: Employee) -> Iterator[Step]:
    """Let a case follow what a clinic or the fund has done to a row of it: they need not see the case."""
    actor = actor_of(by)
    with enter(FOLLOWING):
        case = Case.objects.select_for_update(of=("self",)).get(pk=appeal_id)
        step = Step(case, actor, timezone.now())
        yield step
        write(step)


def locked_in_turn[M: Model](rows: QuerySet[M], key: UUID, *, way: str = "case") -> M | None:
    """Lock a row for who need not see its case; None where the row is not hers. ``way`` leads to the case.

    The case comes first, as in ``changing``: two who lock a case and its rows never wait for each other in a ring.
    """
    case = rows.filter(pk=key).values_list(way, flat=True).first()
    if case is None:
        return None
    with enter(FOLLOWING):
        Case.objects.select_for_update(of=("self",)).only("pk").get(pk=case)
    return rows.select_for_update(of=("self",)).filter(pk=key).first()


def write(step: Step) -> None:
    """Fold the case and write it beside its events."""
    CaseEvent.objects.bulk_create(step.events)
    facts = facts_of(step.case)
    columns = step.changed | {"stage": rules.stage(facts), "due_on": rules.due(facts)}
    for name, value in columns.items():
        setattr(step.case, name, value)
    Case.objects.filter(pk=step.case.pk).update(**columns, version=F("version") + 1)
    step.case.version += 1


def facts_of(case: Case) -> rules.Facts:
    """Read what the fold needs; seven queries, or none for a closed case."""
    return facts_of_all([case])[case.pk]


def facts_of_all(cases: Sequence[Case]) -> dict[UUID, rules.Facts]:
    """Read what the fold needs of many cases; seven queries, or none where all are closed."""
    keys = [case.pk for case in cases if case.closed_at is None]
    if not keys:
        return {case.pk: rules.Facts(decision=case.decision, is_closed=True) for case in cases}
    requests = _grouped(RecordsRequest.objects.filter(case__in=keys).values_list("case", "state", "due_on"))
    checks = Control.objects.filter(case__in=keys).values_list("case", "state", "due_on", "repeats", "final_at")
    controls = _grouped(checks)
    claims = _grouped(Claim.objects.filter(control__case__in=keys).values_list("control__case", "decision", "due_on"))
    reasons = _grouped(Reason.objects.filter(appeal__in=keys).order_by("pk").values_list("appeal", "pk", "verdict"))
    restored = Counter(Restoration.objects.filter(case__in=keys).values_list("case", flat=True))
    told = CaseEvent.objects.filter(case__in=keys, kind=CaseEventKind.VERDICT).values_list("details__reason")
    decided = dict(told.annotate(last=Max("at")).order_by())
    appeals = Appeal.objects.filter(pk__in=keys).only("due_on", "closed_at", "answered_at", "outcome", "verdict")
    journal = appeals.in_bulk()
    return {
        case.pk: rules.Facts(
            decision=case.decision,
            is_closed=case.closed_at is not None,
            is_withdrawn=case.withdrawn_at is not None or _is_unanswered(journal.get(case.pk)),
            requests=requests[case.pk],
            controls=[(state, day) for state, day, _, _ in controls[case.pk]],
            claims=claims[case.pk],
            reasons=[reason for reason, _ in reasons[case.pk]],
            verdicts=[verdict for _, verdict in reasons[case.pk]] or _own_verdict(journal.get(case.pk)),
            restored=restored[case.pk],
            verdict_at=_decided_at([decided.get(reason) for reason, _ in reasons[case.pk]]),
            checked_at=max((end for _, _, first, end in controls[case.pk] if first is None and end), default=None),
            answer_by=_awaited(journal.get(case.pk)),
        )
        for case in cases
    }


def _is_unanswered(appeal: Appeal | None) -> bool:
    return appeal is not None and appeal.outcome in NO_ANSWER_NEEDED


def _own_verdict(appeal: Appeal | None) -> list[str]:
    return [appeal.verdict] if appeal is not None else []


def _awaited(appeal: Appeal | None) -> date | None:
    return appeal.due_on if appeal is not None and appeal.closed_at is None and appeal.answered_at is None else None


def _decided_at(moments: list[datetime | None]) -> datetime | None:
    """Return when the last look at each reason was had, the earliest of them; None where one was never decided here."""
    known = [moment for moment in moments if moment is not None]
    return min(known, default=None) if len(known) == len(moments) else None


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, list[tuple[Any, ...]]]:
    found: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *values in rows:
        found[key].append(tuple(values))
    return found


def is_hers(case: Case, actor: Actor) -> bool:
    """Whether her organisation answers for the case: its insurer, or the fund where no insurer does."""
    if case.insurer_id is not None:
        return case.insurer_id == actor.holder
    return actor.organisation.kind == Organisation.Kind.FUND and actor.territory == case.territory


def check_right(right: Right, by: Employee) -> None:
    if not by.holds(right):
        raise RightMissing(right=right)


def words(text: str, sentence: str, *, field: str = "") -> str:
    """Return words that must be there, trimmed. Raises WordsNeeded, which names the ``field`` of a form."""
    if not text.strip():
        raise WordsNeeded(sentence, field=field)
    return text.strip()
