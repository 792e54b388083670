"""The typical answers that come with the program: drafts until somebody of this installation approves them.

A newer pack never rewrites what people of this installation wrote: a card that nobody touched gets the new wording as a
draft beside what is approved; a card with words of its own is only told of it, and somebody takes them or keeps hers.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.audit.services import record
from opora.knowledge import errors, services
from opora.knowledge.deciding import may_change
from opora.knowledge.models import AnswerCard, CardDecision, CardText
from opora.knowledge.packs import ShippedCard, answers
from opora.knowledge.sourcing import why_not_said
from opora.knowledge.topics import TOPICS
from opora.organisations.models import Employee
from opora.shared.conflict import ChangedMeanwhile

NAMES = ("question", "level", "body", "full_text", "next_step", "red_flag", "legal_basis", "law_edition", "sources",
         "words", "is_verified")  # fmt: skip


@transaction.atomic
def load_shipped_cards(**_: Any) -> int:
    """Bring in cards nobody has yet, and new wordings of those nobody has touched. Return how many cards came."""
    pack = answers()
    # Beside a territory's own card with the same code the common one is the shipped one.
    rows = AnswerCard.objects.filter(slug__in=TOPICS).select_related("text").order_by("-territory")
    known = {card.slug: card for card in rows}
    fresh = [shipped for shipped in pack.cards if shipped.slug not in known]
    cards = AnswerCard.objects.bulk_create(
        AnswerCard(slug=card.slug, position=card.number, pack_version=pack.version) for card in fresh
    )
    texts = CardText.objects.bulk_create(
        CardText(card=card, number=1, valid_since=pack.since, valid_until=pack.until, **wording(shipped))
        for card, shipped in zip(cards, fresh, strict=True)
    )
    for card, text in zip(cards, texts, strict=True):
        card.text = text
    AnswerCard.objects.bulk_update(cards, ["text"])
    for shipped in pack.cards:
        _renew(known.get(shipped.slug), shipped, pack.version)
    return len(cards)


def offer(card: AnswerCard) -> ShippedCard | None:
    """Return the shipped wording that this card's own words have not been compared with yet."""
    pack = answers()
    if card.pack_version == pack.version or card.text is None:
        return None
    shipped = next((one for one in pack.cards if one.slug == card.slug), None)
    return shipped if shipped and _differs(card.text, shipped) else None


@transaction.atomic
def settle_offer(card: AnswerCard, *, version: int, is_taken: bool, by: Employee) -> AnswerCard:
    """Take the shipped wording as a new draft, or keep ours; it is not offered again until the next pack.

    Raises CommonCard, NotFromPack, ChangedMeanwhile.
    """
    if not may_change(card, by):
        raise errors.CommonCard
    shipped = offer(card)
    if shipped is None:
        raise errors.NotFromPack
    if is_taken:
        former = card.text
        dates = {"valid_since": former.valid_since, "valid_until": former.valid_until} if former else {}
        card = services.reword_card(card, version=version, wording=wording(shipped) | dates, by=by)
    row = AnswerCard.objects.select_for_update().get(pk=card.pk)
    if row.version != card.version or (not is_taken and row.version != version):
        raise ChangedMeanwhile
    row.pack_version, row.version = answers().version, row.version + 1
    row.save(update_fields=["pack_version", "version"])
    record("knowledge.card.offer", row, by=by, details={"pack": row.pack_version, "taken": is_taken})
    return row


@transaction.atomic
def approve_for_demonstration(territory: str) -> int:
    """Give the shipped drafts to one territory and approve those with a source: for invented data only.

    What is marked [own] stays a draft. Return how many were approved.
    """
    drafts = list(AnswerCard.objects.filter(approved=None, text__by=None, withdrawn_at=None).select_related("text"))
    sourced = [card for card in drafts if card.text is not None and why_not_said(card.text) is None]
    now = timezone.now()
    for card in drafts:
        card.territory = territory
    for card in sourced:
        card.status, card.approved, card.approved_at = AnswerCard.Status.APPROVED, card.text, now
        card.version += 1
        card.review_on = timezone.localdate(now) + services.REVIEWED_EVERY
    AnswerCard.objects.bulk_update(drafts, ["territory", "status", "approved", "approved_at", "version", "review_on"])
    CardDecision.objects.bulk_create(
        CardDecision(card=card, text=card.text, kind=CardDecision.Kind.APPROVED, why="Показательные данные")
        for card in sourced
    )
    return len(sourced)


def wording(card: ShippedCard) -> dict[str, Any]:
    """Return the fields of a wording as the pack gives them."""
    own = {name: getattr(card, name) for name in NAMES}
    return {"topic_code": TOPICS[card.slug], "variants": "\n".join(card.variants), **own}


def _renew(card: AnswerCard | None, shipped: ShippedCard, version: str) -> None:
    """Add the new wording to a card that only the program has written."""
    if card is None or card.pack_version == version or card.text is None or card.texts.exclude(by=None).exists():
        return
    if _differs(card.text, shipped):
        dates = {"valid_since": card.text.valid_since, "valid_until": card.text.valid_until}
        text = CardText.objects.create(card=card, number=card.text.number + 1, **wording(shipped) | dates)
        card.text, card.status = text, AnswerCard.Status.DRAFT
    card.pack_version, card.version = version, card.version + 1
    card.save(update_fields=["text", "status", "pack_version", "version"])


def _differs(text: CardText, shipped: ShippedCard) -> bool:
    return any(getattr(text, name) != value for name, value in wording(shipped).items())
