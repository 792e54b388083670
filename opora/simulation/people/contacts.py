"""How people are reached: phones of every quality, shared in families; e-mails, addresses. All shares are assumed."""

import numpy as np

from opora.simulation.people import numbers
from opora.simulation.people.families import NOBODY, Families
from opora.simulation.people.naming import Names
from opora.simulation.people.plan import BLOCK, Aspect, Place, Plan
from opora.simulation.people.table import DAY, NAT, Table, days_between, same, stacked

# Of all people: no phone at all, one that cannot be dialled, somebody else's, cut off. Together the promised 20 %.
MISSING, SHORT, WRONG, DEAD = 0.08, 0.04, 0.04, 0.04
LAND_LINE, SECOND_MOBILE, EMAIL = 0.12, 0.06, 0.24
CONFIRMED = 0.55
SHARED_BY_COUPLE, SHARED_BY_GROWN_CHILD = 0.08, 0.10
SOURCES = np.array(["register", "insurer", "provider", "call", "application"], dtype=object)
_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_IN_LATIN = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh sch - y - e yu ya"
_LATIN = str.maketrans({letter: latin.strip("-") for letter, latin in zip(_LETTERS, _IN_LATIN.split(), strict=True)})


def make_contacts(
    plan: Plan, place: Place, block: int, families: Families, names: Names, addresses: np.ndarray
) -> Table:
    """Return every contact of the block."""
    rng = plan.rng(block, Aspect.CONTACTS)
    count = len(families.sex)
    everyone = np.arange(count)
    fate = np.searchsorted(np.cumsum([MISSING, SHORT, WRONG, DEAD]), rng.random(count), side="right")
    mobile = numbers.MOBILE_FIRST + numbers.scattered(block * BLOCK + everyone, numbers.MOBILE_COUNT, plan.seed)
    return stacked(
        _first_phones(plan, rng, families, fate, mobile),
        _second_phones(plan, rng, place, families, fate, block),
        _emails(plan, rng, families, names),
        _table(everyone, "address", addresses, same("", count), rng=rng),
    )


def _first_phones(
    plan: Plan, rng: np.random.Generator, families: Families, fate: np.ndarray, mobile: np.ndarray
) -> Table:
    """The phone everybody is asked for first: fate 0 none, 1 short, 2 wrong, 3 dead, 4 good."""
    count = len(fate)
    bearer, owner = _bearers(plan, rng, families)
    stranger = rng.permutation(count)
    number = mobile[np.where((fate == 2) & (stranger != bearer), stranger, bearer)]
    person = np.flatnonzero(fate > 0)
    number, fate = number[person], fate[person]
    confirmed = (fate == 4) & (rng.random(len(person)) < CONFIRMED)
    state = np.select([fate == 2, fate == 3, confirmed], ["wrong", "dead", "confirmed"], "unconfirmed").astype(object)
    value = _written(rng, number)
    short = np.flatnonzero(fate == 1)
    value[short] = _cut(rng, number[short])
    today = same(numbers.day(plan.as_of), len(person)).astype("datetime64[D]")
    return _table(
        person,
        "phone",
        value,
        np.where(fate == 1, "", _international(number)),
        rng=rng,
        phone_kind=np.where(fate == 1, "", "mobile").astype(object),
        owner=owner[person],
        state=state,
        is_preferred=fate == 4,
        confirmed_on=np.where(confirmed, days_between(rng, today - 1000 * DAY, today), NAT),
    )


def _bearers(plan: Plan, rng: np.random.Generator, families: Families) -> tuple[np.ndarray, np.ndarray]:
    """Return whose phone each person names, and what that one is to him."""
    count = len(families.sex)
    age, chance = families.age(plan), rng.random(count)
    bearer = np.arange(count)
    parent = np.where(rng.random(count) < 0.8, families.mother, families.father)
    parent = np.where(parent == NOBODY, families.mother, parent)
    child = (parent != NOBODY) & (chance < np.select([age < 12, age < 18], [1.0, 0.4], SHARED_BY_GROWN_CHILD))
    couple = (families.partner != NOBODY) & (chance < SHARED_BY_COUPLE) & (families.sex == 2)
    bearer[child], bearer[couple] = parent[child], families.partner[couple]
    owner = np.select([child & (age < 18), child | couple], ["representative", "relative"], "self").astype(object)
    return bearer, owner


def _second_phones(
    plan: Plan, rng: np.random.Generator, place: Place, families: Families, fate: np.ndarray, block: int
) -> Table:
    """Land lines, one for a household, and a second mobile number of those who can be reached anyway."""
    count = len(families.sex)
    chance = rng.random(count)
    home = np.flatnonzero((chance[families.household] < LAND_LINE) & (fate > 0))
    line = numbers.scattered(
        (place.ordinal * BLOCK + families.household[home]) % numbers.LAND_COUNT, numbers.LAND_COUNT, plan.seed
    )
    land = int(place.territory.area_code) * 10_000_000 + line
    second = np.flatnonzero((chance > 1 - SECOND_MOBILE) & (fate == 4))
    # The upper half of the mobile numbers: the first phones of populations below 25 million never reach it.
    reserve = (numbers.MOBILE_COUNT // 2 + block * BLOCK + second) % numbers.MOBILE_COUNT
    mobile = numbers.MOBILE_FIRST + numbers.scattered(reserve, numbers.MOBILE_COUNT, plan.seed)
    number = np.concatenate([land, mobile])
    kinds = np.concatenate([same("landline", len(home)), same("mobile", len(second))])
    return _table(
        np.concatenate([home, second]),
        "phone",
        _written(rng, number),
        _international(number),
        rng=rng,
        phone_kind=kinds,
    )


def _emails(plan: Plan, rng: np.random.Generator, families: Families, names: Names) -> Table:
    age = families.age(plan)
    likely = np.select([age < 16, age < 45, age < 70], [0.0, 1.5 * EMAIL, EMAIL], 0.2 * EMAIL)
    person = np.flatnonzero(rng.random(len(age)) < likely)
    year = families.born[person].astype("datetime64[Y]").astype(np.int64) + 1970
    written = np.empty(len(person), dtype=object)
    written[:] = [
        f"{given[0]}.{surname.partition('-')[0]}{born % 100:02d}.{place}@pochta.example".lower().translate(_LATIN)
        for given, surname, born, place in zip(
            names.given[person], names.surname[person], year.tolist(), person.tolist(), strict=True
        )
    ]
    return _table(person, "email", written, written, rng=rng)


def _table(
    person: np.ndarray,
    kind: str,
    value: np.ndarray,
    normalised: np.ndarray,
    *,
    rng: np.random.Generator,
    **given: np.ndarray,
) -> Table:
    count = len(person)
    usual = {
        "phone_kind": same("", count),
        "owner": same("self", count),
        "state": same("unconfirmed", count),
        "source": SOURCES[rng.integers(0, len(SOURCES), count)],
        "is_preferred": np.zeros(count, dtype=bool),
        "confirmed_on": np.full(count, NAT),
    }
    return Table(person, {"kind": same(kind, count), "value": value, "normalised": normalised, **(usual | given)})


def _international(number: np.ndarray) -> np.ndarray:
    return numbers.digits(number + 70_000_000_000, 11)


def _written(rng: np.random.Generator, number: np.ndarray) -> np.ndarray:
    """Return the number as different people write it."""
    style = rng.integers(0, 6, len(number)).tolist()
    written = np.empty(len(number), dtype=object)
    written[:] = [
        (
            f"+7 {text[:3]} {text[3:6]}-{text[6:8]}-{text[8:]}",
            f"8 ({text[:3]}) {text[3:6]}-{text[6:8]}-{text[8:]}",
            f"8{text}",
            f"+7{text}",
            f"8-{text[:3]}-{text[3:6]}-{text[6:8]}-{text[8:]}",
            text,
        )[way]
        for way, text in zip(style, map(str, number.tolist()), strict=True)
    ]
    return written


def _cut(rng: np.random.Generator, number: np.ndarray) -> np.ndarray:
    """Return numbers nobody can dial: without the area code, or with a digit lost."""
    style = rng.integers(0, 3, len(number)).tolist()
    written = np.empty(len(number), dtype=object)
    written[:] = [
        (f"{text[3:6]}-{text[6:8]}-{text[8:]}", f"{text[4:6]}-{text[6:8]}-{text[8:]}", text[:9])[way]
        for way, text in zip(style, map(str, number.tolist()), strict=True)
    ]
    return written
