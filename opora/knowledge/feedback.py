"""What became of an answer: shown, helped, did not; and questions that have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from opora.audit.services import record
from opora.knowledge import errors
from opora.knowledge.asked import key_of, without_persons
from opora.knowledge.models import AnswerCard, CardShow, CardVote, MissingAnswer
from opora.knowledge.words import Miss
from opora.organisations.models import Employee
from opora.shared.sql import question

VOTES_KEPT = timedelta(days=400)
WORDS_KEPT = timedelta(days=90)
LATELY = timedelta(days=90)
LEAST_LETTERS = 4

_shown = question(Path(__file__).parent / "sql", "shown")
_missed = question(Path(__file__).parent / "sql", "missed")


@dataclass(frozen=True, slots=True)
class Use:
    """How a card did within ``LATELY``."""

    shown: int
    helped: int
    unhelped: int

    @property
    def share(self) -> int | None:
        """Percent of votes that say it helped, None without votes."""
        votes = self.helped + self.unhelped
        return round(100 * self.helped / votes) if votes else None


def note_shown(card_id: int) -> None:
    """Count that somebody has the card before her eyes; nobody is named."""
    _shown(card=card_id, on=timezone.localdate())


@transaction.atomic
def vote(card: AnswerCard, *, mark: UUID, is_helpful: bool, asked: str = "", territory: str, by: Employee) -> CardVote:
    """Keep whether the card helped in one talk; pressed again, the vote changes. Only words without persons stay."""
    if card.approved is None:
        raise errors.NotApproved
    words = without_persons(asked)
    given, _ = CardVote.objects.update_or_create(
        card=card,
        mark=mark,
        defaults={"is_helpful": is_helpful, "words": words, "text": card.approved, "by": by},
    )
    if not is_helpful:
        note_miss(asked, why=Miss.UNHELPFUL, territory=territory)
    return given


def note_miss(asked: str, *, why: Miss, territory: str) -> int | None:
    """Note words that have no answer; return the row, or None where nothing of them may be kept."""
    words = without_persons(asked)
    key = key_of(words)
    if not territory or len(key) < LEAST_LETTERS:
        return None
    return int(_missed(territory=territory, key=key, words=words, why=str(why), on=timezone.localdate())[0].id)


@transaction.atomic
def close_missing(missing: MissingAnswer, *, by: Employee) -> None:
    """Take a question off the list: answered, or not for us."""
    MissingAnswer.objects.open().filter(pk=missing.pk).update(closed_at=timezone.now(), closed_by=by)
    record("knowledge.missing.close", missing, by=by)


@transaction.atomic
def reopen_missing(missing: MissingAnswer, *, by: Employee) -> None:
    MissingAnswer.objects.filter(pk=missing.pk).update(closed_at=None, closed_by=None)
    record("knowledge.missing.reopen", missing, by=by)


def use_of(card: AnswerCard) -> Use:
    """Return how a card did lately. Two indexed queries."""
    since = timezone.localdate() - LATELY
    votes = card.votes.filter(at__date__gte=since).aggregate(
        helped=Count("pk", filter=Q(is_helpful=True)), unhelped=Count("pk", filter=Q(is_helpful=False))
    )
    shown = CardShow.objects.filter(card=card, on__gte=since).aggregate(times=Sum("times"))["times"]
    return Use(shown or 0, votes["helped"], votes["unhelped"])


def forget_old(today: date | None = None) -> tuple[int, int]:
    """Delete votes and words past their time. Return how many of each."""
    today = today or timezone.localdate()
    votes = CardVote.objects.filter(at__date__lt=today - VOTES_KEPT).delete()[0]
    return votes, MissingAnswer.objects.filter(last_on__lt=today - WORDS_KEPT).delete()[0]
