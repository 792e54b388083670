"""ЕНП, СНИЛС and telephones: what is right in any writing stays itself, and one wrong digit is always seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.shared import enp, phones, snils

digits = st.text("0123456789", min_size=1)
separators = st.sampled_from(["", " ", "-", " - ", "\u00a0", "."])


def numbers(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def written(draw: st.DrawFn, number: str) -> str:
    return "".join(digit + draw(separators) for digit in number)


def enp_by_the_book(payload: str) -> int:
    """The rule as the federal description tells it: doubled as one whole number, not digit by digit."""
    even, odd = payload[::-1][::2], payload[::-1][1::2]
    return -sum(int(digit) for digit in odd + str(2 * int(even))) % 10


@given(numbers(15))
def test_the_check_digit_agrees_with_the_description_of_the_law(payload):
    assert enp.check_digit(payload) == enp_by_the_book(payload)


@given(numbers(15), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_of_an_enp_is_always_seen(payload, place, shift):
    number = payload + str(enp.check_digit(payload))
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert enp.is_valid(number)
    assert not enp.is_valid(wrong)


@given(numbers(16), st.data())
def test_any_writing_of_an_enp_is_the_same_number(number, data):
    assert enp.normalise(" " + written(data.draw, number)) == number
    assert enp.normalise(enp.show(number)) == number
    assert enp.mask(number) == "•••• " + number[-4:]


@pytest.mark.parametrize(
    "text", ["", "547641083500123", "54764108350012366", "٥٤٧٦٤١٠٨٣٥٠٠١٢٣٦", "547641083500123O", "1" * 10**6]
)
def test_what_is_no_enp_is_refused_with_a_sentence(text):
    with pytest.raises(enp.EnpNotUnderstood, match="ЕНП"):
        enp.normalise(text)
    assert not enp.is_valid(text)


def snils_of(number: int) -> str:
    return f"{number:09d}" + snils.control(f"{number:09d}")


@given(st.integers(snils.LAST_UNCHECKED + 1, 999_999_999))
def test_a_snils_with_its_control_number_is_valid_and_with_another_is_not(number):
    good = snils_of(number)
    assert snils.is_valid(good)
    assert not snils.is_valid(good[:9] + f"{(int(good[9:]) + 1) % 100:02d}")


@given(st.integers(snils.LAST_UNCHECKED + 1, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_snils_is_nearly_always_seen(number, place, shift):
    good = snils_of(number)
    wrong = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    total = [sum(int(d) * w for d, w in zip(text, range(9, 0, -1), strict=False)) % 101 for text in (good, wrong)]
    blind = set(total) == {0, 100}  # the rule writes both remainders as 00
    assert snils.is_valid(wrong) == blind or int(wrong[:9]) <= snils.LAST_UNCHECKED


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("00100199800", True),
        ("00100199899", True),
        ("00100199900", False),
        ("11223344595", True),
        ("08765430300", True),
    ],
)
def test_numbers_up_to_001_001_998_carry_no_control(number, valid):
    assert snils.is_valid(number) is valid


@given(numbers(11), st.data())
def test_any_writing_of_a_snils_is_the_same_number(number, data):
    assert snils.normalise(written(data.draw, number)) == number
    assert snils.normalise(snils.show(number)) == number


@pytest.mark.parametrize("text", ["", "112-233-445", "112-233-445 955", "112-233-445 9Б"])
def test_what_is_no_snils_is_refused_with_a_sentence(text):
    with pytest.raises(snils.SnilsNotUnderstood, match="СНИЛС"):
        snils.normalise(text)


PHONES = [
    ("8 (913) 123-45-67", "+79131234567", "mobile"),
    ("+7(913)1234567", "+79131234567", "mobile"),
    ("9131234567", "+79131234567", "mobile"),
    ("тел. 8-913-123-45-67", "+79131234567", "mobile"),
    ("383 222 15 15", "+73832221515", "landline"),
    ("8-800-222-1515", "+78002221515", "service"),
    ("+375 29 123-45-67", "+375291234567", "foreign"),
    ("+998 90 123 45 67", "+998901234567", "foreign"),
    ("222-15-15", None, None),
    ("", None, None),
    ("нет", None, None),
    ("+1", None, None),
    ("8913123456", "+78913123456", "landline"),
    ("89131234567" * 20, None, None),
]


@pytest.mark.parametrize(("text", "number", "kind"), PHONES)
def test_telephones(text, number, kind):
    phone = phones.parse(text)
    assert (phone and phone.number, phone and phone.kind.value) == (number, kind)
    assert phones.normalise(text) == number


@given(numbers(10), st.sampled_from(["8", "7", "+7", ""]), st.data())
def test_any_writing_of_a_russian_number_is_the_same_number(number, prefix, data):
    text = prefix + written(data.draw, number)
    assert phones.normalise(text) == "+7" + number
    assert phones.normalise(phones.show("+7" + number)) == "+7" + number
    assert phones.digits(text)[-10:] == number


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_of_telephones(text):
    number = phones.normalise(text)
    assert number is None or (number[0] == "+" and number[1:].isdigit())


def test_what_cannot_be_dialled_is_shown_as_it_is():
    assert [phones.show(text) for text in ("222-15-15", "", "+7900")] == ["222-15-15", "", "+7900"]
    assert phones.mask("+79131234567") == "+7 913 •••-45-67"
