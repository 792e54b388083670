"""Names in letters: declined where the rule is certain, left alone where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.shared.declension import Case, PersonName, decline, greeting

DATIVE = [
    (("Иванова", "Полина", "Сергеевна"), "Ивановой Полине Сергеевне"),
    (("Соловьёва-Седая", "Полина", "Андреевна"), "Соловьёвой-Седой Полине Андреевне"),
    (("Черных", "Пётр", "Ильич"), "Черных Петру Ильичу"),
    (("Толстой", "Лев", "Николаевич"), "Толстому Льву Николаевичу"),
    (("Шевченко", "Анна", "Петровна"), "Шевченко Анне Петровне"),
    (("Мамедов", "Али", "Гасан оглы"), "Мамедову Али Гасан оглы"),
    (("Заяц", "Ольга", "Игоревна"), "Заяц Ольге Игоревне"),
    (("Сидоров-Петровский", "Илья", "Кузьмич"), "Сидорову-Петровскому Илье Кузьмичу"),
]
LEFT_ALONE = [("Заяц", "Олег", "Игоревич"), ("Горобец", "Иван", "Ильич"), ("Smith", "John", ""), ("Ли", "Саша", "")]


@pytest.mark.parametrize(("parts", "expected"), DATIVE)
def test_the_addressee_stands_in_the_dative(parts: tuple[str, str, str], expected: str) -> None:
    assert decline(PersonName(*parts), Case.DATIVE) == expected


@pytest.mark.parametrize("parts", LEFT_ALONE)
def test_a_doubt_leaves_the_name_as_it_is_written(parts: tuple[str, str, str]) -> None:
    assert decline(PersonName(*parts), Case.DATIVE) == " ".join(filter(None, parts))


def test_a_known_sex_is_believed() -> None:
    assert decline(PersonName("Ким", "Саша", "", is_female=True), Case.DATIVE) == "Ким Саше"
    assert greeting(PersonName("Ли", "Саша", "", is_female=False)) == "Уважаемый Саша"


def test_other_cases() -> None:
    polina = PersonName("Иванова", "Полина", "Сергеевна")
    assert decline(polina, Case.GENITIVE) == "Ивановой Полины Сергеевны"
    assert decline(polina, Case.INSTRUMENTAL) == "Ивановой Полиной Сергеевной"


WORD = st.text(alphabet="абвгдежзиклмнопрстуфхцчшщэюяё- ", max_size=12).map(str.strip)


@given(WORD, WORD, WORD, st.sampled_from([True, False, None]))
def test_no_name_breaks_a_letter(surname: str, given_name: str, patronymic: str, is_female: bool | None) -> None:
    name = PersonName(surname, given_name, patronymic, is_female=is_female)
    assert decline(name, Case.DATIVE).count(" ") == name.full.count(" ")
    assert given_name in greeting(name)
