"""Claims of clinics against acts of quality: after the case the fund looks once more and decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from opora.appeals import terms
from opora.audit.services import uuid7
from opora.complaints.models import Claim
from opora.complaints.words import CaseEventKind, ClaimDecision, ControlKind, LiftedBy
from opora.simulation.cases.errors import TooFewActs
from opora.simulation.cases.told import ACT, Complaint

if TYPE_CHECKING:
    from opora.simulation.cases.making import Maker

MOST_ACTS = 3  # clinics looked at for one complaint
FILED, DECIDED = timedelta(days=6), timedelta(days=24)  # after the act was signed and the case closed; assumed
QUALITY = "ж11"
ANSWERS = {
    ClaimDecision.JUSTIFIED: "Повторная экспертиза нарушения не нашла: оно снято.",
    ClaimDecision.UNJUSTIFIED: "Повторная экспертиза подтвердила нарушение: акт остаётся в силе.",
}


@dataclass(frozen=True, slots=True)
class Claims:
    """``number`` claims, ``justified`` of them; all decided by ``until``. ``fund`` — who decides."""

    number: int
    justified: int
    until: date
    fund: Any

    def is_in_time(self, complaint: Complaint) -> bool:
        return complaint.local(complaint.closed_at + FILED + DECIDED) <= self.until


def with_claims(complaints: Sequence[Complaint], claims: Claims) -> dict[UUID, int]:
    """Return how many acts each complaint of quality has so that all claims find theirs. Raises TooFewActs."""
    early = [one.id for one in complaints if is_quality(one) and claims.is_in_time(one)]
    if len(early) * MOST_ACTS < claims.number:
        raise TooFewActs
    found = dict.fromkeys(early, 0)
    for number in range(claims.number):
        found[early[number % len(early)]] += 1
    return {key: max(1, number) for key, number in found.items()}


def is_quality(complaint: Complaint) -> bool:
    return complaint.line.partition(".")[0] == QUALITY and complaint.provider_id is not None


def claim_all(maker: Maker, claims: Claims) -> None:
    """Let clinics dispute acts; the first ones are justified."""
    left = claims.number
    for control in maker.controls:
        complaint = maker.complaints[control.case_id]
        if not left or control.kind != ControlKind.EKMP or not claims.is_in_time(complaint):
            continue
        decision = ClaimDecision.UNJUSTIFIED if claims.number - left >= claims.justified else ClaimDecision.JUSTIFIED
        _claim(maker, complaint, control, decision, claims)
        left -= 1
    if left:
        raise TooFewActs


def _claim(maker: Maker, complaint: Complaint, control: Any, decision: ClaimDecision, claims: Claims) -> None:
    filed = complaint.closed_at + FILED
    decided = filed + DECIDED
    clock = terms.plan("claim_review", filed, complaint.territory, complaint.zone).proof
    disputed = [one for one in maker.violations if one.control is control] or [
        maker.violate(control, complaint.on(ACT))
    ]
    for row in disputed:
        row.is_upheld = decision == ClaimDecision.UNJUSTIFIED
        row.lifted_by = "" if row.is_upheld else LiftedBy.FUND
    made = Claim(
        id=uuid7(),
        control=control,
        territory=complaint.territory,
        provider_id=control.provider_id,
        number=f"П-{len(maker.claims) + 1}",
        grounds="Нарушение не повлияло на исход лечения, просим снять его.",
        filed_at=filed,
        is_late=control.claim_until is not None and complaint.local(filed) > control.claim_until,
        due_on=clock.due_on,
        law=clock.term.pack,
        decision=decision,
        decided_at=decided,
        decided_by=claims.fund,
        answer=ANSWERS[decision],
    )
    maker.claims.append(made)
    case = next(one for one in reversed(maker.cases) if one.pk == complaint.id)
    key = {"claim": str(made.pk)}
    if len([one for one in maker.claims if one.control.case_id == complaint.id]) == 1:
        maker.tell(complaint, filed, CaseEventKind.REOPENED)
    grounds, end = made.grounds, decided + timedelta(hours=2)
    by_clinic = control.provider_id
    maker.tell(complaint, filed, CaseEventKind.CLAIMED, None, grounds, **key, is_late=made.is_late, by_clinic=by_clinic)
    fund, words = claims.fund, made.answer
    by_fund = fund.assignment.organisation_id
    told = {**key, "decision": str(decision), "by_clinic": by_fund}
    maker.tell(complaint, decided, CaseEventKind.CLAIM_DECIDED, fund, words, **told)
    if case.closed_at is None or case.closed_at < end:
        case.closed_at = end
        maker.tell(complaint, end, CaseEventKind.CLOSED, case.expert)
