"""Arithmetic of cells: shares, growth, averages, sums of what is known. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from opora.reports.definitions import Made
from opora.shared.typography import NBSP, thousands

TENTH, THOUSANDTH = Decimal("0.1"), Decimal("0.001")

type Value = int | Decimal | str | None


def share(over: Value, under: Value) -> Decimal | None:
    """Return percents to one decimal, half up; None when there is nothing to divide by.

    >>> share(1, 8), share(5, 0)
    (Decimal('12.5'), None)
    """
    if not isinstance(over, int | Decimal) or not isinstance(under, int | Decimal) or not under:
        return None
    return (Decimal(over) * 100 / Decimal(under)).quantize(TENTH, ROUND_HALF_UP)


def compared(made: Made, first: Value, second: Value) -> Decimal | int | None:
    """Return what a line makes of its two parts: a share, growth in %, a difference, an average to one decimal."""
    if not isinstance(first, int | Decimal) or not isinstance(second, int | Decimal):
        return None
    if made.difference:
        return first - second
    if made.growth:
        return share(first - second, second)
    if made.percent:
        return share(first, second)
    return (Decimal(first) / Decimal(second)).quantize(TENTH, ROUND_HALF_UP) if second else None


def explained(over_value: Value, under: Value, *, over: str = "") -> str:
    """Return out of what a share is, to three decimals where one says too little, and why it is above the whole.

    ``over`` may name ``{extra}``: by how much.

    >>> from opora.shared.typography import THIN
    >>> explained(18_293, 3_246_424).replace(THIN, " ").replace(NBSP, " ")
    '18 293 из 3 246 424; точнее 0,563 %'
    """
    if not isinstance(over_value, int | Decimal) or not isinstance(under, int | Decimal):
        return ""
    said = f"{thousands(over_value)} из {thousands(under)}"
    if not under:
        return f"{said}: делить не на что"
    exact = Decimal(over_value) * 100 / Decimal(under)
    if 0 < exact < 1:
        said += f"; точнее {thousands(exact.quantize(THOUSANDTH, ROUND_HALF_UP))}{NBSP}%"
    extra = thousands(Decimal(over_value) - under)
    return f"{said}. {over.format(extra=extra)}" if over and exact > 100 else said


def summed(codes: Sequence[str], values: Sequence[Value]) -> Value:
    """Return the sum of the numbers among the parts, «-code» taken away; None when there are none."""
    numbers = [
        -value if code.startswith("-") else value
        for code, value in zip(codes, values, strict=True)
        if isinstance(value, int | Decimal)
    ]
    return sum(numbers[1:], numbers[0]) if numbers else None
