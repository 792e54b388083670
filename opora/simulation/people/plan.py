"""What is to be made: the seed, the day people are looked at, the territories and their share of blocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

import numpy as np

from opora.simulation.people.errors import TooManyPeople
from opora.simulation.people.words import Territory, territories

BLOCK = 10_000
FULL_SCALE = 3_246_424  # insured of one insurer on 31.12.2023, a published figure
BLOCKS_PER_TERRITORY = 500  # each block owns 8 of the 4000 synthetic serials of every (region, birth date, sex)
AS_OF = date(2026, 10, 1)


class Aspect(IntEnum):
    """Every side of a person has its own stream of chance, so that a change of one leaves the others alone."""

    AGES = 1
    FAMILIES = 2
    NAMES = 3
    NUMBERS = 4
    CONTACTS = 5
    POLICIES = 6
    DOCUMENTS = 7
    ATTACHMENTS = 8
    CATEGORIES = 9
    CONSENTS = 10
    PLACES = 11


@dataclass(frozen=True)
class Place:
    """Where a block lives: the territory, its index among all known ones, and the block's ordinal within it."""

    territory: Territory
    index: int
    ordinal: int


@dataclass(frozen=True)
class Plan:
    """A request for people; ``insurers`` and ``clinics`` are how many of each every territory has."""

    seed: int = 1
    as_of: date = AS_OF
    insurers: int = 3
    clinics: int = 8
    territories: tuple[Territory, ...] = field(default_factory=territories)

    def rng(self, block: int, aspect: Aspect) -> np.random.Generator:
        return np.random.default_rng([self.seed, block, int(aspect)])

    def places(self, count: int) -> list[Place]:
        """Return the places of the first ``count`` blocks; the n-th never depends on ``count``.

        Each next block goes to the territory that is furthest behind its weight. Raises TooManyPeople.
        """
        shares = np.array([territory.weight for territory in self.territories])
        shares /= shares.sum()
        taken = np.zeros(len(shares))
        places = []
        for number in range(count):
            index = int(np.argmax(shares * (number + 1) - taken))
            ordinal = int(taken[index])
            if ordinal >= BLOCKS_PER_TERRITORY:
                raise TooManyPeople
            territory = self.territories[index]
            places.append(Place(territory, territories().index(territory), ordinal))
            taken[index] += 1
        return places


def people_at(scale: float) -> int:
    """Return the number of people of a scale: 1 is 3 246 424, never less than one.

    >>> people_at(1), people_at(0.001)
    (3246424, 3246)
    """
    return max(1, round(FULL_SCALE * scale))


def block_sizes(people: int) -> Iterator[tuple[int, int]]:
    """Yield (block number, people of it wanted): whole blocks and the rest."""
    for number, first in enumerate(range(0, people, BLOCK)):
        yield number, min(BLOCK, people - first)
