"""The typical answers that come with the program: drafts until somebody of this installation approves them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.knowledge.models import AnswerCard, CardDecision, CardText
from opora.knowledge.packs import ShippedCard, answers
from opora.knowledge.topics import TOPICS


@transaction.atomic
def load_shipped_cards(**_: Any) -> int:
    """Bring in the cards nobody has yet, as drafts; those already there stay as they are. Return how many came."""
    pack = answers()
    known = set(AnswerCard.objects.values_list("slug", flat=True))
    fresh = [card for card in pack.cards if card.slug not in known]
    cards = AnswerCard.objects.bulk_create(AnswerCard(slug=card.slug, position=card.number) for card in fresh)
    texts = CardText.objects.bulk_create(
        CardText(card=card, number=1, valid_since=pack.since, valid_until=pack.until, **_wording(shipped))
        for card, shipped in zip(cards, fresh, strict=True)
    )
    for card, text in zip(cards, texts, strict=True):
        card.text = text
    AnswerCard.objects.bulk_update(cards, ["text"])
    return len(cards)


@transaction.atomic
def approve_for_demonstration(territory: str) -> int:
    """Give the shipped drafts to one territory and approve them: for invented data only. Return how many."""
    drafts = list(AnswerCard.objects.filter(approved=None, text__by=None, withdrawn_at=None).select_related("text"))
    now = timezone.now()
    for card in drafts:
        card.territory, card.status = territory, AnswerCard.Status.APPROVED
        card.approved, card.approved_at, card.version = card.text, now, card.version + 1
    AnswerCard.objects.bulk_update(drafts, ["territory", "status", "approved", "approved_at", "version"])
    CardDecision.objects.bulk_create(
        CardDecision(card=card, text=card.text, kind=CardDecision.Kind.APPROVED, why="Показательные данные")
        for card in drafts
    )
    return len(drafts)


def _wording(card: ShippedCard) -> dict[str, Any]:
    names = ("question", "level", "body", "next_step", "red_flag", "legal_basis", "sources", "words", "is_verified")
    return {"topic_code": TOPICS[card.slug], **{name: getattr(card, name) for name in names}}
