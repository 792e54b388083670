"""Whole numbers from shares: the sum is exact, the largest remainders are rounded up."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def scaled(figure: int, scale: float) -> int:
    """Return a figure at a scale, a half rounded up.

    >>> scaled(2_641_342, 0.01), scaled(5, 0.5), scaled(2_641_342, 1)
    (26413, 3, 2641342)
    """
    return int((Decimal(figure) * Decimal(str(scale))).quantize(Decimal(1), ROUND_HALF_UP))


def divided[K: Hashable](total: int, weights: Mapping[K, float]) -> dict[K, int]:
    """Divide ``total`` by weights; of equal remainders the earlier key is rounded up.

    >>> divided(10, {"a": 60, "b": 30, "c": 11})
    {'a': 6, 'b': 3, 'c': 1}
    """
    whole = sum(map(Fraction, weights.values()))
    exact = {key: total * Fraction(weight) / whole for key, weight in weights.items()}
    given = {key: math.floor(share) for key, share in exact.items()}
    order = sorted(exact, key=lambda key: given[key] - exact[key])  # stable: equal ones keep their order
    for key in order[: total - sum(given.values())]:
        given[key] += 1
    return given
