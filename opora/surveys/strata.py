"""Samples: how many people, from which cells. Pure.

Twenty cells of the phone survey: town or village × sex × age 18–24, 25–34, 35–44, 45–64, 65 and over.
Source: Минздрав № 495 of 19.07.2022, as described in the domain handbook 11 §2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from opora.surveys.words import Settlement, Sex

BANDS = ((18, 24), (25, 34), (35, 44), (45, 64), (65, 150))
CELLS = range(1, 21)
ANYONE = 0
Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Stratum:
    """One cell by its meaning."""

    number: int
    settlement: Settlement
    sex: Sex
    band: int

    @property
    def ages(self) -> str:
        since, until = BANDS[self.band]
        return f"{since}–{until}" if until < 150 else f"{since} и старше"

    @property
    def title(self) -> str:
        return f"{self.settlement.label}, {self.sex.label} {self.ages}"


def stratum(number: int) -> Stratum:
    """Return what cell ``number`` of 1…20 means.

    >>> stratum(1).title, stratum(20).title
    ('город, мужчины 18–24', 'село, женщины 65 и старше')
    """
    place = number - 1
    return Stratum(number, list(Settlement)[place // 10], list(Sex)[place // 5 % 2], place % 5)


def cell_of(settlement: str, sex: str, age: int) -> int:
    """Return the number of a cell; ``ANYONE`` where the person fits none.

    >>> cell_of("urban", "female", 44), cell_of("rural", "male", 17), cell_of("", "male", 30)
    (8, 0, 0)
    """
    band = next((place for place, (since, until) in enumerate(BANDS) if since <= age <= until), None)
    if band is None or settlement not in Settlement.values or sex not in Sex.values:
        return ANYONE
    return Settlement.values.index(settlement) * 10 + Sex.values.index(sex) * 5 + band + 1


def quotas(total: int, population: Mapping[int, int]) -> dict[int, int]:
    """Divide ``total`` among cells in proportion to their people, by largest remainders; the sum is exactly ``total``.

    A cell gets no more than it has people; what does not fit goes to the others. Where all the people are fewer than
    ``total``, everybody is asked.

    >>> quotas(10, {1: 60, 2: 30, 3: 11})
    {1: 6, 2: 3, 3: 1}
    """
    left = min(max(total, 0), sum(population.values()))
    given = dict.fromkeys(population, 0)
    while left:
        open_cells = {cell: count for cell, count in population.items() if given[cell] < count}
        for cell, part in _remainders(left, open_cells).items():
            taken = min(part, population[cell] - given[cell])
            given[cell] += taken
            left -= taken
    return given


def _remainders(total: int, population: Mapping[int, int]) -> dict[int, int]:
    whole = sum(population.values())
    exact = {cell: Fraction(total * count, whole) for cell, count in population.items()}
    given = {cell: math.floor(share) for cell, share in exact.items()}
    spare = total - sum(given.values())
    for cell in sorted(exact, key=lambda cell: (given[cell] - exact[cell], cell))[:spare]:
        given[cell] += 1
    return given


def sample_size(margin: float, population: int | None = None) -> int:
    """Return how many people to ask for ± ``margin`` (a share, 0.05 is five points) with 95 % confidence at p = 0.5.

    ``population`` None — endless. Source: domain handbook 11 §5, n0 = 1.96²·0.25/e², n = n0/(1+(n0−1)/N).

    >>> sample_size(0.05), sample_size(0.05, 500), sample_size(0.02, 3_246_424)
    (385, 218, 2400)
    """
    if not 0 < margin < 1:
        raise ValueError("a margin is a share between 0 and 1")
    first = Fraction(196, 100) ** 2 / 4 / Fraction(str(margin)) ** 2
    if population is None:
        return math.ceil(first)
    if population <= 0:
        return 0
    return math.ceil(first / (1 + (first - 1) / population))


def margin(count: int, population: int | None = None) -> float:
    """Return the half-width of the 95 % interval, a share, of a sample of ``count`` at p = 0.5.

    >>> round(margin(610) * 100, 2), round(margin(18_293, 3_246_424) * 100, 2)
    (3.97, 0.72)
    """
    if count <= 0:
        return 1.0
    rest = 1.0 if population is None or population <= 1 else max(0.0, (population - count) / (population - 1))
    return Z * math.sqrt(0.25 / count * rest)
