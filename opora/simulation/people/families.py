"""Ages by the pyramid, then couples, children and households. Everybody is an index 0…n−1 of the block."""

from dataclasses import dataclass

import numpy as np

from opora.simulation.people.numbers import day
from opora.simulation.people.plan import Aspect, Plan
from opora.simulation.people.words import pyramid

MARRIED = 0.62  # men from 22 living in a couple; assumed
NOBODY = -1
YEAR = 365.2425


@dataclass(frozen=True)
class Families:
    """Sex (1, 2), birth day (datetime64[D]), partner, mother, father (NOBODY = not in the household), household."""

    sex: np.ndarray
    born: np.ndarray
    partner: np.ndarray
    mother: np.ndarray
    father: np.ndarray
    household: np.ndarray

    def age(self, plan: Plan) -> np.ndarray:
        """Return whole years on the day of the plan."""
        return full_years(self.born, day(plan.as_of))


def full_years(born: np.ndarray, on: np.datetime64) -> np.ndarray:
    """Return how many birthdays have passed.

    >>> full_years(np.array(["2000-03-02", "2000-03-01"], dtype="datetime64[D]"), np.datetime64("2026-03-01")).tolist()
    [25, 26]
    """
    months = on.astype("datetime64[M]").astype(np.int64) - born.astype("datetime64[M]").astype(np.int64)
    late = (born - born.astype("datetime64[M]")) > (on - on.astype("datetime64[M]"))
    return (months - late) // 12


def make_families(plan: Plan, block: int, count: int) -> Families:
    """Return ``count`` people with their ties."""
    sex, born = _people(plan, plan.rng(block, Aspect.AGES), count)
    rng = plan.rng(block, Aspect.FAMILIES)
    age = full_years(born, day(plan.as_of))
    partner = _couples(rng, sex, born, age)
    mother = _mothers(rng, sex, born, age, partner)
    father = np.where(mother == NOBODY, NOBODY, partner[mother])
    father[(father != NOBODY) & ((born - born[father]) < np.timedelta64(int(16 * YEAR), "D"))] = NOBODY
    lives_with = np.where((sex == 2) & (partner != NOBODY), partner, np.arange(count))
    household = _heads(np.where(mother == NOBODY, lives_with, mother))
    return Families(sex, born, partner, mother, father, household)


def _heads(lives_with: np.ndarray) -> np.ndarray:
    """Follow who lives with whom up to the one who lives with himself."""
    while not np.array_equal(lives_with, above := lives_with[lives_with]):
        lives_with = above
    return lives_with


def _people(plan: Plan, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    rows = pyramid()
    weights = rows[:, 1:].ravel()  # men, women of the first group, men, women of the second …
    running = np.cumsum(weights) / weights.sum()
    cell = np.searchsorted(running, rng.random(count), side="right").clip(max=len(weights) - 1)
    days_old = ((rows[cell // 2, 0] + rng.random(count) * 5) * YEAR).astype(np.int64)
    return (cell % 2 + 1).astype(np.int8), day(plan.as_of) - days_old.astype("timedelta64[D]")


def _couples(rng: np.random.Generator, sex: np.ndarray, born: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Pair men with women born about two years later; nobody is taken twice."""
    men = np.flatnonzero((sex == 1) & (age >= 22) & (rng.random(len(sex)) < MARRIED))
    women = np.flatnonzero((sex == 2) & (age >= 19))
    women = women[np.argsort(born[women], kind="stable")]
    wished = born[men] + (rng.normal(2, 3, len(men)) * YEAR).astype("timedelta64[D]")
    order = np.argsort(wished, kind="stable")
    men, wished = men[order], wished[order]
    # The first free woman not older than wished: a running maximum pushes those who wish the same one further.
    steps = np.arange(len(men))
    chosen = np.maximum.accumulate(np.searchsorted(born[women], wished) - steps) + steps
    found = chosen < len(women)
    men, women = men[found], women[chosen[found]]
    partner = np.full(len(sex), NOBODY)
    partner[men], partner[women] = women, men
    return partner


def _mothers(
    rng: np.random.Generator, sex: np.ndarray, born: np.ndarray, age: np.ndarray, partner: np.ndarray
) -> np.ndarray:
    """Give children, and grown-up ones still at home, a mother 17 to 45 years older."""
    at_home = np.select([age < 18, age < 25, age < 35], [1.0, 0.6, 0.15], 0.0)
    children = np.flatnonzero((rng.random(len(sex)) < at_home) & (partner == NOBODY))
    women = np.flatnonzero((sex == 2) & (age >= 18))
    mother = np.full(len(sex), NOBODY)
    if not len(women):
        return mother
    women = women[np.argsort(born[women], kind="stable")]
    gap = rng.normal(28, 5, len(children)).clip(18, 43)
    wished = born[children] - (gap * YEAR).astype("timedelta64[D]")
    # Only every second woman near the wished age is a mother: families of two and three come out, not ones alone.
    place = (np.searchsorted(born[women], wished) // 2 * 2).clip(max=len(women) - 1)
    mothers = women[place]
    years = (born[children] - born[mothers]).astype(np.int64) / YEAR
    fits = (years >= 17) & (years <= 45) & (mothers != children)
    mother[children[fits]] = mothers[fits]
    return mother
