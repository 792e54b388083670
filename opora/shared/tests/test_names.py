"""Names: one key for every writing, a clean form, letters of a wrong alphabet, a wrong keyboard layout."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.shared import layout, names

russian = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=30)
anything = st.text(max_size=60)

SAME_KEY = [
    ("Соловьёва-Седая", "СОЛОВЬЕВА СЕДАЯ"),
    ("Соловьёва−Седая", "соловьева-седая"),
    ("О'Коннор", "о’коннор"),
    ("Мамед оглы", "МамедОглы"),
    ("И.", "и"),
]


@pytest.mark.parametrize(("one", "other"), SAME_KEY)
def test_writings_of_one_name_have_one_key(one, other):
    assert names.name_key(one) == names.name_key(other)


@given(anything)
def test_a_key_of_a_key_is_the_key(text):
    key = names.name_key(text)
    assert names.name_key(key) == key
    assert not set(key) & set("ё-− '’.")
    assert names.name_key(text.upper().lower()) == names.name_key(text.upper())


CLEAN = [
    ("  ИВАНОВ ", "Иванов"),
    ("иванов", "Иванов"),
    ("соловьёва — седая", "Соловьёва-Седая"),
    ("СОЛОВЬЁВА\u2011СЕДАЯ", "Соловьёва-Седая"),
    ("о'коннор", "О’Коннор"),
    ("ДʼАРТАНЬЯН", "Д’Артаньян"),
    ("МакДональд", "МакДональд"),
    ("мамед оглы", "Мамед оглы"),
    ("АЛИ-КЫЗЫ", "Али-кызы"),
    ("оглы", "Оглы"),
    ("фон штейн", "фон Штейн"),
    ("ван", "Ван"),
    ("анна\u00a0  мария", "Анна Мария"),
    ("Иванов\u200b", "Иванов"),
    (unicodedata.normalize("NFD", "Соловьёв"), "Соловьёв"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "clean"), CLEAN)
def test_a_clean_name(text, clean):
    assert names.clean_name(text) == clean


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("и" * 101, "длиннее 100"), ("и" * 1_000_000, "длиннее 100"), ("Ива\x00нов", "U\\+0000 на месте 4")],
)
def test_a_name_that_cannot_be_one_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(names.NameNotUnderstood, match=sentence):
        names.clean_name(text)


@given(anything)
def test_cleaning_is_done_once_and_for_all_and_keeps_the_key(text):
    try:
        clean = names.clean_name(text)
    except names.NameNotUnderstood:
        return
    assert names.clean_name(clean) == clean
    assert clean == clean.strip()
    assert len(clean) <= names.LONGEST


@given(russian.map(str.capitalize))
def test_cleaning_keeps_the_key_of_a_russian_name(name):
    assert names.name_key(names.clean_name(name)) == names.name_key(name)
    assert names.clean_name(name.upper()) == names.clean_name(name.lower())


@pytest.mark.parametrize(("name", "key"), [("İPEK", "ipek"), ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"), ("ЁЛКИН-Цой", "елкинцой")])
def test_a_key_is_lowered_letter_by_letter_as_in_the_database(name: str, key: str) -> None:
    assert names.name_key(name) == key


MIXED = [
    ("Иванов", []),
    ("Smith", []),
    ("Ивaнов", [("a", 3, "а")]),
    ("Пeтpов", [("e", 2, "е"), ("p", 4, "р")]),
    ("Smіth", [("і", 3, "")]),
    ("Jоhnson", [("о", 2, "o")]),
    ("П0пов", [("0", 2, "О")]),
    ("Ивановz", [("z", 7, "")]),
]


@pytest.mark.parametrize(("name", "intruders"), MIXED)
def test_letters_of_the_wrong_alphabet_are_found(name, intruders):
    assert [(found.letter, found.place, found.twin) for found in names.mixed_alphabet(name)] == intruders


def test_an_intruder_tells_its_place_in_words():
    assert str(names.mixed_alphabet("Ивaнов")[0]) == (
        "Латинская буква «a» на месте 3, вероятно, нужна «а» другого алфавита"
    )


@given(russian.filter(lambda name: len(name) > 2), st.data())
def test_a_lookalike_is_put_right(name, data):
    places = [place for place, letter in enumerate(name) if letter in names.CYRILLIC_TWINS]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    mixed = name[:place] + names.CYRILLIC_TWINS[name[place]] + name[place + 1 :]
    assert names.unmix(mixed) == name


LAYOUT = [
    ("bdfyjd", "иванов"),
    ("Bdfyjd", "Иванов"),
    ("gtnh", "петр"),
    ("cjkjdm`df-ctlfz", "соловьёва-седая"),
    ("[fhbnjyjd", "харитонов"),
    (";erjd", "жуков"),
    ("ыьшер", "smith"),
    ("smith", None),
    ("иванов", None),
    ("ivanov", None),
    ("ермаков", None),
    ("12.03", None),
    ("", None),
]


@pytest.mark.parametrize(("typed", "meant"), LAYOUT)
def test_the_wrong_layout_is_seen(typed, meant):
    assert layout.detect(typed) == meant


@given(russian)
def test_a_layout_is_turned_there_and_back(text):
    assert layout.to_russian(layout.to_latin(text)) == text


@given(anything)
def test_no_text_breaks_the_guess(text):
    meant = layout.detect(text)
    assert meant is None or meant != text
