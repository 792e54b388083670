"""How many SMS a text is. Pure arithmetic.

One SMS holds 140 octets: 160 characters of the GSM alphabet (7 bits each) or 70 units of UCS-2. Several SMS that make
one text spend six octets each on the header that joins them: 153 and 67 are left. Source: 3GPP TS 23.038 §6.2.1 and
6.2.3, TS 23.040 §9.2.3.24.1 (concatenation with an 8-bit reference).
"""

from dataclasses import dataclass
from enum import StrEnum

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPE = 0x1B
EXTENSION = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_CODE = {sign: bytes([code]) for code, sign in enumerate(GSM) if code != ESCAPE}
_CODE |= {sign: bytes([ESCAPE, code]) for sign, code in EXTENSION.items()}
_SIGNS = frozenset(_CODE)


class Alphabet(StrEnum):
    """In which alphabet a text goes; one sign outside of GSM-7 brings the whole text into UCS-2."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


ONE = {Alphabet.GSM7: 160, Alphabet.UCS2: 70}
OF_MANY = {Alphabet.GSM7: 153, Alphabet.UCS2: 67}


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as it will be sent: its parts in order, the units in all of them, and how many more fit into the last."""

    alphabet: Alphabet
    parts: tuple[str, ...]
    units: int
    left: int

    def __len__(self) -> int:
        return len(self.parts)


def alphabet_of(text: str) -> Alphabet:
    return Alphabet.GSM7 if _SIGNS.issuperset(text) else Alphabet.UCS2


def units(sign: str, alphabet: Alphabet) -> int:
    """Return what a sign costs: septets of GSM-7 (two for «€»), UTF-16 units of UCS-2 (two for a surrogate pair)."""
    if alphabet == Alphabet.GSM7:
        return len(_CODE[sign])
    return 2 if ord(sign) > 0xFFFF else 1


def segments(text: str, *, only_ucs2: bool = False) -> Segments:
    """Cut ``text`` into SMS; neither a surrogate pair nor an escaped sign is ever cut in two. An empty text is one SMS.

    >>> len(segments("ж" * 70)), len(segments("ж" * 71)), len(segments("z" * 160)), len(segments("z" * 161))
    (1, 2, 1, 2)
    """
    alphabet = Alphabet.UCS2 if only_ucs2 else alphabet_of(text)
    whole = len(octets(text, alphabet)) // (1 if alphabet == Alphabet.GSM7 else 2)
    if whole <= ONE[alphabet]:
        return Segments(alphabet, (text,), whole, ONE[alphabet] - whole)
    costs = [units(sign, alphabet) for sign in text]
    parts, began, filled = [], 0, 0
    for place, cost in enumerate(costs):
        if filled + cost > OF_MANY[alphabet]:
            parts.append(text[began:place])
            began, filled = place, 0
        filled += cost
    parts.append(text[began:])
    return Segments(alphabet, tuple(parts), whole, OF_MANY[alphabet] - filled)


def octets(text: str, alphabet: Alphabet) -> bytes:
    """Return a part as it is written into an SMPP message: a septet in each octet, or UTF-16 with the high one first.

    Raises KeyError for a sign that GSM-7 does not have.
    """
    if alphabet == Alphabet.GSM7:
        return b"".join([_CODE[sign] for sign in text])
    return text.encode("utf-16-be", "surrogatepass")
