"""Decisions of the room without a database: numbers, what is compared, how long it is kept, track numbers. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from opora.mailroom.words import Numbered

MARKS = {Numbered.LETTER: "ВХ", Numbered.LIST: "СП"}
# Five years is the usual term of appeals and of the books they are registered in; a year outlives claims to the post.
KEPT_INCOMING = timedelta(days=5 * 365 + 1)  # assumed
KEPT_OUTGOING = timedelta(days=365)  # assumed
INLAND = re.compile(r"\d{14}")
ABROAD = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_INDEX = re.compile(r"(?<!\d)([1-6]\d{5})(?!\d)")
# Cyrillic letters that look Latin: a number copied from paper is typed in either.
_LOOKS = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")


def number(code: str, what: Numbered | str, year: int, place: int) -> str:
    """Return a number of an organisation.

    >>> number("54001", Numbered.LETTER, 2026, 7)
    '54001-ВХ-26-000007'
    """
    return f"{code}-{MARKS[Numbered(what)]}-{year % 100:02}-{place:06}"


def outside_key(text: str) -> str:
    """Return a number of a sender as it is compared: without spaces, «№», the kind of dash and look-alike letters.

    >>> outside_key(" № 17-ОГ / 2 "), outside_key("17–ог/2"), outside_key("б/н")
    ('17-OГ/2', '17-OГ/2', '')
    """
    plain = unicodedata.normalize("NFKC", text.replace("№", "")).upper().translate(_LOOKS)
    plain = re.sub(r"[^0-9A-ZА-ЯЁ/._-]", "", re.sub(r"[\u2010-\u2015\u2212]", "-", plain))
    return "" if plain in {"Б/H", "БH", "-"} else plain[:60]


def line(text: str, most: int) -> str:
    """Return a text as one line of at most ``most`` signs, without control signs.

    >>> line(" Иванов\\x00\\n  И. ", 100)
    'Иванов И.'
    """
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(kept.split())[:most].strip()


def index_of(address: str) -> str:
    """Return the postal code of an address, «» when it has none.

    >>> index_of("630099, Новосибирск, ул. Ленина, 1"), index_of("Новосибирск")
    ('630099', '')
    """
    found = _INDEX.search(address)
    return found[1] if found else ""


def track(text: str) -> str:
    """Return a track number as it is stored, «» for what is none.

    >>> track("8008 9012 3456 70"), track("ra 123 456 785 ru"), track("17")
    ('80089012345670', 'RA123456785RU', '')
    """
    plain = re.sub(r"[\s-]", "", text).upper().translate(_LOOKS)
    return plain if INLAND.fullmatch(plain) or ABROAD.fullmatch(plain) else ""


def is_doubtful(number_of_track: str) -> bool:
    """Whether the last digit of a 14-digit number disagrees with the others: shown, never refused.

    The odd places count three times, the sum is filled up to ten. Not held against a document of the post.  # assumed

    >>> is_doubtful("80089012345670"), is_doubtful("80089012345671")
    (True, False)
    """
    if not INLAND.fullmatch(number_of_track):
        return False
    digits = [int(sign) for sign in number_of_track]
    total = 3 * sum(digits[0:13:2]) + sum(digits[1:13:2])
    return (10 - total % 10) % 10 != digits[13]


@dataclass(frozen=True, slots=True)
class Pasted:
    """One line of a pasted list: the track number and whose it is («» — the next in order)."""

    row: int
    track: str
    whose: str = ""


def pasted(text: str) -> tuple[list[Pasted], list[int]]:
    """Return what was pasted and numbers of the lines that hold no track number; empty lines are nothing.

    >>> pasted("17-исх\\t80089012345670\\n\\nбез трека\\nRA123456785RU")
    ([Pasted(row=1, track='80089012345670', whose='17-исх'), Pasted(row=4, track='RA123456785RU', whose='')], [3])
    """
    found: list[Pasted] = []
    bare: list[int] = []
    for place, row in enumerate(text.splitlines(), start=1):
        if not row.strip():
            continue
        one = _of_line(place, row)
        if one is None:
            bare.append(place)
        else:
            found.append(one)
    return found, bare


def _of_line(place: int, row: str) -> Pasted | None:
    parts = [part.strip() for part in re.split(r"[\t;,]", row) if part.strip()]
    if len(parts) == 1:
        whole = track(parts[0])
        parts = [parts[0]] if whole else row.split()
    for part in reversed(parts):
        if read := track(part):
            rest = [other for other in parts if other is not part]
            return Pasted(place, read, " ".join(rest)[:60])
    return None


def forget_incoming(registered_at: datetime) -> datetime:
    return registered_at + KEPT_INCOMING


def forget_outgoing(ended_at: datetime) -> datetime:
    return ended_at + KEPT_OUTGOING
