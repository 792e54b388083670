"""The one way a finding changes: found, locked, allowed, changed beside its events, folded again, audited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals.actor import Actor, actor_of
from opora.audit.services import record
from opora.findings import rules
from opora.findings.errors import FindingChanged, FindingClosed, NoSuchFinding, NotYours, WordsNeeded
from opora.findings.models import Finding, FindingEvent
from opora.findings.words import EventKind
from opora.organisations.models import Employee, Organisation


class Step:
    """One command on one locked finding. ``actor`` None — the program itself."""

    def __init__(self, finding: Finding, actor: Actor | None, now: datetime) -> None:
        self.finding = finding
        self.actor = actor
        self.now = now
        self.changed: dict[str, Any] = {}
        self.events: list[FindingEvent] = []

    @property
    def today(self) -> date:
        return self.actor.local(self.now).date() if self.actor else timezone.localdate(self.now)

    def set(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self.finding, name, value)
        self.changed |= columns

    def tell(self, kind: EventKind, text: str = "", **details: Any) -> None:
        actor = self.actor
        self.events.append(
            FindingEvent(
                finding=self.finding,
                at=self.now,
                kind=kind,
                organisation=actor.organisation if actor else None,
                employee_id=actor.employee if actor else None,
                employee_name=actor.name if actor else "",
                text=text,
                details=details,
            )
        )


@contextmanager
def changing(
    finding_id: UUID, verb: str, *, by: Employee, version: int | None = None, closed: bool = False
) -> Iterator[Step]:
    """Lock a finding of her organisation; columns and events are written at the end of the block.

    Raises RightMissing, NoSuchFinding, NotYours, FindingClosed (unless ``closed`` is allowed), FindingChanged.
    """
    check_right(by)
    actor = actor_of(by)
    found = Finding.objects.accessible_to(by).select_for_update(of=("self",)).filter(pk=finding_id).first()
    if found is None:
        raise NoSuchFinding
    if not is_hers(found, actor):
        raise NotYours
    if not found.is_open and not closed:
        raise FindingClosed
    if version is not None and found.version != version:
        raise FindingChanged
    step = Step(found, actor, timezone.now())
    yield step
    write(step)
    record(f"findings.{verb}", ("findings.finding", str(found.pk)), by=by)


def write(step: Step) -> None:
    """Fold the stage and write the row beside its events."""
    found = step.finding
    step.set(
        stage=rules.stage(
            decision=found.decision,
            letter_on=found.letter_on,
            replied_on=found.replied_on,
            measures_on=found.measures_on,
            is_closed=found.closed_at is not None,
        )
    )
    FindingEvent.objects.bulk_create(step.events)
    Finding.objects.filter(pk=found.pk).update(**step.changed, version=F("version") + 1)
    found.version += 1


def check_right(by: Employee) -> None:
    if not by.holds(Right.FINDINGS_DECIDE):
        raise RightMissing(right=Right.FINDINGS_DECIDE)


def is_hers(finding: Finding, actor: Actor) -> bool:
    """Whether her organisation keeps the finding: its insurer, or the fund where no insurer does."""
    if finding.insurer_id is not None:
        return finding.insurer_id == actor.holder
    return actor.organisation.kind == Organisation.Kind.FUND and actor.territory == finding.territory


def words(text: str, sentence: str) -> str:
    """Return words that must be there, trimmed. Raises WordsNeeded."""
    if not text.strip():
        raise WordsNeeded(sentence)
    return text.strip()
