"""Through whom the next messages go: shares, and the shift away from who is slow or down. Pure decisions.

What a provider did in the last minutes speaks (``RECENT``); of whom nothing is known is thought well, so one who was
down is tried again when his failures are old.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

RECENT = timedelta(minutes=5)
LEAST_TRIES = 20  # below that a provider is judged only by whether he can be reached
MOST_FAILED = 0.5
LEAST_VAIN = 4  # so many in the last minutes and none taken: he is down, however few they were
SLOW_SECONDS = 3.0
SLOWER_THAN_BEST = 3.0
SLOW_PART = 0.25  # what is left to him of his share


class Mood(StrEnum):
    """How a provider is doing."""

    WELL = "well"
    SLOW = "slow"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Recent:
    """Figures of the last minutes; ``seconds`` is the sum of the times of ``answered``."""

    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    unavailable: int = 0
    answered: int = 0
    seconds: float = 0.0

    @property
    def tries(self) -> int:
        return self.accepted + self.failed

    @property
    def failed(self) -> int:
        return self.refused + self.unanswered + self.unavailable

    @property
    def answer_seconds(self) -> float | None:
        """Mean time of an answer, None where there were too few to tell."""
        return self.seconds / self.answered if self.answered >= LEAST_TRIES else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider that carries the channel; share 0 is a reserve."""

    provider: int
    share: int
    recent: Recent = Recent()


def mood(recent: Recent, best: float | None = None) -> Mood:
    """Judge one provider; ``best`` is the shortest mean time of an answer among all."""
    if not recent.accepted and (recent.unavailable or recent.failed >= LEAST_VAIN):
        return Mood.DOWN
    if recent.tries >= LEAST_TRIES and recent.failed > recent.tries * MOST_FAILED:
        return Mood.DOWN
    mean = recent.answer_seconds
    if mean is not None and mean > SLOW_SECONDS and (best is None or mean > best * SLOWER_THAN_BEST or mean == best):
        return Mood.SLOW
    return Mood.WELL


def moods(candidates: Sequence[Candidate]) -> dict[int, Mood]:
    times = [time for one in candidates if (time := one.recent.answer_seconds) is not None]
    best = min(times, default=None)
    return {one.provider: mood(one.recent, best) for one in candidates}


def weights(candidates: Sequence[Candidate]) -> dict[int, float]:
    """Return who gets how much, providers with nothing left out.

    Who is down gets nothing, who is slow a quarter of his share. Reserves come in when nobody else is up. When all are
    down the shares stand: there is nowhere to shift to.
    """
    feel = moods(candidates)
    parts = {Mood.WELL: 1.0, Mood.SLOW: SLOW_PART, Mood.DOWN: 0.0}
    found = {one.provider: one.share * parts[feel[one.provider]] for one in candidates}
    if not any(found.values()):
        found = {one.provider: 1.0 for one in candidates if not one.share and feel[one.provider] != Mood.DOWN}
    if not found:
        found = {one.provider: float(one.share) for one in candidates}
    if not any(found.values()):
        found = {one.provider: 1.0 for one in candidates}
    return {provider: weight for provider, weight in found.items() if weight}


def split(count: int, weights: Mapping[int, float]) -> dict[int, int]:
    """Divide ``count`` messages by weight, whole ones, the largest remainders first.

    >>> split(10, {1: 70, 2: 30}), split(1, {1: 70, 2: 30})
    ({1: 7, 2: 3}, {1: 1, 2: 0})
    """
    whole = sum(weights.values())
    exact = {provider: count * weight / whole for provider, weight in weights.items()}
    given = {provider: int(part) for provider, part in exact.items()}
    by_remainder = sorted(weights, key=lambda provider: (given[provider] - exact[provider], provider))
    for provider in by_remainder[: count - sum(given.values())]:
        given[provider] += 1
    return given
