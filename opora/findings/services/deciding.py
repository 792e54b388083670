"""Decided, noted, closed, opened again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from opora.findings.errors import TooEarly, WrongDates
from opora.findings.models import Finding
from opora.findings.services._step import changing, words
from opora.findings.words import Decision, EventKind
from opora.organisations.models import Employee


def decide(
    finding_id: UUID,
    *,
    decision: str,
    ground: str,
    decided_on: date | None = None,
    by: Employee,
    version: int | None = None,
) -> Finding:
    """Decide whether the right of many was broken. «Нет нарушения» ends the finding.

    Raises WordsNeeded without a ground, WrongDates, TooEarly once the clinic was written to.
    """
    with changing(finding_id, "decide", by=by, version=version) as step:
        found = step.finding
        if found.letter_on:
            raise TooEarly("Письмо клинике уже ушло: решение больше не меняют.")
        on = decided_on or step.today
        if not found.since <= on <= step.today:
            raise WrongDates(f"Решение принимают с {found.since:%d.%m.%Y} по сегодняшний день.")
        text = words(ground, "Напишите основание решения.")
        step.set(decision=Decision(decision), ground=text, decided_on=on)
        step.tell(EventKind.DECIDED, text, decision=decision, on=on.isoformat())
        if decision == Decision.NONE:
            step.set(closed_at=step.now)
            step.tell(EventKind.CLOSED)
    return step.finding


def note(finding_id: UUID, *, text: str, by: Employee, version: int | None = None) -> Finding:
    with changing(finding_id, "note", by=by, version=version, closed=True) as step:
        step.tell(EventKind.NOTED, words(text, "Напишите заметку."))
    return step.finding


def close(finding_id: UUID, *, why: str = "", by: Employee, version: int | None = None) -> Finding:
    """End a finding. Raises TooEarly without a decision; WordsNeeded when nobody knows whether it stopped."""
    with changing(finding_id, "close", by=by, version=version) as step:
        if not step.finding.decision:
            raise TooEarly("Сначала решите, есть ли нарушение.")
        text = why.strip() if step.finding.trend else words(why, "Напишите, почему завершаете до проверки.")
        step.set(closed_at=step.now)
        step.tell(EventKind.CLOSED, text)
    return step.finding


def reopen(finding_id: UUID, *, why: str, by: Employee, version: int | None = None) -> Finding:
    with changing(finding_id, "reopen", by=by, version=version, closed=True) as step:
        if step.finding.is_open:
            raise TooEarly("Системное нарушение и так открыто.")
        step.set(closed_at=None)
        if step.finding.decision == Decision.NONE:
            step.set(decision="", ground="", decided_on=None)
        step.tell(EventKind.REOPENED, words(why, "Напишите, почему возобновляете."))
    return step.finding
