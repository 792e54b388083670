"""Shares with their intervals, raw and weighted. Pure.

Raw: the score interval of Wilson, 95 %. Weighted: each answer of a cell stands for as many people as the cell has for
each of its answers (post-stratification); the interval is Wilson's on the effective number of answers of Kish,
n_eff = (Σw)² / Σw², which is never above the real one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share and its 95 % interval, between 0 and 1. ``count`` is of answers, ``effective`` what they are worth."""

    value: float
    low: float
    high: float
    count: int
    effective: float


def wilson(share: float, count: float) -> tuple[float, float]:
    """Return the 95 % interval of a share seen in ``count`` answers.

    >>> [round(end, 4) for end in wilson(0.5, 10)], wilson(0, 0)
    ([0.2366, 0.7634], (0.0, 1.0))
    """
    if count <= 0:
        return 0.0, 1.0
    square = Z * Z / count
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def raw(good: int, count: int) -> Share:
    share = good / count if count else 0.0
    low, high = wilson(share, count)
    return Share(share, low, high, count, float(count))


def weights(population: Mapping[int, int], answered: Mapping[int, int]) -> dict[int, float]:
    """Return the weight of one answer of each cell, 1 on average over all answers.

    ``answered`` may hold answers without a cell (key 0): they stand for the people of cells nobody answered in, or, if
    there are none, weigh 1. Where no people are known every answer weighs 1.

    >>> weights({1: 300, 2: 100}, {1: 10, 2: 10})
    {1: 1.5, 2: 0.5}
    """
    count = sum(answered.values())
    own = {cell: number for cell, number in answered.items() if cell and number and population.get(cell)}
    rest = count - sum(own.values())
    silent = sum(number for cell, number in population.items() if cell and cell not in own)
    if rest and silent:
        stands = {cell: population[cell] for cell in own} | {0: silent}
        share = {cell: own.get(cell, rest) for cell in stands}
        return {**_per_answer(stands, share, count), **_loose(answered, own, stands, share, count)}
    stands = {cell: population[cell] for cell in own}
    found = _per_answer(stands, own, sum(own.values()))
    return found | {cell: 1.0 for cell, number in answered.items() if number and cell not in own}


def _per_answer(stands: Mapping[int, int], share: Mapping[int, int], count: int) -> dict[int, float]:
    whole = sum(stands.values())
    return {cell: stands[cell] / whole * count / share[cell] for cell in stands} if whole else {}


def _loose(
    answered: Mapping[int, int], own: Mapping[int, int], stands: Mapping[int, int], share: Mapping[int, int], count: int
) -> dict[int, float]:
    """All that have no cell of their own weigh the same."""
    weight = _per_answer(stands, share, count).get(0, 1.0)
    return {cell: weight for cell, number in answered.items() if number and cell not in own}


def weighted(good: Mapping[int, int], answered: Mapping[int, int], weight: Mapping[int, float]) -> Share:
    """Return the weighted share of ``good`` among ``answered``, both by cell."""
    count = sum(answered.values())
    whole = sum(weight.get(cell, 1.0) * number for cell, number in answered.items())
    if not count or not whole:
        return Share(0.0, 0.0, 1.0, count, 0.0)
    share = sum(weight.get(cell, 1.0) * number for cell, number in good.items()) / whole
    share = min(1.0, max(0.0, share))
    effective = whole**2 / sum(weight.get(cell, 1.0) ** 2 * number for cell, number in answered.items())
    low, high = wilson(share, effective)
    return Share(share, low, high, count, effective)


def differ(now: Share, before: Share) -> bool:
    """Tell whether two shares differ beyond chance: the 95 % test of two proportions on effective numbers."""
    if not now.effective or not before.effective:
        return False
    together = (now.value * now.effective + before.value * before.effective) / (now.effective + before.effective)
    spread = math.sqrt(together * (1 - together) * (1 / now.effective + 1 / before.effective))
    return spread > 0 and abs(now.value - before.value) / spread > Z
