"""From the text in the box to a Query: words of a name, days of birth, strings of digits."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from opora.insured.search.numbers import LONGEST, SHORTEST
from opora.shared import layout
from opora.shared.dates import DayNotUnderstood, Days, parse_birth_day
from opora.shared.names import SIGNS, name_key, unmix

LONGEST_TEXT = 200
MOST_WORDS = 5

# Words around the facts that people paste together with them.
NOISE = set("гр рождения др дата енп полис снилс тел телефон моб паспорт номер серия фио".split())  # noqa: SIM905
QUOTES = '!?()"«»“”„:'
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("\u00ad\u200b\u200d\ufeff", ""))

# «ю» is the full stop of someone who forgot to leave the Russian layout.
DAY = re.compile(r"\d{1,2}[./,\-ю]\d{1,2}[./,\-ю](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}")
MONTH = re.compile(r"(?:0?[1-9]|1[0-2])[./](?:19|20)\d\d")
DAY_APART = re.compile(r"\d{1,2} \d{1,2} (?:19|20)\d\d")
DAY_IN_WORDS = re.compile(
    r"(?<!\d)(?:\d{1,2}\s+)?(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,5}\.?\s+(?:\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?:19|20)\d\d")
# Digits with what may stand between them; a digit inside a word is a slip of the finger («П0пов»), not a number.
CHUNK = re.compile(r"(?<![^\W\d_])\+?\d(?:(?:[\s().,/\-+]|ю(?=\d))*\d)*|\d{4,}")
LETTER = re.compile(r"[^\W\d_]")
BORN = re.compile(r"(?<=\d)\s*(?:г\.?\s?р|год[а-я]*(?:\s+рожд[а-я]*)?|г)\.?(?![^\W\d_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name; ``keys`` are its readings, the likeliest first (letters put right, layout turned)."""

    keys: tuple[str, ...]

    def __add__(self, other: "Word") -> "Word":
        """Return the two words as one: «Соловьёва Седая» may be one surname, «Гасан оглы» one patronymic."""
        return Word(tuple(one + two for one, two in zip(self.keys, other.keys, strict=False)))


@dataclass(frozen=True, slots=True)
class Query:
    """``maybe_birth`` and ``maybe_numbers`` are second readings, tried when the first finds nobody: 140385, 1985."""

    words: tuple[Word, ...] = ()
    birth: Days | None = None
    numbers: tuple[str, ...] = ()
    maybe_birth: Days | None = None
    maybe_numbers: tuple[str, ...] = ()
    complaint: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.birth or self.numbers)

    @property
    def shape(self) -> list[str]:
        """What kinds of things were asked, for the access log; never the things themselves."""
        birth = self.birth and ("day" if self.birth.is_one_day else "span")
        numbers = [f"number:{len(number)}" for number in self.numbers]
        return ["word"] * len(self.words) + ([f"birth:{birth}"] if birth else []) + numbers


@dataclass(slots=True)
class _Draft:
    today: date
    has_letters: bool
    births: list[Days] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    either: list[str] = field(default_factory=list)
    complaint: str = ""

    def take_day(self, text: str) -> bool:
        """Take the text as a birth date; say why not when it looks like one and is none."""
        try:
            self.births.append(parse_birth_day(text.replace("ю", "."), today=self.today))
        except DayNotUnderstood as refusal:
            self.complaint = self.complaint or str(refusal)
            return False
        return True

    def take_digits(self, digits: str, *, apart: bool) -> None:
        if len(digits) == 2 and self.has_letters:
            year = self.today.year // 100 * 100 + int(digits)
            self.take_day(str(year if year <= self.today.year else year - 100))
        elif YEAR.fullmatch(digits) or (len(digits) in {6, 8} and not apart):
            self.either.append(digits)
        elif SHORTEST <= len(digits) <= LONGEST:
            self.numbers.append(digits)
        elif len(digits) > LONGEST:
            self.complaint = self.complaint or f"Номеров длиннее {LONGEST} цифр не бывает"
        elif digits:
            self.complaint = self.complaint or f"Для поиска по номеру нужно не меньше {SHORTEST} цифр подряд"

    def span(self, digits: str) -> Days | None:
        try:
            return parse_birth_day(digits, today=self.today)
        except DayNotUnderstood:
            return None


def parse(text: str, *, today: date) -> Query:
    """Read a line of text; whatever it is, the answer is a Query and never an error.

    >>> query = parse("иванов петр 14.03.85", today=date(2026, 3, 2))
    >>> [word.keys[0] for word in query.words], query.birth.first.isoformat()
    (['иванов', 'петр'], '1985-03-14')
    >>> parse("8 (913) 123-45-67", today=date(2026, 3, 2)).numbers
    ('89131234567',)
    """
    plain = _plain(text)
    draft = _Draft(today, bool(LETTER.search(re.sub(r"(?<=\d)ю(?=\d)", "", plain))))
    plain = BORN.sub(" ", plain)
    plain = DAY_IN_WORDS.sub(lambda found: " " if draft.take_day(found[0]) else found[0], plain)
    plain = CHUNK.sub(lambda found: _read_digits(found[0], draft), plain)
    words = [word for piece in plain.split() for word in _words(piece)]
    return _settle(draft, tuple(words[:MOST_WORDS]))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text[: 2 * LONGEST_TEXT])[:LONGEST_TEXT].translate(DASHES)
    return "".join(map(_sign, text)).strip()


def _sign(sign: str) -> str:
    """Return a blank for what cannot be seen, an ASCII digit for a digit of any script, else the sign itself."""
    kind = unicodedata.category(sign)
    return " " if kind[0] in "CZ" else str(unicodedata.decimal(sign)) if kind == "Nd" else sign


def _read_digits(chunk: str, draft: _Draft) -> str:
    """Sort a run of digits and separators into dates and numbers; a blank takes its place in the text."""
    if DAY.fullmatch(chunk) or DAY_APART.fullmatch(chunk) or MONTH.fullmatch(chunk):
        draft.take_day(chunk)
        return " "
    pieces = chunk.split()
    digits = re.sub(r"\D", "", chunk)
    if len(digits) in {10, 11, 16} and not any(DAY.fullmatch(piece) and "." in piece for piece in pieces):
        draft.numbers.append(digits)
        return " "
    left = []
    for piece in pieces:
        if DAY.fullmatch(piece) or MONTH.fullmatch(piece):
            draft.take_day(piece)
        elif draft.has_letters and YEAR.fullmatch(piece):
            draft.either.append(piece)
        else:
            left.append(re.sub(r"\D", "", piece))
    draft.take_digits("".join(left), apart=len(left) > 1)
    return " "


def _words(piece: str) -> list[Word]:
    """Return the words of a piece without blanks; «П.С.» are two, «Соловьёва-Седая» is one."""
    piece = piece.strip(QUOTES)
    meant = layout.detect(piece)
    if meant and piece.isascii():
        # In the Latin layout , . ; [ ] ' are letters (б ю ж х ъ э); at the end of a word they may be just signs.
        return [_word(meant, layout.to_russian(piece.rstrip(",.;")), piece)]
    parts = re.split(r"[^\w\-’]+", piece.translate(SIGNS))
    return [_word(unmix(part), part, meant or "") for part in parts if part.strip("-_’").lower() not in NOISE | {""}]


def _word(*readings: str) -> Word:
    keys = ["".join(filter(str.isalpha, name_key(reading))) for reading in readings]
    return Word(tuple(dict.fromkeys(key for key in keys if key)))


def _settle(draft: _Draft, words: tuple[Word, ...]) -> Query:
    """Decide what the undecided strings are: beside a name 1985 is a year, alone it is the end of a number."""
    words = tuple(word for word in words if word.keys)
    birth = draft.births[0] if draft.births else None
    maybe_birth, numbers, maybe_numbers = None, list(draft.numbers), []
    for digits in draft.either:
        span = draft.span(digits)
        if span and words and not birth:
            birth = span
            maybe_numbers.append(digits)
            continue
        numbers.append(digits)
        if span and span.is_one_day and not birth:
            maybe_birth = span
    return Query(words, birth, tuple(numbers[:3]), maybe_birth, tuple(maybe_numbers), draft.complaint)
