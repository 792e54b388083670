"""The word lists are clean, and words take the forms Russian gives them."""

import re

import pytest

from opora.simulation.people.files import DATA
from opora.simulation.people.patronymics import patronymic
from opora.simulation.people.surnames import feminine, rare
from opora.simulation.people.words import GROUPS, given_names, pyramid, streets, surname_list, territories

RUSSIAN = re.compile(r"[А-ЯЁ][а-яё]+(-[А-ЯЁ][а-яё]+)?")


def test_every_surname_and_name_is_written_in_russian_letters():
    words = [*surname_list().masculine, *surname_list().feminine, *given_names().words]

    assert [word for word in words if not RUSSIAN.fullmatch(word)] == []


def test_there_are_as_many_surnames_as_a_large_territory_has():
    assert len(surname_list().masculine) > 50_000


@pytest.mark.parametrize("group", GROUPS)
def test_rare_surnames_do_not_repeat(group):
    assert len(set(rare(group))) == len(rare(group))


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Илья", "Ильич", "Ильинична"),
        ("Никита", "Никитич", "Никитична"),
        ("Яков", "Яковлевич", "Яковлевна"),
        ("Шамиль", "Шамилевич", "Шамилевна"),
        ("Айрат", "Айратович", "Айратовна"),
        ("Аркадий", "Аркадьевич", "Аркадьевна"),
        ("Гаджи", "Гаджиевич", "Гаджиевна"),
        ("Матвей", "Матвеевич", "Матвеевна"),
        ("Лев", "Львович", "Львовна"),
    ],
)
def test_patronymics(father, son, daughter):
    assert (patronymic(father, 1), patronymic(father, 2)) == (son, daughter)


def test_every_patronymic_ends_as_its_sex_demands():
    fathers = {word for (_, sex), cohorts in given_names().cohorts.items() if sex == 1
               for cohort in cohorts for word in given_names().words[cohort.names.index]}  # fmt: skip

    assert all(patronymic(father, 1).endswith("ич") for father in fathers)
    assert all(patronymic(father, 2).endswith("на") for father in fathers)


@pytest.mark.parametrize(
    ("his", "hers"),
    [("Петров-Водкин", "Петрова-Водкина"), ("Белый", "Белая"), ("Седых", "Седых"), ("Ким", "Ким"), ("Шин", "Шин")],
)
def test_feminine_surnames(his, hers):
    assert feminine(his) == hers


def test_every_list_says_where_it_comes_from():
    assert all("assumed" in file.read_text("utf-8") or "invented" in file.read_text("utf-8") for file in DATA.iterdir())


def test_the_small_lists_are_whole():
    assert len(pyramid()) == 20
    assert len(streets()) == len(set(streets()))
    assert len({territory.time_zone for territory in territories()}) >= 6
    assert all(len(territory.okato) == 5 and len(territory.groups) == len(GROUPS) for territory in territories())
