"""Where households live: one address for a household, towns by size."""

import numpy as np

from opora.simulation.people.families import Families
from opora.simulation.people.plan import Aspect, Place, Plan
from opora.simulation.people.words import streets, texts


def make_addresses(plan: Plan, place: Place, block: int, families: Families) -> np.ndarray:
    """Return the address of every person as one text; the same for a household."""
    rng = plan.rng(block, Aspect.PLACES)
    count = len(families.sex)
    weights = 1 / np.arange(1, len(place.territory.towns) + 1)
    running = np.cumsum(weights) / weights.sum()
    town = texts(place.territory.towns)[
        np.searchsorted(running, rng.random(count), side="right").clip(max=len(weights) - 1)
    ]
    names = streets()
    street = names[(len(names) * rng.random(count) ** 1.6).astype(np.int64)]
    house, flat = rng.integers(1, 140, count), rng.integers(0, 180, count)
    written = [
        f"г. {where}, ул. {road}, д. {number}" + (f", кв. {room}" if room else "")
        for where, road, number, room in zip(town, street, house.tolist(), flat.tolist(), strict=True)
    ]
    return texts(written)[families.household]
