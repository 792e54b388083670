"""Likeness of words and the judgement of candidates, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.insured.search.likeness import near, slips
from opora.insured.search.parse import parse
from opora.insured.search.present import marked
from opora.insured.search.rank import Candidate, Name, Written, judge

word = st.text("абвгдеиклмнопрст", min_size=3, max_size=12)


def slipped(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, len(text) - 1))
    letter = draw(st.sampled_from("абвгд"))
    return draw(
        st.sampled_from(
            [
                text[:place] + text[place + 1 :],
                text[:place] + letter + text[place:],
                text[:place] + letter + text[place + 1 :],
                text[:place] + text[place : place + 2][::-1] + text[place + 2 :],
            ]
        )
    )


@given(word, st.data())
def test_any_single_slip_is_counted_as_one_and_shares_a_neighbour(text, data):
    wrong = slipped(data.draw, text)
    assert slips(text, wrong) == (wrong != text)
    if len(wrong) >= 3:
        assert set(near(text)) & set(near(wrong))


@given(word)
def test_two_slips_are_counted_as_no_more_than_two(text):
    assert slips(text, "ъ" + text + "ъ") == 2
    assert slips(text, "ъ" + text[:-1]) <= 2


@given(word, word)
def test_slips_are_mutual(one, other):
    assert slips(one, other) == slips(other, one)


def person(surname: str, given_name: str, patronymic: str = "", *former: str) -> Candidate:
    names = [(Name.SURNAME, surname), (Name.GIVEN, given_name), (Name.PATRONYMIC, patronymic)]
    names += [(Name.FORMER, name) for name in former]
    return Candidate(1, [Written.of(kind, text) for kind, text in names if text], date(1985, 3, 14))


def cost(text: str, candidate: Candidate) -> float | None:
    verdict = judge(parse(text, today=date(2026, 3, 2)).words, candidate)
    return verdict and verdict.cost


# the first of each pair is the better answer to the query
BETTER = [
    ("иванов", person("Иванов", "Пётр"), person("Ивановский", "Пётр")),
    ("иванов", person("Ивановский", "Пётр"), person("Ивонов", "Пётр")),
    ("иванов", person("Иванов", "Пётр"), person("Петров", "Пётр", "", "Иванов")),
    ("иванов п", person("Иванов", "Пётр"), person("Иванова", "Полина")),
    ("седая", person("Седая", "Анна"), person("Соловьёва-Седая", "Анна")),
    ("соловьева седая", person("Соловьёва-Седая", "Анна"), person("Соловьёва", "Седа")),
    ("иванов петр сергеевич", person("Иванов", "Пётр", "Сергеевич"), person("Иванов", "Пётр", "Сергевич")),
]


@pytest.mark.parametrize(("text", "better", "worse"), BETTER)
def test_the_better_answer_costs_less(text, better, worse):
    assert cost(text, worse) is None or cost(text, better) < cost(text, worse)
    assert cost(text, better) is not None


@pytest.mark.parametrize("text", ["сидоров", "иванов василий", "иванов петр петр", "и п с к"])
def test_a_word_that_fits_nothing_is_no_answer(text):
    assert cost(text, person("Иванов", "Пётр", "Сергеевич")) is None


@pytest.mark.parametrize(
    ("text", "kind", "span"),
    [
        ("ивано", Name.SURNAME, (0, 5)),
        ("соловьеваседая", Name.SURNAME, (0, 15)),
        ("соловьевасед", Name.SURNAME, (0, 13)),
        ("седая", Name.SURNAME, (10, 15)),
    ],
)
def test_the_letters_that_fit_are_marked_in_the_written_name(text, kind, span):
    surname = "Ивановский" if text == "ивано" else "Соловьёва-Седая"
    verdict = judge(parse(text, today=date(2026, 3, 2)).words, person(surname, "Анна"))
    assert verdict.marks[kind] == span


def test_marking_escapes_what_the_register_holds():
    assert marked("<b>Иванов", (3, 9)) == "&lt;b&gt;<mark>Иванов</mark>"
