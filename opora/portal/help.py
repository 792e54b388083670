"""Answers a site shows before a question is asked: cards its editor has chosen, while they are in force."""

from __future__ import annotations

import time as clock_time
from typing import Any

from django.utils import timezone

from opora.access.scope import enter
from opora.knowledge import queries as knowledge
from opora.knowledge.models import AnswerCard
from opora.knowledge.queries import Spoken
from opora.portal.faces import FRESH, SYSTEM, Face
from opora.portal.models import Site

LEVEL = 1
MOST_BESIDE = 3
MOST = 200
_chosen: dict[str, tuple[float, frozenset[int]]] = {}


def published(face: Face) -> list[Spoken]:
    """Return the answers a site shows today, in the order of the cards. One small query, two when not fresh."""
    chosen = _of(face.slug)
    if not chosen:
        return []
    today = timezone.localdate()
    with enter(SYSTEM):
        return [one for one in knowledge.ready_cards(face.territory, today, LEVEL) if one.card.pk in chosen]


def fitting(face: Face, text: str, most: int = 20) -> list[Spoken]:
    """Return shown answers that fit the words of a question, the best first. One small query."""
    chosen = _of(face.slug)
    if not chosen:
        return []
    with enter(SYSTEM):
        found = knowledge.find_cards(
            text[:1000], territory=face.territory, level=LEVEL, on=timezone.localdate(), most=MOST
        )
    return [one for one in found if one.card.pk in chosen][:most]


def choosable(territory: str) -> list[AnswerCard]:
    """Return the cards an editor may show: approved, in force, of the first level. Inside her scope."""
    found = knowledge.ready_cards(territory, timezone.localdate(), LEVEL)
    return [one.card for one in found]


def forget(**_: Any) -> None:
    _chosen.clear()


def _of(slug: str) -> frozenset[int]:
    now = clock_time.monotonic()
    known = _chosen.get(slug)
    if known is None or known[0] <= now:
        cards = Site.cards.through.objects.filter(site__slug=slug).values_list("answercard_id", flat=True)
        known = _chosen[slug] = now + FRESH, frozenset(cards)
    return known[1]
