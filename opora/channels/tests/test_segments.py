"""The arithmetic of SMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.channels.segments import EXTENSION, GSM, OF_MANY, ONE, Alphabet, alphabet_of, octets, segments, units

LATIN = st.text(alphabet=[sign for sign in GSM if sign != "\x1b"] + list(EXTENSION), max_size=700)
ANY = st.text(max_size=400) | st.text(alphabet="жЁ😀é€ ", max_size=400)


@pytest.mark.parametrize(
    ("text", "alphabet", "count", "left"),
    [
        ("", Alphabet.GSM7, 1, 160),
        ("z" * 160, Alphabet.GSM7, 1, 0),
        ("z" * 161, Alphabet.GSM7, 2, 145),
        ("z" * 306, Alphabet.GSM7, 2, 0),
        ("z" * 307, Alphabet.GSM7, 3, 152),
        ("€" * 80, Alphabet.GSM7, 1, 0),
        ("z" * 159 + "€", Alphabet.GSM7, 2, 145),
        ("z" * 152 + "€" + "z" * 10, Alphabet.GSM7, 2, 141),  # «€» does not fit into the last place
        ("ж" * 70, Alphabet.UCS2, 1, 0),
        ("ж" * 71, Alphabet.UCS2, 2, 63),
        ("ж" * 134, Alphabet.UCS2, 2, 0),
        ("ж" * 135, Alphabet.UCS2, 3, 66),
        ("😀" * 35, Alphabet.UCS2, 1, 0),
        ("ж" * 66 + "😀" + "ж" * 3, Alphabet.UCS2, 2, 62),
        ("z" * 100 + "ё", Alphabet.UCS2, 2, 33),
    ],
)
def test_known_lengths(text: str, alphabet: Alphabet, count: int, left: int) -> None:
    cut = segments(text)
    assert (cut.alphabet, len(cut), cut.left) == (alphabet, count, left)


@given(ANY)
def test_nothing_is_lost_and_no_part_is_too_long(text: str) -> None:
    cut = segments(text)
    assert "".join(cut.parts) == text
    room = ONE[cut.alphabet] if len(cut) == 1 else OF_MANY[cut.alphabet]
    sizes = [sum(units(sign, cut.alphabet) for sign in part) for part in cut.parts]
    assert max(sizes) <= room
    assert sum(sizes) == cut.units
    assert cut.left == room - sizes[-1]


@given(ANY)
def test_every_part_can_be_read_alone(text: str) -> None:
    cut = segments(text, only_ucs2=True)
    for part in cut.parts:
        written = octets(part, Alphabet.UCS2)
        assert len(written) <= 140
        assert written.decode("utf-16-be", "surrogatepass") == part


@given(LATIN)
def test_latin_costs_septets_and_escapes_stay_whole(text: str) -> None:
    cut = segments(text)
    assert cut.alphabet == Alphabet.GSM7
    for part in cut.parts:
        written = octets(part, Alphabet.GSM7)
        assert not written.endswith(b"\x1b")
        assert len(written) <= 160


@given(ANY, ANY)
def test_a_longer_text_is_never_cheaper(text: str, more: str) -> None:
    assert len(segments(text + more)) >= len(segments(text))


@given(ANY)
def test_greedy_cutting_wastes_less_than_one_sign_a_part(text: str) -> None:
    cut = segments(text)
    most = OF_MANY[cut.alphabet]
    assert all(sum(units(sign, cut.alphabet) for sign in part) >= most - 1 for part in cut.parts[:-1])


def test_what_gsm_does_not_have_brings_all_into_ucs2() -> None:
    assert alphabet_of("Hello {1} €") == Alphabet.GSM7
    assert alphabet_of("Hello `") == Alphabet.UCS2
    assert alphabet_of("\x1b") == Alphabet.UCS2
