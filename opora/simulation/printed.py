"""Numbers of a scenario as it prints them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


def spaced(number: int) -> str:
    """Return a number with its thousands apart.

    >>> spaced(3246424)
    '3 246 424'
    """
    return f"{number:_}".replace("_", " ")


def share(part: int, whole: int) -> Decimal | None:
    """Return a part in per cent of the whole, to a hundredth; None of nothing.

    >>> share(4_594, 57_900)
    Decimal('7.93')
    """
    return (Decimal(part) * 100 / whole).quantize(HUNDREDTH, ROUND_HALF_UP) if whole else None


def growth(before: int, now: int) -> Decimal | None:
    """Return by how many per cent ``now`` is more, to a hundredth; None where there was nothing before.

    >>> growth(57_000, 60_306), growth(4_686, 4_594), growth(0, 5)
    (Decimal('5.80'), Decimal('-1.96'), None)
    """
    return share(now - before, before)


def percent(found: Decimal | None) -> str:
    """Return a percentage in Russian; a dash for None.

    >>> percent(Decimal("7.93")), percent(None)
    ('7,93 %', '—')
    """
    return "—" if found is None else f"{found} %".replace(".", ",")
