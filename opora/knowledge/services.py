"""Cards are written, approved by somebody else, returned, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.audit.services import record
from opora.knowledge import errors, fields
from opora.knowledge.deciding import keeps_common, may_change
from opora.knowledge.models import AnswerCard, CardDecision, CardText
from opora.knowledge.queries import Table
from opora.knowledge.sourcing import why_not_said
from opora.organisations.models import Employee
from opora.shared.conflict import ChangedMeanwhile

WORDING = ("question", "variants", "topic_code", "level", "body", "full_text", "next_step", "red_flag", "legal_basis",
           "law_edition", "sources", "words", "is_verified", "valid_since", "valid_until")  # fmt: skip
Status, Kind = AnswerCard.Status, CardDecision.Kind
REVIEWED_EVERY = timedelta(days=365)  # assumed: the handbook names no term


@transaction.atomic
def add_card(slug: str, *, territory: str, wording: Mapping[str, Any], by: Employee | None) -> AnswerCard:
    """Begin a card as a draft; ``territory`` "" — common to all. Raises CommonCard, SlugTaken, FieldUnknown."""
    if by is not None and not territory and not keeps_common(by):
        raise errors.CommonCard
    try:
        with transaction.atomic():
            card = AnswerCard.objects.create(slug=slug, territory=territory)
    except IntegrityError as fault:
        raise errors.SlugTaken from fault
    card.text = _write(card, 1, wording, by)
    card.save(update_fields=["text"])
    record("knowledge.card.add", card, by=by)
    return card


@transaction.atomic
def copy_card(card: AnswerCard, *, territory: str, by: Employee) -> AnswerCard:
    """Begin a card of a territory with the words of a common one; approved, it is said there in its place.

    The one that is there already is returned as it is.
    """
    there = AnswerCard.objects.filter(slug=card.slug, territory=territory).first()
    text = card.approved or card.text
    if there is not None or text is None:
        return there or card
    wording = {name: getattr(text, name) for name in WORDING}
    made = add_card(card.slug, territory=territory, wording=wording, by=by)
    made.position, made.pack_version = card.position, card.pack_version
    made.save(update_fields=["position", "pack_version"])
    return made


@transaction.atomic
def reword_card(card: AnswerCard, *, version: int, wording: Mapping[str, Any], by: Employee | None) -> AnswerCard:
    """Write a new wording; what is approved is said on until this one is approved too.

    The same wording again changes nothing. Raises CommonCard, ChangedMeanwhile, FieldUnknown.
    """
    row = _changeable(card, version, by)
    former = row.text
    if former is not None and all(getattr(former, name) == value for name, value in wording.items()):
        return row
    number = former.number if former else 0
    row.text = _write(row, number + 1, wording, by)
    row.status = Status.DRAFT
    _save(row, "text", "status")
    record("knowledge.card.reword", row, by=by, details={"number": number + 1})
    return row


@transaction.atomic
def submit_card(card: AnswerCard, *, version: int, by: Employee | None) -> AnswerCard:
    """Send the draft for approval. Raises CommonCard, NothingToSubmit, ChangedMeanwhile."""
    row = _changeable(card, version, by)
    if row.status != Status.DRAFT:
        raise errors.NothingToSubmit
    row.status = Status.SUBMITTED
    _save(row, "status")
    return _decided(row, Kind.SUBMITTED, by=by)


@transaction.atomic
def approve_card(card: AnswerCard, *, version: int, by: Employee) -> AnswerCard:
    """Let the submitted wording be said aloud, and name the day of its review.

    Raises CommonCard, NotSubmitted, OwnWording, NeedsLawyer, SourceMissing, ChangedMeanwhile, FieldUnknown.
    """
    row = _changeable(card, version, by)
    text = row.text
    if row.status != Status.SUBMITTED or text is None:
        raise errors.NotSubmitted
    if text.by_id == by.pk:
        raise errors.OwnWording
    if refusal := why_not_said(text):
        raise refusal
    _check(row.territory, text.body, text.next_step, text.full_text)
    row.status, row.approved, row.approved_by, row.approved_at = Status.APPROVED, text, by, timezone.now()
    row.owner = row.owner or text.by or by
    row.review_on = timezone.localdate() + REVIEWED_EVERY
    _save(row, "status", "approved", "approved_by", "approved_at", "owner", "review_on")
    return _decided(row, Kind.APPROVED, by=by)


@transaction.atomic
def return_card(card: AnswerCard, *, version: int, why: str, by: Employee) -> AnswerCard:
    """Send the submitted wording back to whoever wrote it. Raises CommonCard, NotSubmitted, WhyMissing."""
    row = _changeable(card, version, by)
    if row.status != Status.SUBMITTED:
        raise errors.NotSubmitted
    row.status = Status.DRAFT
    _save(row, "status")
    return _decided(row, Kind.RETURNED, why=_reason(why), by=by)


@transaction.atomic
def withdraw_card(card: AnswerCard, *, version: int, why: str, by: Employee) -> AnswerCard:
    """Take the card away from everybody at once. Raises CommonCard, AlreadyWithdrawn, WhyMissing."""
    row = _changeable(card, version, by)
    if row.withdrawn_at:
        raise errors.AlreadyWithdrawn
    row.withdrawn_at = timezone.now()
    _save(row, "withdrawn_at")
    return _decided(row, Kind.WITHDRAWN, why=_reason(why), by=by)


@transaction.atomic
def restore_card(card: AnswerCard, *, version: int, by: Employee) -> AnswerCard:
    """Take back a withdrawal. Raises CommonCard, NotWithdrawn, ChangedMeanwhile."""
    row = _changeable(card, version, by)
    if not row.withdrawn_at:
        raise errors.NotWithdrawn
    row.withdrawn_at = None
    _save(row, "withdrawn_at")
    return _decided(row, Kind.RESTORED, by=by)


@transaction.atomic
def review_card(
    card: AnswerCard, *, version: int, owner: Employee | None, review_on: date, why: str = "", by: Employee
) -> AnswerCard:
    """Say that somebody has read the card again: who answers for it, and when it is read next.

    Raises CommonCard, ReviewInPast, NothingToSubmit, ChangedMeanwhile.
    """
    if review_on <= timezone.localdate():
        raise errors.ReviewInPast
    row = _changeable(card, version, by)
    row.owner, row.review_on = owner, review_on
    _save(row, "owner", "review_on")
    return _decided(row, Kind.REVIEWED, by=by, why=why.strip())


def _write(card: AnswerCard, number: int, wording: Mapping[str, Any], by: Employee | None) -> CardText:
    _check(card.territory, wording["body"], wording.get("next_step", ""), wording.get("full_text", ""))
    return CardText.objects.create(card=card, number=number, by=by, **wording)


def _check(territory: str, *texts: str) -> None:
    table = Table(timezone.localdate(), territory)
    if found := [fault for text in texts for fault in fields.faults(text, table.why_not)]:
        raise errors.FieldUnknown("; ".join(str(fault) for fault in found))


def _locked(card: AnswerCard, version: int) -> AnswerCard:
    row = AnswerCard.objects.select_for_update(of=("self",)).select_related("text", "approved").get(pk=card.pk)
    if row.version != version:
        raise ChangedMeanwhile
    return row


def _changeable(card: AnswerCard, version: int, by: Employee | None) -> AnswerCard:
    """Return the card under its lock; ``by`` None is the program itself."""
    row = _locked(card, version)
    if by is not None and not may_change(row, by):
        raise errors.CommonCard
    return row


def _save(row: AnswerCard, *names: str) -> None:
    row.version += 1
    row.save(update_fields=[*names, "version"])


def _decided(row: AnswerCard, kind: str, *, by: Employee | None, why: str = "") -> AnswerCard:
    if row.text is None:
        raise errors.NothingToSubmit
    CardDecision.objects.create(card=row, text=row.text, kind=kind, why=why, by=by)
    record(f"knowledge.card.{kind}", row, by=by, details={"number": row.text.number})
    return row


def _reason(why: str) -> str:
    if not why.strip():
        raise errors.WhyMissing
    return why.strip()
