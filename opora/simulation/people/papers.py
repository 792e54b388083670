"""Papers of people: former names, identity documents, policies and attachments over time. All shares are assumed."""

import numpy as np

from opora.simulation.people import numbers
from opora.simulation.people.families import YEAR, Families
from opora.simulation.people.naming import Names
from opora.simulation.people.plan import BLOCK, Aspect, Place, Plan
from opora.simulation.people.table import DAY, NAT, Table, days_between, same, stacked
from opora.simulation.people.words import GROUPS

UNIFORM_SINCE = np.datetime64("2011-05-01")  # policies of the uniform kind
ELECTRONIC_SINCE = np.datetime64("2022-12-01")  # a policy is a record of the register
CHANGED_INSURER, HAD_TEMPORARY, OLD_POLICY, NO_LONGER_INSURED = 0.22, 0.06, 0.02, 0.008
FOREIGNERS = 0.015
UNATTACHED, CHANGED_CLINIC = 0.03, 0.14


def shares(count: int) -> np.ndarray:
    """Return running shares of ``count`` organisations, each next about two thirds of the one before."""
    weights = 0.66 ** np.arange(count)
    return np.cumsum(weights) / weights.sum()


def drawn(rng: np.random.Generator, running: np.ndarray, count: int) -> np.ndarray:
    return np.searchsorted(running, rng.random(count), side="right").clip(max=len(running) - 1)


def make_former_names(plan: Plan, block: int, families: Families, names: Names) -> Table:
    """Maiden names: borne until a day between nineteen and today."""
    rng = plan.rng(block, Aspect.DOCUMENTS)
    person = np.flatnonzero(names.former != None)  # noqa: E711 - element by element
    first = families.born[person] + int(19 * YEAR) * DAY
    last = np.minimum(first + int(14 * YEAR) * DAY, numbers.day(plan.as_of))
    return Table(
        person,
        {
            "surname": names.former[person],
            "given_name": names.given[person],
            "patronymic": names.patronymic[person],
            "until": np.minimum(days_between(rng, first, last), numbers.day(plan.as_of)),
        },
    )


def make_documents(plan: Plan, place: Place, block: int, families: Families, names: Names) -> Table:
    """One valid document each: birth certificates up to 14, then passports; a few foreign papers."""
    rng = plan.rng(block, Aspect.DOCUMENTS)
    count = len(families.sex)
    age = families.age(plan)
    alien = rng.random(count) < np.where(names.group == GROUPS.index("other"), 4, 0.6) * FOREIGNERS
    kind = np.where(age < 14, "3", "14").astype(object)
    kind[alien] = np.where(age < 14, "24", np.array(["9", "11", "21", "23"])[rng.integers(0, 4, count)])[alien]
    # A passport is changed at 20 and 45; one asked for in time comes within a month.
    since = np.select([age < 14, age < 20, age < 45], [0, 14, 20], 45)
    issued = families.born + (since * YEAR).astype(np.int64) * DAY + rng.integers(3, 33, count) * DAY
    issued = np.minimum(issued, numbers.day(plan.as_of))
    year = issued.astype("datetime64[Y]").astype(np.int64) + 1970
    series = same("", count)
    series[:] = [f"00 {passport % 100:02d}" for passport in year.tolist()]
    series[age < 14] = "ХХ-ЯЯ"
    series[alien] = "ЯЯ"
    number = numbers.digits(numbers.scattered(block * BLOCK + np.arange(count), 50_000_000, plan.seed) % 1_000_000, 6)
    return Table(
        np.arange(count),
        {
            "kind": kind,
            "series": series,
            "number": number,
            "issued_on": issued,
            "issuer": same(f"Выдан для примера, {place.territory.name}", count),
            "is_current": np.ones(count, dtype=bool),
        },
    )


def make_policies(plan: Plan, block: int, families: Families, enp: np.ndarray) -> tuple[Table, np.ndarray]:
    """Return policies, none overlapping another of its holder, and the insurer of today (−1 none)."""
    rng = plan.rng(block, Aspect.POLICIES)
    count = len(families.sex)
    today = numbers.day(plan.as_of)
    born = families.born
    running = shares(plan.insurers)
    insurer = drawn(rng, running, count)[families.household]
    alone = rng.random(count) < 0.15
    insurer[alone] = drawn(rng, running, int(alone.sum()))
    former = np.where(insurer == 0, plan.insurers - 1, insurer - 1)
    chance = rng.random(count)

    first = np.maximum(born + rng.integers(3, 60, count) * DAY, UNIFORM_SINCE + rng.integers(0, 1600, count) * DAY)
    first = np.minimum(first, today)
    room = (today - first).astype(np.int64) > 400
    changed = room & (chance < CHANGED_INSURER) & (plan.insurers > 1)
    temporary = ~changed & (chance < CHANGED_INSURER + HAD_TEMPORARY) & ((first - born).astype(np.int64) > 100)
    temporary &= first < ELECTRONIC_SINCE
    old = (chance > 1 - OLD_POLICY) & (born < np.datetime64("2009-01-01"))
    since = np.where(changed, days_between(rng, first + 365 * DAY, np.full(count, today)), first)
    since = np.where(old, np.maximum(born, np.datetime64("2003-01-01")) + rng.integers(30, 700, count) * DAY, since)
    gone = room & (rng.random(count) < NO_LONGER_INSURED)
    until = np.where(gone, days_between(rng, since + DAY, np.full(count, today - DAY)), NAT)
    until = np.where(gone & (until < since), since, until)
    serial = numbers.digits(np.arange(count) + block % 900 * BLOCK, 7)

    everyone = np.arange(count)
    current = Table(
        everyone,
        {
            "kind": np.where(old, 1, _kind(since)),
            "series": np.where(old, "000001", "").astype(object),
            "number": np.where(old, serial, enp),
            "insurer": insurer,
            "since": since,
            "until": until,
        },
    )
    earlier, before = np.flatnonzero(changed & ~old), np.flatnonzero(temporary & ~old)
    previous = Table(
        earlier,
        {
            "kind": _kind(first[earlier]),
            "series": same("", len(earlier)),
            "number": enp[earlier],
            "insurer": former[earlier],
            "since": first[earlier],
            "until": since[earlier] - DAY,
        },
    )
    certificates = Table(
        before,
        {
            "kind": np.full(len(before), 2),
            "series": same("", len(before)),
            "number": "00" + serial[before],
            "insurer": insurer[before],
            "since": since[before] - 30 * DAY,
            "until": since[before] - DAY,
        },
    )
    return stacked(current, previous, certificates), np.where(gone, -1, insurer)


def _kind(since: np.ndarray) -> np.ndarray:
    return np.where(since >= ELECTRONIC_SINCE, 4, 3)


def make_attachments(plan: Plan, block: int, families: Families) -> tuple[Table, np.ndarray]:
    """Return attachments, and the clinic of today (−1 none); the last clinic of a territory is the children's one."""
    rng = plan.rng(block, Aspect.ATTACHMENTS)
    count = len(families.sex)
    today, age, born = numbers.day(plan.as_of), families.age(plan), families.born
    clinic = drawn(rng, shares(max(plan.clinics - 1, 1)), count)[families.household]
    if plan.clinics > 1:
        clinic = np.where((age < 18) & (rng.random(count) < 0.4), plan.clinics - 1, clinic)
    attached = rng.random(count) >= UNATTACHED
    earliest = np.maximum(born, UNIFORM_SINCE)
    since = days_between(rng, earliest, np.full(count, today))
    changed = attached & (rng.random(count) < CHANGED_CLINIC) & ((since - earliest).astype(np.int64) > 60)
    begun = days_between(rng, earliest, since - 30 * DAY)
    women = attached & (families.sex == 2) & (age >= 18) & (age < 55) & (rng.random(count) < 0.25)
    dental = attached & (rng.random(count) < 0.06)
    area = same("", count)
    area[:] = [str(number) for number in rng.integers(1, 41, count).tolist()]

    def rows(who: np.ndarray, profile: str, where: np.ndarray, first: np.ndarray, last: np.ndarray) -> Table:
        person = np.flatnonzero(who)
        return Table(
            person,
            {
                "profile": same(profile, len(person)),
                "provider": where[person],
                "area": area[person] if profile == "therapy" else same("", len(person)),
                "doctor_snils": same("", len(person)),
                "since": first[person],
                "until": last[person],
            },
        )

    still = np.full(count, NAT)
    table = stacked(
        rows(attached, "therapy", clinic, since, still),
        rows(changed, "therapy", (clinic + 1) % plan.clinics, begun, since - DAY),
        rows(women, "women", clinic, since, still),
        rows(dental, "dental", clinic, since, still),
    )
    return table, np.where(attached, clinic, -1)
