"""Parts of a whole that add up: rounded per cents whose sum is 100, not 99.9. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def shares(parts: Sequence[float | Decimal], places: int = 1) -> list[Decimal]:
    """Return per cents of the whole with ``places`` decimals; their sum is exactly 100, or 0 where the whole is 0.

    What rounding down leaves goes to the largest remainders, then to the larger part, then to the earlier one: no part
    is off by a whole last digit, and the same parts give the same per cents. Raises ValueError for a negative part.

    >>> [str(share) for share in shares([1, 1, 1])]
    ['33.4', '33.3', '33.3']
    >>> shares([0, 0]), shares([])
    ([Decimal('0.0'), Decimal('0.0')], [])
    """
    exact = [Fraction(part) for part in parts]
    if any(part < 0 for part in exact):
        raise ValueError("a part of a whole is never negative")
    whole = sum(exact)
    unit = Decimal(1).scaleb(-places)
    if not whole:
        return [0 * unit for _ in exact]
    units = 100 * 10**places
    sizes = [units * part / whole for part in exact]
    floors = [int(size) for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda n: (floors[n] - sizes[n], -exact[n], n))
    for place in by_remainder[: units - sum(floors)]:
        floors[place] += 1
    return [floor * unit for floor in floors]
