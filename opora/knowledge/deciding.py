"""Who changes a card that is common to all territories: one organisation, for it is read aloud in every house."""

from __future__ import annotations

from django.conf import settings

from opora.access.rights import Right
from opora.access.scope import Sees
from opora.knowledge.models import AnswerCard
from opora.organisations.models import Employee, Organisation
from opora.organisations.queries import houses_with

NOBODY = "Кто ведёт общие карточки, не назначено: это делает администратор сервера настройкой OPORA_COMMON_CARDS."


def may_change(card: AnswerCard, by: Employee) -> bool:
    """Whether she may write, approve, return, archive or review this card, where her right lets her at all."""
    return bool(card.territory) or keeps_common(by)


def keeps_common(by: Employee) -> bool:
    """Whether common cards are hers: she is of the organisation that keeps them.

    That is the one the server names (``OPORA_COMMON_CARDS``). Where it names none, the fund of the only territory in
    which anybody may approve, or whoever may where no fund has such people; with several territories nobody. At most
    one query.
    """
    if by.scope.sees == Sees.ALL:
        return True
    place = by.assignment.organisation if by.assignment else None
    if place is None or settings.COMMON_CARDS:
        return place is not None and place.code == settings.COMMON_CARDS
    houses = houses_with(Right.KNOWLEDGE_APPROVE)
    if {territory for territory, _ in houses} - {place.territory_id}:
        return False
    return place.kind == place.Kind.FUND or all(kind != place.Kind.FUND for _, kind in houses)


def keeper() -> str:
    """Return a sentence that says who keeps common cards. At most one query."""
    if not settings.COMMON_CARDS:
        several = len({territory for territory, _ in houses_with(Right.KNOWLEDGE_APPROVE)}) > 1
        return NOBODY if several else "Её ведёт территориальный фонд."
    place = Organisation.objects.filter(code=settings.COMMON_CARDS).order_by("pk").first()
    return f"Её ведёт {place}." if place else NOBODY
