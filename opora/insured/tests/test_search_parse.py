"""Reading the text of the box: every writing of the same question is the same question."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.insured.search.numbers import SHORTEST, Field, How, guesses
from opora.insured.search.parse import parse

TODAY = date(2026, 3, 2)
MARCH = (date(1985, 3, 14), date(1985, 3, 14))
YEAR = (date(1985, 1, 1), date(1985, 12, 31))

# text: first readings of the words, span of birth, numbers
TEXTS = [
    ("иванов петр 14.03.85", ["иванов", "петр"], MARCH, []),
    ("14.03.1985 Петр ИВАНОВ", ["петр", "иванов"], MARCH, []),
    ("Иванов Пётр, 14.03.1985 г.р.", ["иванов", "петр"], MARCH, []),
    ("иванов 140385", ["иванов"], MARCH, []),
    ("иванов 14031985", ["иванов"], MARCH, []),
    ("иванов 14 марта 1985 года рождения", ["иванов"], MARCH, []),
    ("иванов 1985-03-14", ["иванов"], MARCH, []),
    ("иванов 14 03 1985", ["иванов"], MARCH, []),
    ("иванов 14ю03ю85", ["иванов"], MARCH, []),
    ("bdfyjd gtnh 14/03/85", ["иванов", "петр"], MARCH, []),
    ("иванов 1985", ["иванов"], YEAR, []),
    ("иванов 85", ["иванов"], YEAR, []),
    ("03.1985 иванов", ["иванов"], (date(1985, 3, 1), date(1985, 3, 31)), []),
    ("Иванов П.С.", ["иванов", "п", "с"], None, []),
    ("Иванов Г.", ["иванов", "г"], None, []),
    ("Соловьёва-Седая", ["соловьеваседая"], None, []),
    ("О'Коннор", ["оконнор"], None, []),
    ("Ивaнов", ["иванов"], None, []),
    ("П0пов", ["попов"], None, []),
    ("k.,jdm", ["любовь"], None, []),
    ("cjkjdm`df-ctlfz", ["соловьеваседая"], None, []),
    ("5476 4108 3500 1236", [], None, ["5476410835001236"]),
    ("ЕНП: 5476-4108-3500-1236", [], None, ["5476410835001236"]),
    ("СНИЛС 112-233-445 95", [], None, ["11223344595"]),
    ("8 (913) 123-45-67", [], None, ["89131234567"]),
    ("иванов +7 913 123 45 67", ["иванов"], None, ["79131234567"]),
    ("222-15-15", [], None, ["2221515"]),
    ("паспорт 4510 123456", [], None, ["4510123456"]),
    ("иванов 1236", ["иванов"], None, ["1236"]),
    ("1985", [], None, ["1985"]),
    ("14.03.85 1236", [], MARCH, ["1236"]),
    ("Иванов Петр, 14.03.1985, полис 5476410835001236", ["иванов", "петр"], MARCH, ["5476410835001236"]),
    ("٥٤٧٦４１０８ 35001236", [], None, ["5476410835001236"]),
    ("", [], None, []),
    ("  ,.;  ", [], None, []),
    ("\x00\x00", [], None, []),
]


@pytest.mark.parametrize(("text", "words", "birth", "numbers"), TEXTS)
def test_what_a_text_means(text, words, birth, numbers):
    query = parse(text, today=TODAY)
    assert [word.keys[0] for word in query.words] == words
    assert (query.birth and (query.birth.first, query.birth.last)) == birth
    assert list(query.numbers) == numbers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("иванов 31.02.1985", "в феврале 1985 года 28 дней"),
        ("иванов 14.03.2030", "не может быть в будущем"),
        ("12", "не меньше 4 цифр"),
        ("9" * 30, "длиннее 20 цифр"),
    ],
)
def test_what_cannot_be_is_said(text, sentence):
    assert sentence in parse(text, today=TODAY).complaint


def test_a_string_that_may_be_a_date_or_a_number_is_both():
    alone, beside = parse("140385", today=TODAY), parse("иванов 140385", today=TODAY)
    assert (alone.numbers, alone.maybe_birth.first) == (("140385",), MARCH[0])
    assert (beside.birth.first, beside.maybe_numbers) == (MARCH[0], ("140385",))


def test_the_shape_tells_kinds_and_no_facts():
    query = parse("Иванов Петр 14.03.85 5476410835001236", today=TODAY)
    assert query.shape == ["word", "word", "birth:day", "number:16"]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    query = parse(text, today=TODAY)
    assert len(query.words) <= 5
    assert all(key and key.isalpha() for word in query.words for key in word.keys)
    assert all(number.isascii() and number.isdigit() for number in query.numbers)


def test_a_million_letters_cost_no_more_than_two_hundred():
    assert len(parse("иванов " * 1_000_000, today=TODAY).words) == 5


@given(st.text("0123456789", max_size=25))
def test_every_guess_is_a_whole_or_a_part_of_what_was_typed(digits):
    for guess in guesses(digits):
        assert len(digits) >= SHORTEST
        if guess.how is How.ENDS:
            assert guess.digits == digits
        if guess.field is Field.PHONE and guess.how is not How.ENDS:
            assert guess.digits in {digits, "7" + digits, "7" + digits[1:]}
