"""Cells of our own list as people fill them: each reader returns the value as we keep it and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from opora.exchange.fields import EMAIL, parse_date
from opora.exchange.lists.own_words import MEANING, QUARTERS, SEXES, labels_of, plain
from opora.shared import dates, enp, names, snils
from opora.shared.phones import normalise

FORMULA_GUARD = re.compile(r"'(?=\s*[=+\-@])")
TWO_DIGITS = re.compile(r"(\d{1,2}[./\-]\d{1,2}[./\-])(\d{2})")
ORDINARY_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.((?:19|20)[0-9]{2})")  # as nearly every list writes it
MOST_WORDS = 12


class Told(NamedTuple):
    """``fault`` refuses the record; ``doubt`` is a warning: the value is kept as ``value`` says."""

    value: str
    fault: str = ""
    doubt: str = ""


Reader = Callable[[str, date], Told]


def bare(text: str) -> str:
    """Return a cell without blanks around and without the apostrophe that keeps Excel from reading a formula."""
    bare = text.strip()
    return FORMULA_GUARD.sub("", bare, count=1) if "'" in bare else bare


def a_text(text: str, _: date) -> Told:
    return Told(" ".join(text.split()))


def a_code(text: str, _: date) -> Told:
    if len(text) <= 20 and re.fullmatch(r"[0-9A-Za-z.\-]+", text):
        return Told(text)
    return Told(text, f"«{text[:40]}» — не код организации")


def a_name(text: str, _: date) -> Told:
    try:
        clean = names.clean_name(text)
    except names.NameNotUnderstood as error:
        return Told(text, str(error))
    strangers = names.mixed_alphabet(clean)
    return Told(clean, doubt=f"{strangers[0]}: проверьте имя" if strangers else "")


def a_past_day(text: str, today: date) -> Told:
    told = _day(text, today)
    if not told.fault and told.value > today.isoformat():
        return Told(told.value, "Дата не может быть в будущем")
    return told


def a_planned_day(text: str, today: date) -> Told:
    """A day of a plan may lie ahead: two digits of a year mean this century."""
    if found := TWO_DIGITS.fullmatch(text):
        text = f"{found[1]}20{found[2]}"
    return _day(text, today)


def a_policy(text: str, _: date) -> Told:
    try:
        number = enp.normalise(text)
    except enp.EnpNotUnderstood as error:
        return Told(text, str(error))
    return Told(number, "" if enp.is_valid(number) else "Контрольная цифра ЕНП не сходится: проверьте номер")


def a_snils(text: str, _: date) -> Told:
    try:
        number = snils.normalise(text)
    except snils.SnilsNotUnderstood as error:
        return Told("", doubt=str(error))
    return Told(number) if snils.is_valid(number) else Told("", doubt="Контрольное число СНИЛС не сходится")


def a_phone(text: str, _: date) -> Told:
    """Several numbers in one cell are several numbers; what cannot be dialled is kept as it was written."""
    whole = normalise(text)
    parts = [whole] if whole else [part.strip() for part in re.split(r"[,;\n|]|\bи\b", text) if part.strip()]
    read = [normalise(part) or part for part in parts]
    strange = next((part for part in read if not part.startswith("+")), "")
    return Told("; ".join(read), doubt=f"По номеру «{strange[:40]}» не позвонить" if strange else "")


def an_email(text: str, _: date) -> Told:
    return Told(text) if EMAIL.fullmatch(text) else Told("", doubt=f"Адрес «{text[:60]}» написан с ошибкой")


def a_sex(text: str, _: date) -> Told:
    found = SEXES.get(plain(text), "")
    return Told(found, "" if found else f"Пол «{text[:20]}» не понятен: пишут М или Ж")


def a_year(text: str, _: date) -> Told:
    found = re.fullmatch(r"(20\d{2})(\s*г(од)?\.?)?", text)
    return Told(found[1]) if found else Told(text, f"Год «{text[:20]}» не понятен: нужны четыре цифры")


def a_quarter(text: str, _: date) -> Told:
    found = plain(text).removesuffix("квартал").removesuffix("кв").strip()
    found = QUARTERS.get(found, found)
    return Told(found) if found in {"1", "2", "3", "4"} else Told(text, f"Квартал «{text[:20]}»: бывают 1–4")


def a_month(text: str, _: date) -> Told:
    """A number, a name or a number with its year: 5, май, 05.2026."""
    word = plain(text)
    number = next((n for n, name in enumerate(dates.MONTHS, 1) if word in {name, dates.IN_MONTH[n - 1]}), 0)
    if not number and (found := re.fullmatch(r"(\d{1,2})( 20\d{2})?", word)):
        number = int(found[1])
    if not number and (found := re.fullmatch(r"20\d{2} (\d{1,2})( \d{1,2})?", word)):
        number = int(found[1])
    return Told(str(number)) if 1 <= number <= 12 else Told(text, f"Месяц «{text[:20]}» не понятен")


def a_word(field: str) -> Reader:
    def read(text: str, _: date) -> Told:
        if found := MEANING[field].get(plain(text)):
            return Told(found)
        known = labels_of(field)
        listed = ", ".join(known[:MOST_WORDS]) + ("…" if len(known) > MOST_WORDS else "")
        return Told(text, f"«{text[:60]}» не понятно, бывает: {listed}")

    return read


def _day(text: str, today: date) -> Told:
    if parse_date(text):
        return Told(text)
    if (found := ORDINARY_DAY.fullmatch(text)) and parse_date(day := f"{found[3]}-{found[2]}-{found[1]}"):
        return Told(day)
    if plain(text) in dates.WORDS:
        return Told(text, "В файле день пишут числом, например 14.03.2026")
    try:
        return Told(dates.parse_day(text, today=today).isoformat())
    except dates.DayNotUnderstood as error:
        return Told(text, str(error))


READERS: dict[str, Reader] = {
    "surname": a_name,
    "given_name": a_name,
    "patronymic": a_name,
    "birth_on": a_past_day,
    "sex": a_sex,
    "enp": a_policy,
    "snils": a_snils,
    "phone": a_phone,
    "phone_2": a_phone,
    "email": an_email,
    "insurer": a_code,
    "provider": a_code,
    "year": a_year,
    "quarter": a_quarter,
    "month": a_month,
    "inform_by": a_planned_day,
    "visit_from": a_planned_day,
    "visit_to": a_planned_day,
    "informed_on": a_past_day,
    "visited_on": a_past_day,
    **{field: a_word(field) for field in MEANING},
}

# Of these hardly any two people have the same.
OWN_TO_EACH = frozenset({"key", "note", "talk_note", "address", "enp", "snils", "phone", "phone_2", "email"})
MOST_KNOWN = 1 << 16


def read_cell(field: str, text: str, today: date) -> Told:
    """Return what a cell says."""
    return READERS.get(field, a_text)(text, today)


class Cells:
    """Reads the cells of one list; what repeats in it — names, days, words — is read once."""

    def __init__(self, today: date) -> None:
        self._today = today
        self.known: dict[tuple[str, str], Told] = {}

    def read(self, field: str, text: str) -> Told:
        """Return what a cell says, and keep it in ``known`` where others may say the same."""
        told = read_cell(field, text, self._today)
        if field not in OWN_TO_EACH and len(self.known) < MOST_KNOWN:
            self.known[field, text] = told
        return told
