"""Where a case stands and what it waits for, folded from what has been done. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from opora.classifiers.words import Verdict
from opora.complaints.words import CaseStage, ControlState, Decision, RequestState

JUSTIFIED = frozenset({Verdict.JUSTIFIED, Verdict.PRETRIAL, Verdict.COURT})
AWAITED = frozenset({RequestState.ASKED, RequestState.RETURNED})
WITH_CLINIC = frozenset({ControlState.HANDED, ControlState.DISPUTED})
WITH_EXPERT = frozenset({ControlState.ASSIGNED, ControlState.ACT, ControlState.SIGNED})

NEVER = date(9999, 12, 31)  # nothing is awaited; pages of lists want an order without NULLs


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case: states with the days they are awaited by, verdicts of its reasons.

    ``is_withdrawn`` — the appeal is no complaint any more, or it was closed without an answer. ``verdicts`` are those
    of ``reasons``; a complaint without reasons has the one it was closed with. ``verdict_at`` is when the case had
    decided each of its reasons, None — not all of them: a verdict set from elsewhere was not decided here.
    ``checked_at`` is the end of its last check (a second look of the fund aside: it answers a claim, and the insurer is
    free to leave its verdict).
    """

    decision: str = ""
    is_closed: bool = False
    is_withdrawn: bool = False
    requests: list[tuple[str, date]] = field(default_factory=list)
    controls: list[tuple[str, date | None]] = field(default_factory=list)
    claims: list[tuple[str, date]] = field(default_factory=list)
    reasons: list[int] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    restored: int = 0
    verdict_at: datetime | None = None
    checked_at: datetime | None = None
    answer_by: date | None = None


def stage(facts: Facts) -> CaseStage:
    """Return what the case waits for.

    >>> stage(Facts()), stage(Facts(decision="not_needed", verdicts=[""]))
    (CaseStage.OPENED, CaseStage.VERDICT)
    """
    if facts.is_closed:
        return CaseStage.CLOSED
    if any(not decision for decision, _ in facts.claims):
        return CaseStage.CLAIM
    if facts.is_withdrawn:
        return CaseStage.READY
    if not facts.decision:
        return CaseStage.OPENED
    states = {state for state, _ in facts.controls} - {ControlState.CANCELLED}
    if states & WITH_CLINIC:
        return CaseStage.WITH_CLINIC
    if states & WITH_EXPERT:
        return CaseStage.CONTROL
    if unfinished := _documents(facts, done=bool(states)):
        return unfinished
    if not facts.verdicts or not all(facts.verdicts) or is_outdated(facts):
        return CaseStage.VERDICT
    if not facts.restored and any(verdict in JUSTIFIED for verdict in facts.verdicts):
        return CaseStage.RESTORING
    return CaseStage.READY


def is_outdated(facts: Facts) -> bool:
    """Whether a check has ended after the verdicts, which therefore know nothing of it.

    >>> told = {"reasons": [1], "verdicts": ["unjustified"], "checked_at": datetime(2026, 3, 5)}
    >>> is_outdated(Facts(**told, verdict_at=datetime(2026, 3, 2))), is_outdated(Facts(**told))
    (True, True)
    """
    if facts.checked_at is None or not facts.reasons or not all(facts.verdicts):
        return False
    return facts.verdict_at is None or facts.checked_at > facts.verdict_at


def due(facts: Facts) -> date:
    """Return the nearest day something is awaited by; the day of the answer where nothing else is."""
    if facts.is_closed:
        return NEVER
    awaited = [day for state, day in facts.requests if state in AWAITED]
    awaited += [day for state, day in facts.controls if state in WITH_CLINIC and day]
    awaited += [day for decision, day in facts.claims if not decision]
    awaited += [facts.answer_by] if facts.answer_by else []
    return min(awaited, default=NEVER)


def _documents(facts: Facts, *, done: bool) -> CaseStage | None:
    """Return what is missing before somebody can be asked to check."""
    if done or facts.decision != Decision.NEEDED:
        return None
    states = {state for state, _ in facts.requests} - {RequestState.WITHDRAWN}
    return CaseStage.CONTROL if states == {RequestState.ACCEPTED} else CaseStage.RECORDS
