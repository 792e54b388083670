"""A block: 10 000 people of one territory with everything the register keeps about them."""

from dataclasses import dataclass

import numpy as np

from opora.simulation.people import numbers
from opora.simulation.people.contacts import make_contacts
from opora.simulation.people.families import Families, make_families
from opora.simulation.people.naming import Names, make_names
from opora.simulation.people.papers import make_attachments, make_documents, make_former_names, make_policies
from opora.simulation.people.places import make_addresses
from opora.simulation.people.plan import BLOCK, Aspect, Place, Plan
from opora.simulation.people.table import DAY, Table, same
from opora.simulation.people.wishes import make_categories, make_consents
from opora.simulation.people.words import GROUPS, territories

NO_SNILS, MOVED, LIVES_ELSEWHERE = 0.02, 0.04, 0.006
LANGUAGES = {"tatar": ("tt", 0.03), "caucasian": ("av", 0.02), "armenian": ("hy", 0.02), "other": ("uz", 0.03)}


@dataclass(frozen=True)
class Block:
    """``people`` has one row a person, in order; ``children`` the rows of every other table of the register by name."""

    place: Place
    families: Families
    people: Table
    children: dict[str, Table]

    def of(self, keep: np.ndarray) -> "Block":
        """Return the block with only those people (indices stay those of the whole block)."""
        children = {name: table.of(keep) for name, table in self.children.items()}
        return Block(self.place, self.families, self.people.of(keep), children)


def make_block(plan: Plan, number: int, place: Place) -> Block:
    """Return block ``number`` of the plan; the same for ever for the same seed, whatever was made before it."""
    families = make_families(plan, number, BLOCK)
    rng = plan.rng(number, Aspect.NUMBERS)
    region = _regions(rng, place)
    families, enp = _policy_numbers(families, region, place.ordinal)
    names = make_names(plan, place, number, families)
    policies, insurer = make_policies(plan, number, families, enp)
    attachments, provider = make_attachments(plan, number, families)
    addresses = make_addresses(plan, place, number, families)
    return Block(
        place=place,
        families=families,
        people=Table(
            np.arange(BLOCK),
            {
                "surname": names.surname,
                "given_name": names.given,
                "patronymic": names.patronymic,
                "birth_on": families.born,
                "sex": families.sex,
                "enp": enp,
                "snils": _snils(plan, rng, number),
                "insurer": insurer,
                "provider": provider,
                "language": _languages(rng, names),
                "time_zone": _time_zones(rng, place),
            },
        ),
        children={
            "formername": make_former_names(plan, number, families, names),
            "identitydocument": make_documents(plan, place, number, families, names),
            "personcategory": make_categories(plan, number, families),
            "policy": policies,
            "attachment": attachments,
            "contact": make_contacts(plan, place, number, families, names, addresses),
            "consent": make_consents(plan, number, families),
        },
    )


def _regions(rng: np.random.Generator, place: Place) -> np.ndarray:
    """Return the region that issued each number: a number stays when its holder moves.

    Regions outside the simulation are dealt out to territories, so that no two territories meet in one.
    """
    own = {territory.enp_region for territory in territories()}
    others = [code for code in range(1, 90) if f"{code:02d}" not in own]
    foreign = np.array(others[place.index :: len(territories())])
    region = np.full(BLOCK, int(place.territory.enp_region))
    moved = rng.random(BLOCK) < MOVED
    region[moved] = foreign[rng.integers(0, len(foreign), int(moved.sum()))]
    return region


def _policy_numbers(families: Families, region: np.ndarray, ordinal: int) -> tuple[Families, np.ndarray]:
    """Return policy numbers; who finds no free serial is born a day earlier (a few in a million)."""
    while True:
        code = numbers.birth_code(families.born, families.sex)
        enp = numbers.policy_numbers(region, code, ordinal)
        crowded = enp < 0
        if not crowded.any():
            return families, numbers.digits(enp, 16)
        families.born[crowded] -= DAY


def _snils(plan: Plan, rng: np.random.Generator, number: int) -> np.ndarray:
    written = numbers.digits(numbers.snils(number * BLOCK + np.arange(BLOCK), plan.seed), 11)
    written[rng.random(BLOCK) < NO_SNILS] = None
    return written


def _languages(rng: np.random.Generator, names: Names) -> np.ndarray:
    language = same("ru", BLOCK)
    chance = rng.random(BLOCK)
    for group, (code, share) in LANGUAGES.items():
        language[(names.group == GROUPS.index(group)) & (chance < share)] = code
    return language


def _time_zones(rng: np.random.Generator, place: Place) -> np.ndarray:
    """Return "" for those who live by the clock of their territory, another zone for a few."""
    zones = sorted({territory.time_zone for territory in territories()} - {place.territory.time_zone})
    zone = same("", BLOCK)
    away = np.flatnonzero(rng.random(BLOCK) < LIVES_ELSEWHERE)
    zone[away] = np.array(zones, dtype=object)[rng.integers(0, len(zones), len(away))]
    return zone
