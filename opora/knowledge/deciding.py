"""Who decides about a card: common ones are read in every house, so they are the fund's."""

from __future__ import annotations

from opora.access.rights import Right
from opora.knowledge.models import AnswerCard
from opora.organisations.models import Employee
from opora.organisations.queries import somebody_holds


def may_decide(card: AnswerCard, by: Employee) -> bool:
    """Whether she may approve, return, archive or review this card, where her right lets her at all."""
    return bool(card.territory) or decides_common(by)


def decides_common(by: Employee) -> bool:
    """Whether cards said in every house are hers to decide: she is of a fund, or no fund here has anybody who could.

    One query.
    """
    place = by.assignment.organisation if by.assignment else None
    if by.scope.sees == "all" or (place is not None and place.kind == place.Kind.FUND):
        return True
    return not somebody_holds(Right.KNOWLEDGE_APPROVE, kind="fund")
