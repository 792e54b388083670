"""When is it a burst, has it stopped, what does a finding wait for. Pure: numbers in, numbers out.

Why this test and what it cannot see: ``docs/decisions/0014-when-is-it-a-burst.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp, inf, lgamma, log, log1p
from typing import Any

import numpy as np

from opora.findings.words import Decision, Stage, Trend

type Counts = np.ndarray[Any, np.dtype[Any]]

RATE = 0.05  # of weeks with nothing happening anywhere, the share with an alarm
WEEKS = 26  # of a clinic's own past
LEAST_WEEKS = 8
LEAST = 3  # appeals in a week: fewer are never a burst
ENOUGH = 100.0  # facts a week of all other series: from there on they tell how busy a week was
QUIETEST, BUSIEST = 0.5, 2.0  # how far a week may be scaled
OWN_WEIGHT = 2.0  # how many squared appeals a week a series needs to be believed about its own spread
MARGIN = 1.25  # the spread is itself an estimate: found by simulation, see the test of quiet weeks
SURE = 0.95
HALF = 0.5  # «прекратилось» — at least twice as rare


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


@dataclass(frozen=True, slots=True)
class Change:
    """How many times as often after as before, with the bounds that hold it in 95 cases of 100."""

    ratio: float
    low: float
    high: float

    @property
    def trend(self) -> Trend:
        """At least twice as rare for sure, not so for sure, or too little is known."""
        if self.high < HALF:
            return Trend.STOPPED
        return Trend.CONTINUES if self.low > HALF else Trend.UNCLEAR


def change(before: int, before_days: int, after: int, after_days: int) -> Change:
    """Compare two rates of appeals a day by the exact conditional test (Clopper and Pearson's interval).

    >>> change(40, 28, 2, 28).trend, change(40, 28, 38, 28).trend, change(3, 28, 0, 7).trend
    (Trend.STOPPED, Trend.CONTINUES, Trend.UNCLEAR)
    """
    total = before + after
    if not total or not before_days or not after_days:
        return Change(0.0, 0.0, inf)
    low, high = interval(after, total)
    scale = before_days / after_days

    def ratio(part: float) -> float:
        return inf if part >= 1 else part / (1 - part) * scale

    return Change(ratio(after / total), ratio(low), ratio(high))


@cache
def interval(hits: int, total: int, *, sure: float = SURE) -> tuple[float, float]:
    """Return the bounds of a share: exact, never too narrow. Clopper and Pearson, 1934.

    >>> [round(bound, 3) for bound in interval(2, 10)]
    [0.025, 0.556]
    """
    each = (1 - sure) / 2
    low = 0.0 if hits == 0 else _bisect(lambda part: 1 - _binomial(hits - 1, total, part), each)
    high = 1.0 if hits == total else _bisect(lambda part: -_binomial(hits, total, part), -each)
    return low, high


def stage(
    *, decision: str, letter_on: date | None, replied_on: date | None, measures_on: date | None, is_closed: bool
) -> Stage:
    """Return what a finding waits for.

    >>> stage(decision="violation", letter_on=None, replied_on=None, measures_on=None, is_closed=False)
    Stage.LETTER
    """
    if is_closed:
        return Stage.CLOSED
    if decision != Decision.VIOLATION:
        return Stage.OPENED
    if measures_on:
        return Stage.WATCHED
    if replied_on:
        return Stage.MEASURES
    return Stage.REPLY if letter_on else Stage.LETTER


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


def _binomial(hits: int, total: int, part: float) -> float:
    """Return the chance of at most ``hits`` of ``total``."""
    if part <= 0 or part >= 1:
        return 1.0 if part <= 0 or hits >= total else 0.0
    whole, yes, no = lgamma(total + 1), log(part), log1p(-part)
    return sum(exp(whole - lgamma(k + 1) - lgamma(total - k + 1) + k * yes + (total - k) * no) for k in range(hits + 1))


def _bisect(rising: Any, wanted: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2
