"""One cell at a time: what it says, or why it says nothing. Answers are remembered: names, days and codes repeat."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from opora.insured.importing.layout import heading_key
from opora.insured.models import Attachment, Consent, Contact, IdentityDocument, PersonCategory, Policy
from opora.shared import dates, enp, names, snils

PLAIN_NAME = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?")
ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
DOTTED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
EIGHT = re.compile(r"\d{8}")
EMAIL = re.compile(r"[^@\s\"<>,;]{1,64}@[^@\s\"<>,;.][^@\s\"<>,;]*\.[^@\s\"<>,;.]{2,}")
NOBODY = {"нет", "отсутствует", "б/о", "без отчества", "-", "—"}
FIRST_YEAR, LAST_YEAR = 1880, 2199


@lru_cache(maxsize=1 << 16)
def day(text: str, order: str = "") -> tuple[str, str]:
    """Return the day as ``YYYY-MM-DD`` and an empty text, or nothing and why.

    >>> day("14.03.1985"), day("1985-03-14"), day("19850314"), day("31.02.1985")[0]
    (('1985-03-14', ''), ('1985-03-14', ''), ('1985-03-14', ''), '')
    """
    if found := ISO.fullmatch(text):
        year, month, number = found[1], found[2], found[3]
    elif found := DOTTED.fullmatch(text):
        number, month, year = (found[2], found[1], found[3]) if order == "mdy" else (found[1], found[2], found[3])
    elif EIGHT.fullmatch(text) and text.isascii():
        year, month, number = text[:4], text[4:6], text[6:]
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            number, month, year = text[:2], text[2:4], text[4:]
    else:
        return "", "Дата не разобрана: пишите 1985-03-14 или 14.03.1985"
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return "", f"Год не подходит: нужен от {FIRST_YEAR} до {LAST_YEAR}"
    try:
        return date(int(year), int(month), int(number)).isoformat(), ""
    except ValueError:
        pass
    try:
        dates.parse_day(f"{number}.{month}.{year}", today=date(LAST_YEAR, 12, 31))
    except dates.DayNotUnderstood as fault:
        return "", "Такой даты нет: " + str(fault).partition(": ")[2] if ": " in str(fault) else "Такой даты нет"
    return "", "Такой даты нет"


@lru_cache(maxsize=1 << 16)
def name(text: str) -> tuple[str, str, str]:
    """Return a name as the card keeps it, and the code and reason of a refusal (empty for a good name)."""
    if PLAIN_NAME.fullmatch(text) and len(text) <= names.LONGEST:
        return text, "", ""
    if text.casefold() in NOBODY:
        return "", "", ""
    intruders = names.mixed_alphabet(text[:200])
    if intruders:
        return "", "mixed_alphabet", "; ".join(map(str, intruders[:3]))
    try:
        clean = names.clean_name(text)
    except names.NameNotUnderstood as fault:
        return "", "name", str(fault)
    if not any(letter.isalpha() for letter in clean):
        return "", "name", "В имени нет ни одной буквы"
    wrong = next((sign for sign in clean if not (sign.isalpha() or sign in "-’ .(),`" or _is_mark(sign))), "")
    if wrong:
        return "", "name", f"В имени знак «{wrong}»: имя пишут буквами"
    return clean, "", ""


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


@lru_cache(maxsize=1 << 15)
def sex_of_patronymic(patronymic: str) -> int:
    """Return 1 or 2 where a patronymic tells the sex, else 0.

    >>> [sex_of_patronymic(word) for word in ("Петрович", "Ильинична", "Мамед оглы", "Жан")]
    [1, 2, 1, 0]
    """
    word = patronymic.lower()
    if word.endswith(("вич", "ьич", "тич", "мич", "нич", "оглы", "оглу", "улы", "уулу", "угли")):
        return 1
    if word.endswith(("вна", "чна", "шна", "кызы", "гызы", "кизи")):
        return 2
    return 0


def number_of_policy(text: str) -> tuple[str, str, bool]:
    """Return sixteen digits, the reason of a refusal, and whether the check digit holds."""
    digits = text if len(text) == 16 and text.isascii() and text.isdigit() else ""
    if not digits:
        try:
            digits = enp.normalise(text)
        except enp.EnpNotUnderstood as fault:
            return "", str(fault), False
    return digits, "", enp.is_valid(digits)


def number_of_account(text: str) -> tuple[str, str, bool]:
    """Return eleven digits, the reason of a refusal, and whether the control number holds."""
    try:
        digits = snils.normalise(text)
    except snils.SnilsNotUnderstood as fault:
        return "", str(fault), False
    return digits, "", snils.is_valid(digits)


def is_email(text: str) -> bool:
    return len(text) <= 254 and bool(EMAIL.fullmatch(text))


def _codes(choices: Iterable[tuple[object, str]], **more: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for code, label in choices:
        known[heading_key(str(code))] = known[heading_key(label)] = str(code)
    return known | {heading_key(theirs): code for theirs, code in more.items()}


SEXES = _codes(
    [(1, "мужской"), (2, "женский")],
    м="1", муж="1", m="1", male="1", ж="2", жен="2", f="2", female="2",
)  # fmt: skip
YES = _codes([("1", "да"), ("0", "нет")], true="1", false="0", разрешил="1", запретил="0", yes="1", no="0")
POLICY_KINDS = _codes(Policy.Kind.choices)
PROFILES = _codes(Attachment.Profile.choices)
OWNERS = _codes(Contact.Owner.choices)
STATES = _codes(Contact.State.choices)
DOCUMENTS = _codes(IdentityDocument.Kind.choices)
CATEGORIES = _codes(PersonCategory.Code.choices)
CHANNELS = _codes(Consent.Channel.choices)
PURPOSES = _codes(Consent.Purpose.choices)


def code_in(known: dict[str, str]) -> Callable[[str], str]:
    """Return a function that gives our code for a code or a label in any writing, or an empty text."""

    @lru_cache(maxsize=4096)
    def code(text: str) -> str:
        return known.get(heading_key(text), "")

    return code
