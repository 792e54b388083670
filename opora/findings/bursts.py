"""When is it a burst. Pure: numbers in, numbers out.

Why this test and what it cannot see: ``docs/decisions/0014-when-is-it-a-burst.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import Any

import numpy as np

from opora.findings.rules import LEAST_WEEKS, RATE

type Counts = np.ndarray[Any, np.dtype[Any]]

LEAST = 3  # appeals in a week: fewer are never a burst
ENOUGH = 100.0  # facts a week of all other series: from there on they tell how busy a week was
QUIETEST, BUSIEST = 0.5, 2.0  # how far a week may be scaled
OWN_WEIGHT = 2.0  # how many squared appeals a week a series needs to be believed about its own spread
MARGIN = 1.25  # the spread is itself an estimate: found by simulation, see the test of quiet weeks


@dataclass(frozen=True, slots=True)
class Tested:
    """One number a series: ``chance`` of so many with nothing happening, what was ``expected``, is it a burst."""

    chance: Counts
    expected: Counts
    is_burst: Counts

    @property
    def series(self) -> int:
        return len(self.chance)


def bursts(counts: Counts, *, rate: float = RATE) -> Tested:
    """Test the last week of each series against its own past.

    ``counts`` is (series, weeks + 1), whole numbers, the week under test in the last column; all series of one watcher
    at once, those with no appeals this week too, because each is a chance of a false alarm. Less than ``LEAST_WEEKS``
    of past gives no alarm. The share of false ones among alarms is kept below ``rate``: Benjamini and Hochberg, 1995.
    """
    counts = np.asarray(counts, dtype=float)
    if not len(counts) or counts.shape[1] <= LEAST_WEEKS:
        nothing = np.ones(len(counts))
        return Tested(nothing, np.zeros(len(counts)), np.zeros(len(counts), dtype=bool))
    expected, variance = predicted(counts)
    now = counts[:, -1]
    chance = np.ones(len(counts))
    for place in np.flatnonzero((now >= LEAST) & (now > expected)):
        chance[place] = tail(int(now[place]), float(expected[place]), float(variance[place]))
    return Tested(chance, expected, _discoveries(chance, rate))


def predicted(counts: Counts) -> tuple[Counts, Counts]:
    """Return mean and variance of the last week as the weeks before foretell it, for each series.

    Negative binomial: spread beyond chance is taken from all series together and, where a series is large enough to
    tell, from itself. The variance holds what is not known of the mean too.
    """
    level, noise = _level(counts)
    past, weeks = counts[:, :-1], counts.shape[1] - 1
    total, exposure = past.sum(axis=1), level[:, :-1].sum(axis=1)
    mean = (total + 0.5) / exposure * level[:, -1]
    spread = _spread(past, (total / exposure)[:, None] * level[:, :-1])
    unknown = mean * level[:, -1] / exposure + spread * mean**2 / weeks + noise * mean**2
    return mean, mean + spread * mean**2 + unknown


def tail(number: int, mean: float, variance: float) -> float:
    """Return the chance of ``number`` or more under a negative binomial of this mean and variance.

    >>> round(tail(3, 1.0, 1.0001), 4), round(tail(0, 5.0, 9.0), 6)
    (0.0803, 1.0)
    """
    size = mean**2 / max(variance - mean, 1e-9 * mean)
    share = log(size) - log(size + mean)
    term = exp(lgamma(number + size) - lgamma(size) - lgamma(number + 1) + size * share + number * log1p(-exp(share)))
    total, ratio = 0.0, mean / (size + mean)
    while term > total * 1e-12 or number < mean:
        total += term
        term *= ratio * (number + size) / (number + 1)
        number += 1
    return min(1.0, total)


def _level(counts: Counts) -> tuple[Counts, Counts]:
    """Return how busy each week was beside its usual (1.0), told by all other series, and how unsure the last is."""
    others = counts.sum(axis=0)[None, :] - counts
    usual = others[:, :-1].mean(axis=1, keepdims=True)
    known = usual[:, 0] >= ENOUGH
    scaled = np.clip(others / np.maximum(usual, 1e-9), QUIETEST, BUSIEST)
    noise = np.where(known, 1 / np.maximum(others[:, -1], 1.0), 0.0)
    return np.where(known[:, None], scaled, 1.0), noise


def _spread(past: Counts, fitted: Counts) -> Counts:
    """Return 1/size of the negative binomial for each series, by the method of moments; 0 is pure chance."""
    weeks = past.shape[1]
    beyond = ((past - fitted) ** 2 - fitted * (1 - 1 / weeks)).sum(axis=1)
    square = (fitted**2).sum(axis=1) * (1 - 1 / weeks)
    common = max(0.0, float(beyond.sum() / max(square.sum(), 1e-9)))
    weight = OWN_WEIGHT * weeks
    own = (beyond + weight * common) / (square + weight)
    return MARGIN * np.maximum(own, common)


def _discoveries(chance: Counts, rate: float) -> Counts:
    order = np.argsort(chance)
    ranks = np.arange(1, len(chance) + 1)
    passed = np.flatnonzero(chance[order] <= ranks * rate / len(chance))
    found = np.zeros(len(chance), dtype=bool)
    if len(passed):
        found[order[: passed[-1] + 1]] = True
    return found
