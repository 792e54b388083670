"""Questions of this room."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from opora.channels import balance
from opora.channels.models import Health, Provider
from opora.organisations.models import Organisation

_FIGURES = ("accepted", "refused", "unanswered", "unavailable", "answered", "seconds")


def recent(providers: Collection[int], now: datetime | None = None) -> dict[int, balance.Recent]:
    """Return how each provider did in the last minutes; one query."""
    since = (now or timezone.now()) - balance.RECENT
    sums = {f"sum_{name}": Sum(name) for name in _FIGURES}
    rows: Iterable[Any] = (
        Health.objects.filter(provider__in=providers, minute__gt=since).values("provider").annotate(**sums)
    )
    found = {row["provider"]: balance.Recent(*(row[name] for name in sums)) for row in rows}
    return {provider: found.get(provider, balance.Recent()) for provider in providers}


def candidates(providers: Iterable[Provider], now: datetime | None = None) -> list[balance.Candidate]:
    """Return providers as the balance wants them; one query."""
    listed = list(providers)
    figures = recent([one.pk for one in listed], now)
    return [balance.Candidate(one.pk, one.share, figures[one.pk]) for one in listed]


def shares(providers: Sequence[Provider], count: int, now: datetime | None = None) -> list[tuple[Provider, int]]:
    """Divide ``count`` messages among providers of one channel by share and health; nobody gets nothing. One query."""
    if not providers:
        return []
    given = balance.split(count, balance.weights(candidates(providers, now)))
    return [(one, given[one.pk]) for one in providers if given.get(one.pk)]


def expected_price(channel: str, organisation: Organisation) -> Decimal | None:
    """Return what a segment will cost on average, in roubles: prices of providers by share, how they do today aside.

    None — nobody carries the channel for the organisation. One or two queries.
    """
    found = {one.pk: one for one in Provider.objects.carrying(channel, organisation)}
    if not found:
        return None
    weights = balance.weights([balance.Candidate(one.pk, one.share) for one in found.values()])
    whole = Decimal(sum(weights.values()))
    return sum((found[pk].segment_price * Decimal(weight) for pk, weight in weights.items()), Decimal(0)) / whole


@dataclass(frozen=True, slots=True)
class Feeling:
    """How a provider is doing, as a page shows it."""

    mood: balance.Mood
    recent: balance.Recent

    @property
    def is_silent(self) -> bool:
        return not self.recent.tries

    @property
    def answer_seconds(self) -> float | None:
        return self.recent.seconds / self.recent.answered if self.recent.answered else None


def moods_of(providers: Iterable[Provider], now: datetime | None = None) -> dict[int, Feeling]:
    """Return how each is doing beside those of his organisation and channel that are listed with him. One query."""
    listed = list(providers)
    figures = recent([one.pk for one in listed], now)
    groups: dict[tuple[int, str], list[balance.Candidate]] = {}
    for one in listed:
        candidate = balance.Candidate(one.pk, one.share, figures[one.pk])
        groups.setdefault((one.organisation_id, one.channel), []).append(candidate)
    moods = {pk: mood for group in groups.values() for pk, mood in balance.moods(group).items()}
    return {pk: Feeling(moods[pk], figures[pk]) for pk in figures}
