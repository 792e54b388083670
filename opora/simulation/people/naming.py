"""Names of a block: surnames go through families, given names follow the year of birth, patronymics the father."""

from dataclasses import dataclass

import numpy as np

from opora.simulation.people.families import NOBODY, Families
from opora.simulation.people.patronymics import patronymic
from opora.simulation.people.plan import Aspect, Place, Plan
from opora.simulation.people.words import GROUPS, NAME_GROUP, given_names, surname_list

TAKES_HIS_NAME = 0.84  # of wives; assumed, as all shares here
JOINS_BOTH_NAMES = 0.08
CHANGED_WITHOUT_PARTNER = 0.45  # of women from 30 living alone: widows and divorced who keep a husband's name
BORN_WITH_DOUBLE_NAME = 0.015
NO_PATRONYMIC = 0.004


@dataclass(frozen=True)
class Names:
    """Texts of every person; ``former`` is the maiden surname or None, ``group`` the index in GROUPS."""

    surname: np.ndarray
    given: np.ndarray
    patronymic: np.ndarray
    former: np.ndarray
    group: np.ndarray


def make_names(plan: Plan, place: Place, block: int, families: Families) -> Names:
    """Return the names of a block."""
    rng = plan.rng(block, Aspect.NAMES)
    group = _groups(rng, place, families)
    first, second, former = _surnames(rng, plan, families, group)
    given, father = _given(rng, families, group)
    words = given_names().words
    return Names(
        surname=_written(first, second, families.sex),
        given=words[given],
        patronymic=_patronymics(rng, father, families.sex, group),
        former=_former(former),
        group=group,
    )


def _groups(rng: np.random.Generator, place: Place, families: Families) -> np.ndarray:
    """One group for a household, by the shares of the territory."""
    running = np.cumsum(place.territory.groups)
    drawn = np.searchsorted(running, rng.random(len(families.sex)), side="right").clip(max=len(GROUPS) - 1)
    return drawn[families.household]


def _by_group(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    drawn = np.empty(len(group), dtype=np.int64)
    for number, frequencies in enumerate(surname_list().groups):
        mask = group == number
        drawn[mask] = frequencies.draw(rng, int(mask.sum()))
    return drawn


def _surnames(
    rng: np.random.Generator, plan: Plan, families: Families, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return indices: surname, second part of a double one or NOBODY, maiden surname or NOBODY."""
    count = len(group)
    sex, partner, mother, father = families.sex, families.partner, families.mother, families.father
    maiden, other, chance = _by_group(rng, group), _by_group(rng, group), rng.random(count)
    second = np.where((rng.random(count) < BORN_WITH_DOUBLE_NAME) & (other != maiden), other, NOBODY)
    first, former = maiden.copy(), np.full(count, NOBODY)

    wife = (sex == 2) & (partner != NOBODY)
    his = np.where(wife, first[partner], NOBODY)
    takes = wife & (chance < TAKES_HIS_NAME) & (his != maiden)
    joins = wife & (chance >= 1 - JOINS_BOTH_NAMES) & (his != maiden)
    alone = (sex == 2) & (partner == NOBODY) & (mother == NOBODY) & (families.age(plan) >= 30)
    widow = alone & (chance < CHANGED_WITHOUT_PARTNER) & (other != maiden)
    former[takes | joins | widow] = maiden[takes | joins | widow]
    first[takes], second[takes] = his[takes], second[partner[takes]]
    first[joins], second[joins] = maiden[joins], his[joins]
    first[widow], second[widow] = other[widow], NOBODY
    _inherit(first, second, mother, father)
    return first, second, former


def _inherit(first: np.ndarray, second: np.ndarray, mother: np.ndarray, father: np.ndarray) -> None:
    """Children bear the father's name, else the mother's; eldest generation first (at most four under one roof)."""
    source = np.where(father != NOBODY, father, mother)
    child = np.flatnonzero(source != NOBODY)
    for _ in range(4):
        first[child], second[child] = first[source[child]], second[source[child]]


def _given(rng: np.random.Generator, families: Families, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return indices of the given names and of the fathers' names, those of unknown fathers drawn 28 years earlier."""
    year = families.born.astype("datetime64[Y]").astype(np.int64) + 1970
    kind = np.array([NAME_GROUP[name] for name in GROUPS])[group]
    given = _by_cohort(rng, kind, families.sex, year)
    father = _by_cohort(rng, kind, np.ones_like(families.sex), year - 28)
    known = families.father != NOBODY
    father[known] = given[families.father[known]]
    return given, father


def _by_cohort(rng: np.random.Generator, kind: np.ndarray, sex: np.ndarray, year: np.ndarray) -> np.ndarray:
    drawn = np.empty(len(sex), dtype=np.int64)
    for (group, of_sex), cohorts in given_names().cohorts.items():
        since = -1
        for cohort in cohorts:
            mask = (kind == group) & (sex == of_sex) & (year > since) & (year <= cohort.until)
            drawn[mask] = cohort.names.draw(rng, int(mask.sum()))
            since = cohort.until
    return drawn


def _written(first: np.ndarray, second: np.ndarray, sex: np.ndarray) -> np.ndarray:
    names = surname_list()
    written = np.where(sex == 1, names.masculine[first], names.feminine[first])
    double = np.flatnonzero(second != NOBODY)
    forms = np.where(sex[double] == 1, names.masculine[second[double]], names.feminine[second[double]])
    for place, form in zip(double.tolist(), forms.tolist(), strict=True):
        written[place] = f"{written[place]}-{form}"
    return written


def _former(maiden: np.ndarray) -> np.ndarray:
    written = surname_list().feminine[maiden]
    written[maiden == NOBODY] = None
    return written


def _patronymics(rng: np.random.Generator, father: np.ndarray, sex: np.ndarray, group: np.ndarray) -> np.ndarray:
    words = given_names().words
    forms = [np.array([patronymic(word, of_sex) for word in words], dtype=object) for of_sex in (1, 2)]
    written = np.where(sex == 1, forms[0][father], forms[1][father])
    foreign = group == GROUPS.index("other")
    written[rng.random(len(sex)) < np.where(foreign, 0.05, NO_PATRONYMIC)] = ""
    return written
