"""A block of people: believable as a whole, without one impossible person."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from opora.shared import enp as policy_number
from opora.shared import phones
from opora.shared import snils as insurance_number
from opora.simulation.people import Plan, make_block
from opora.simulation.people.families import NOBODY, YEAR
from opora.simulation.people.naming import make_names
from opora.simulation.people.numbers import day
from opora.simulation.people.plan import BLOCK, block_sizes, people_at
from opora.simulation.people.words import given_names

PLAN = Plan(seed=7)
PLACES = PLAN.places(3)


@pytest.fixture(scope="module")
def blocks():
    return [make_block(PLAN, number, place) for number, place in enumerate(PLACES)]


@pytest.fixture(scope="module")
def people(blocks):
    return {name: np.concatenate([block.people.columns[name] for block in blocks]) for name in blocks[0].people.columns}


def test_the_same_seed_gives_the_same_people_in_any_order(blocks):
    last_first = [make_block(Plan(seed=7), number, PLACES[number]) for number in (2, 0, 1)]

    for again, number in zip(last_first, (2, 0, 1), strict=True):
        assert_same(again.people, blocks[number].people)
        for name, table in blocks[number].children.items():
            assert_same(again.children[name], table)


def assert_same(one, other):
    assert one.person.tolist() == other.person.tolist()
    assert {name: column.tolist() for name, column in one.columns.items()} == {
        name: column.tolist() for name, column in other.columns.items()
    }


def test_another_seed_gives_other_people(blocks):
    other = make_block(Plan(seed=8), 0, PLACES[0])

    assert (other.people.columns["surname"] == blocks[0].people.columns["surname"]).mean() < 0.05


def test_a_small_scale_is_the_beginning_of_a_large_one():
    assert [(place.territory.okato, place.ordinal) for place in PLAN.places(40)][:12] == [
        (place.territory.okato, place.ordinal) for place in PLAN.places(12)
    ]
    assert sum(size for _, size in block_sizes(people_at(1))) == 3_246_424


def test_every_number_is_valid_and_nobody_shares_one(people):
    known = [number for number in people["snils"] if number]

    assert all(map(policy_number.is_valid, people["enp"]))
    assert all(map(insurance_number.is_valid, known))
    assert len(set(people["enp"])) == len(people["enp"])
    assert len(set(known)) == len(known)


def test_every_number_is_clearly_invented(people, blocks):
    dialled = [number for block in blocks for number in block.children["contact"].columns["normalised"] if number]
    numbers = [number for number in dialled if "@" not in number]

    assert {number[10:12] for number in people["enp"]} == {"99"}
    assert {number[0] for number in people["snils"] if number} == {"9"}
    assert {number[1:4] for number in numbers if number[1] == "9"} <= {"972", "973", "974", "975", "976"}
    assert {number[4] for number in numbers if number[1] != "9"} == {"0"}


def test_phones_read_as_they_are_kept(blocks):
    contacts = blocks[0].children["contact"].columns
    written = zip(contacts["kind"], contacts["value"], contacts["normalised"], strict=True)

    assert all((phones.normalise(value) or "+") == "+" + kept for kind, value, kept in written if kind == "phone")


def test_patronymic_fits_the_sex_and_the_father(blocks):
    for number, block in enumerate(blocks):
        people, families = block.people.columns, block.families
        names = make_names(PLAN, block.place, number, families)
        said = people["patronymic"] != ""
        endings = {1: ("ич", "оглы"), 2: ("на", "кызы")}

        assert all(
            text.endswith(endings[sex])
            for text, sex in zip(people["patronymic"][said], people["sex"][said], strict=True)
        )
        child = np.flatnonzero((families.father != NOBODY) & said)
        fathers = names.given[families.father[child]]
        inherited = zip(people["patronymic"][child], fathers, strict=True)
        assert all(text[:2] == father[:2] or father in {"Пётр", "Лев"} for text, father in inherited)


def test_given_names_fit_the_sex(people):
    female = {word for (_, sex), cohorts in given_names().cohorts.items() if sex == 2
              for cohort in cohorts for word in given_names().words[cohort.names.index]}  # fmt: skip

    assert set(people["given_name"][people["sex"] == 2]) <= female


def test_families_hold_together(blocks):
    for block in blocks:
        families, surname = block.families, block.people.columns["surname"]
        child = np.flatnonzero(families.mother != NOBODY)
        years = (families.born[child] - families.born[families.mother[child]]).astype(int) / YEAR
        couple = np.flatnonzero(families.partner != NOBODY)

        assert years.min() >= 16.9
        assert years.max() <= 45.1
        assert (families.household[child] == families.household[families.mother[child]]).all()
        assert (families.partner[families.partner[couple]] == couple).all()
        assert (families.household[couple] == families.household[families.partner[couple]]).all()
        sons = child[(families.sex[child] == 1) & (families.father[child] != NOBODY)]
        assert (surname[sons] == surname[families.father[sons]]).all()


DATED = {
    "policy": "since",
    "attachment": "since",
    "identitydocument": "issued_on",
    "consent": "decided_on",
    "formername": "until",
    "personcategory": "since",
}


def test_dates_run_forward_and_none_lies_ahead(blocks):
    today = day(PLAN.as_of)
    for block in blocks:
        born = block.people.columns["birth_on"]
        assert born.max() <= today
        for name, first in DATED.items():
            table = block.children[name]
            began = table.columns[first]
            assert (began >= born[table.person]).all(), name
            assert (began <= today).all(), name
            if "since" in table.columns:
                until = table.columns["until"]
                ended = ~np.isnat(until)
                assert (until[ended] >= began[ended]).all(), name


@pytest.mark.parametrize(("name", "by"), [("policy", ()), ("attachment", ("profile",))])
def test_periods_of_one_person_do_not_overlap(blocks, name, by):
    table = blocks[0].children[name]
    until = np.where(np.isnat(table.columns["until"]), np.datetime64("9999-12-31"), table.columns["until"])
    keys = zip(table.person.tolist(), *(table.columns[column] for column in by), strict=True)
    periods = sorted(zip(keys, table.columns["since"].tolist(), until.tolist(), strict=True))

    for (who, _, ended), (next_who, began, _) in pairwise(periods):
        assert who != next_who or ended < began


UNIQUE = {
    "formername": ("surname", "given_name", "patronymic"),
    "identitydocument": ("kind", "series", "number"),
    "personcategory": ("code",),
    "policy": ("kind", "number", "since"),
    "attachment": ("profile", "since"),
    "contact": ("kind", "value"),
    "consent": ("channel", "purpose", "decided_on", "is_granted"),
}


@pytest.mark.parametrize(("name", "columns"), UNIQUE.items())
def test_rows_are_as_unique_as_the_register_demands(blocks, name, columns):
    for block in blocks:
        table = block.children[name]
        keys = list(zip(table.person.tolist(), *(table.columns[column].tolist() for column in columns), strict=True))
        assert len(set(keys)) == len(keys)


def test_the_insurer_and_the_clinic_of_today_follow_the_papers(blocks):
    for block in blocks:
        people, policies, attachments = block.people.columns, block.children["policy"], block.children["attachment"]
        open_policy = np.isnat(policies.columns["until"])
        open_therapy = np.isnat(attachments.columns["until"]) & (attachments.columns["profile"] == "therapy")

        assert (people["insurer"][policies.person[open_policy]] == policies.columns["insurer"][open_policy]).all()
        assert (people["insurer"] >= 0).sum() == open_policy.sum()
        assert (people["provider"] >= 0).sum() == open_therapy.sum()


def share(condition):
    return float(np.mean(condition))


def test_shares_are_those_promised(people, blocks):
    numbers: Counter[str] = Counter()
    bad = 0
    for block in blocks:
        contact = block.children["contact"]
        usable = np.isin(contact.columns["state"], ["unconfirmed", "confirmed"]) & (contact.columns["normalised"] != "")
        first = np.unique(contact.person[usable & (contact.columns["phone_kind"] == "mobile")])
        bad += BLOCK - len(first)
        numbers.update(contact.columns["normalised"][contact.columns["phone_kind"] == "mobile"].tolist())
    double = np.array(["-" in surname for surname in people["surname"]])
    age = (day(PLAN.as_of) - people["birth_on"]).astype(int) / YEAR
    women = people["sex"] == 2

    assert bad / (BLOCK * len(blocks)) == pytest.approx(0.20, abs=0.02)
    assert share(double) == pytest.approx(0.03, abs=0.01)
    assert share(women) == pytest.approx(0.535, abs=0.015)
    assert share(women[age >= 80]) > 0.68
    assert share(age < 18) == pytest.approx(0.205, abs=0.02)
    assert sum(count for count in numbers.values() if count > 1) > 0.2 * sum(numbers.values())


def test_wives_change_names_and_keep_the_former_one(blocks):
    families, former = blocks[0].families, blocks[0].children["formername"]
    surname = blocks[0].people.columns["surname"]
    wives = np.flatnonzero((families.sex == 2) & (families.partner != NOBODY))

    assert share(np.isin(wives, former.person)) == pytest.approx(0.88, abs=0.05)
    assert (former.columns["surname"] != surname[former.person]).all()
    assert set(families.sex[former.person].tolist()) == {2}


def test_a_handful_of_people_of_a_block_keep_their_rows(blocks):
    few = blocks[0].of(np.arange(BLOCK) < 5)

    assert few.people.person.tolist() == [0, 1, 2, 3, 4]
    assert set(few.children["identitydocument"].person.tolist()) == {0, 1, 2, 3, 4}
    assert len(few.children["contact"]) < 30
