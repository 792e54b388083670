"""Has it stopped, what does a finding wait for. Pure: numbers in, numbers out; bursts are found in ``bursts``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp, inf, lgamma, log, log1p
from typing import Any

from opora.findings.words import Decision, Stage, Trend

RATE = 0.05  # of weeks with nothing happening anywhere, the share with an alarm
WEEKS = 26  # of a clinic's own past
LEAST_WEEKS = 8
SURE = 0.95
HALF = 0.5  # «прекратилось» — at least twice as rare


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
