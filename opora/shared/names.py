"""Names of people: one key for every writing, a clean form for the card, and letters of a wrong alphabet."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 100
KEY = {**dict.fromkeys(map(ord, "-− '’.")), ord("ё"): "е"}

# Writings of the hyphen and the apostrophe that keyboards, Word and other registers produce.
SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("'`´ʹʻʼʽˈ‘′＇", "’")
    | dict.fromkeys("\u00ad\u200b\u200d\ufeff", "")
)
WORD = re.compile(r"[^\W\d_]+")
ORDINARY = re.compile(r"[А-ЯЁ][а-яё]{1,40}(-[А-ЯЁ][а-яё]{1,40})?")
PLAIN = re.compile(r"[\u0400-\u0481\u048a-\u052f\s’.\-]*")  # Cyrillic alone, as most names are
# «Мамед оглы», «фон Штейн»: parts that stay small when another part stands beside them.
AFTER_NAME = {"оглы", "оглу", "угли", "улы", "уулу", "кызы", "гызы", "кизи"}
BEFORE_NAME = {"фон", "ван", "дер", "де"}

LATIN_TWINS = dict(zip("aceopxykABCEHKMOPTXY03", "асеорхукАВСЕНКМОРТХУОЗ", strict=True))
CYRILLIC_TWINS = {twin: letter for letter, twin in LATIN_TWINS.items() if letter.isalpha()}


class NameNotUnderstood(ValueError):
    """The text cannot be a name; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Intruder:
    """A letter of the wrong alphabet: where it stands (from 1) and what was probably meant (may be empty)."""

    letter: str
    place: int
    twin: str

    def __str__(self) -> str:
        what = "Цифра" if self.letter.isdigit() else "Латинская буква" if self.letter.isascii() else "Русская буква"
        meant = f", вероятно, нужна «{self.twin}» другого алфавита" if self.twin else ""
        return f"{what} «{self.letter}» на месте {self.place}{meant}"


def name_key(name: str) -> str:
    """Return the form by which names are compared: small letters, ё as е, no hyphens, blanks, apostrophes, dots.

    The twin of SQL ``translate(lower(x), 'ё-− ''’.', 'е')``; letter by letter, as PostgreSQL lowers in C.UTF-8.

    >>> name_key("Соловьёва-Седая"), name_key("О’Коннор"), name_key("Мамед оглы")
    ('соловьеваседая', 'оконнор', 'мамедоглы')
    """
    small = name.lower()
    if len(small) != len(name) or "ς" in small:  # «İ» becomes two, and a sigma at the end is lowered otherwise
        small = "".join(letter.lower()[0] for letter in name)
    if small.isalpha() and "ё" not in small:  # as most names are: there is nothing to change
        return small
    return small.translate(KEY)


def clean_name(name: str) -> str:
    """Return a name as the card keeps it: composed letters, single blanks, capitals where they belong.

    A name in mixed case is left as the person writes it; one in capitals or small letters gets its case.

    >>> clean_name("  СОЛОВЬЁВА —  седая ".upper()), clean_name("мамед ОГЛЫ".lower()), clean_name("МакДональд")
    ('Соловьёва-Седая', 'Мамед оглы', 'МакДональд')

    Raises NameNotUnderstood for a name longer than 100 letters or with signs no one can see.
    """
    if ORDINARY.fullmatch(name):  # as most lists write it: there is nothing to clean
        return name
    if len(name) > 10 * LONGEST:
        raise NameNotUnderstood(f"Имя длиннее {LONGEST} знаков")
    text = unicodedata.normalize("NFC", name).translate(SIGNS)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ?([-’]) ?", r"\1", text)
    for place, sign in enumerate(text, 1):
        if unicodedata.category(sign)[0] == "C":
            raise NameNotUnderstood(f"В имени невидимый знак U+{ord(sign):04X} на месте {place}")
    if len(text) > LONGEST:
        raise NameNotUnderstood(f"Имя длиннее {LONGEST} знаков")
    return unicodedata.normalize("NFC", _in_case(text)) if text.isupper() or text.islower() else text


def mixed_alphabet(name: str) -> list[Intruder]:
    """Return letters of the alphabet that is in the minority, and digits that stand for letters; [] for a good name.

    >>> mixed_alphabet("Ивaнов")
    [Intruder(letter='a', place=3, twin='а')]
    >>> print(*mixed_alphabet("П0пов"))
    Цифра «0» на месте 2, вероятно, нужна «О» другого алфавита
    >>> mixed_alphabet("Smith"), mixed_alphabet("Ҡаһарманов")
    ([], [])
    """
    if PLAIN.fullmatch(name):
        return []
    latin = [place for place, letter in enumerate(name) if _is_latin(letter)]
    cyrillic = [place for place, letter in enumerate(name) if _is_cyrillic(letter)]
    digits = [place for place, letter in enumerate(name) if letter in "03"] if cyrillic else []
    strangers, twins = (latin, LATIN_TWINS) if len(cyrillic) >= len(latin) else (cyrillic, CYRILLIC_TWINS)
    if not (latin and cyrillic):
        strangers = []
    places = sorted(strangers + digits)
    return [Intruder(name[place], place + 1, (twins | LATIN_TWINS).get(name[place], "")) for place in places]


def unmix(name: str) -> str:
    """Return the name with lookalike letters put right; what has no twin stays.

    >>> unmix("Ивaнoв"), unmix("Smith")
    ('Иванов', 'Smith')
    """
    letters = list(name)
    for intruder in mixed_alphabet(name):
        letters[intruder.place - 1] = intruder.twin or intruder.letter
    return "".join(letters)


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")


def _is_cyrillic(letter: str) -> bool:
    return letter.isalpha() and unicodedata.name(letter, "").startswith("CYRILLIC")


def _in_case(text: str) -> str:
    words = text.lower().split(" ")
    for index, word in enumerate(words):
        alone = len(words) == 1
        if not alone and ((index > 0 and word in AFTER_NAME) or (index < len(words) - 1 and word in BEFORE_NAME)):
            continue
        words[index] = "-".join(
            part if number and part in AFTER_NAME else WORD.sub(lambda found: _capital(found[0]), part)
            for number, part in enumerate(word.split("-"))
        )
    return " ".join(words)


def _capital(word: str) -> str:
    capital = word[0].upper()
    return capital + word[1:] if len(capital) == 1 else word
