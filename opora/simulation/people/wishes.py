"""What gives rights of one's own, and what people allowed. All shares are assumed."""

import numpy as np

from opora.simulation.people import numbers
from opora.simulation.people.families import NOBODY, YEAR, Families
from opora.simulation.people.plan import Aspect, Plan
from opora.simulation.people.table import DAY, NAT, Table, days_between, same, stacked


def make_categories(plan: Plan, block: int, families: Families) -> Table:
    """Categories by age; a family with three children under 18 is a large one for all under its roof."""
    rng = plan.rng(block, Aspect.CATEGORIES)
    age = families.age(plan)
    count = len(age)
    children = np.bincount(families.mother[(families.mother != NOBODY) & (age < 18)], minlength=count)
    large = np.zeros(count, dtype=bool)
    large[families.household[children >= 3]] = True
    people = np.bincount(families.household, minlength=count)
    group = np.searchsorted(np.cumsum([0.011, 0.035, 0.030]), rng.random(count) / (0.4 + age / 50), side="right")
    group = np.where(age >= 18, group, 3)
    chosen = [
        ("disabled_1", group == 0),
        ("disabled_2", group == 1),
        ("disabled_3", group == 2),
        ("disabled_child", (age < 18) & (rng.random(count) < 0.024)),
        ("limited_mobility", (group == 0) & (rng.random(count) < 0.5) | (age >= 85) & (rng.random(count) < 0.3)),
        ("large_family", large[families.household]),
        ("war_veteran", (age >= 88) & (rng.random(count) < 0.12)),
        ("combat_veteran", (families.sex == 1) & (age >= 20) & (rng.random(count) < 0.015)),
        ("labour_veteran", (age >= 60) & (rng.random(count) < 0.16)),
        ("lonely", (people[families.household] == 1) & (age >= 75) & (rng.random(count) < 0.4)),
        ("hard_of_hearing", rng.random(count) < np.where(age >= 70, 0.06, 0.003)),
        ("low_vision", rng.random(count) < np.where(age >= 70, 0.03, 0.002)),
    ]
    return stacked(*[_category(plan, rng, families, code, np.flatnonzero(who)) for code, who in chosen])


def _category(plan: Plan, rng: np.random.Generator, families: Families, code: str, person: np.ndarray) -> Table:
    today = np.full(len(person), numbers.day(plan.as_of))
    since = days_between(rng, np.maximum(families.born[person], today - int(12 * YEAR) * DAY), today)
    count = len(person)
    return Table(person, {"code": same(code, count), "since": since, "until": np.full(count, NAT)})


def make_consents(plan: Plan, block: int, families: Families) -> Table:
    """Consents and refusals; a withdrawal leaves the former word standing and is written after it."""
    rng = plan.rng(block, Aspect.CONSENTS)
    age, count = families.age(plan), len(families.sex)
    grown = age >= 18
    chance = rng.random(count)
    wanted = [
        ("sms", "informing", True, grown & (chance < 0.22)),
        ("messenger", "informing", True, grown & (chance > 0.9) & (age < 60)),
        ("email", "news", True, grown & (chance > 0.4) & (chance < 0.43)),
        ("call", "survey", False, grown & (chance > 0.5) & (chance < 0.52)),
        ("call", "informing", False, grown & (chance > 0.6) & (chance < 0.615)),
        ("sms", "informing", False, grown & (chance > 0.7) & (chance < 0.71)),
    ]
    today = numbers.day(plan.as_of)
    tables = [_consent(rng, channel, purpose, yes, np.flatnonzero(who), today) for channel, purpose, yes, who in wanted]
    given = tables[0]
    back = rng.random(len(given)) < 0.03
    withdrawn = Table(given.person[back], {name: column[back] for name, column in given.columns.items()})
    withdrawn.columns["is_granted"] = np.zeros(len(withdrawn), dtype=bool)
    said = withdrawn.columns["decided_on"]
    withdrawn.columns["decided_on"] = days_between(rng, said, np.full(len(said), today))
    return stacked(*tables, withdrawn)


def _consent(
    rng: np.random.Generator, channel: str, purpose: str, yes: bool, person: np.ndarray, today: np.datetime64
) -> Table:
    count = len(person)
    decided = today - rng.integers(1, 1800, count) * DAY
    return Table(
        person,
        {
            "channel": same(channel, count),
            "purpose": same(purpose, count),
            "is_granted": np.full(count, yes),
            "decided_on": decided,
            "source": np.where(rng.random(count) < 0.7, "application", "call").astype(object),
        },
    )
