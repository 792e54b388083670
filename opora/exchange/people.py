"""Controls of a person in a list. A wrong check digit is an error here: the list is about this very person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record, Severity
from opora.shared import enp, names, snils

DIAGNOSIS = re.compile(r"[A-Z]\d{2}(\.\d{1,2})?")
OF_ONE_NUMBER = {"3", "4"}  # kinds of policy whose number is the ЕНП: F008
NOBODY = "нет"


def remark(record: Record, field: str, message: str, *, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(field, message, record.key or None, record.place, severity)


def repeats(records: list[Record], field: str, message: str) -> Iterator[Finding]:
    """Yield a finding for every record whose key was there before: the first one stays."""
    seen: set[str] = set()
    for record in records:
        if record.key and record.key in seen:
            yield remark(record, field, message)
        seen.add(record.key)


def an_enp(value: str, _: Context) -> str | None:
    if len(value) != enp.LENGTH or not (value.isascii() and value.isdigit()):
        return f"В ЕНП {enp.LENGTH} цифр, а здесь «{value}»"
    return None if enp.is_valid(value) else "Контрольная цифра ЕНП не сходится"


def a_snils(value: str, _: Context) -> str | None:
    try:
        number = snils.normalise(value)
    except snils.SnilsNotUnderstood as fault:
        return str(fault)
    return None if snils.is_valid(number) else "Контрольное число СНИЛС не сходится"


def a_diagnosis(value: str, _: Context) -> str | None:
    return None if DIAGNOSIS.fullmatch(value) else f"«{value}» — не код МКБ-10, нужен код вида I69.3"


def a_compact_date(value: str, _: Context) -> str | None:
    return None if parse_compact_date(value) else f"«{value}» — не дата, нужна дата вида ГГГГММДД"


def a_past_compact_date(value: str, context: Context) -> str | None:
    found = parse_compact_date(value)
    if found is None:
        return a_compact_date(value, context)
    return "Дата не может быть в будущем" if found > context.as_of else None


def parse_compact_date(value: str) -> date | None:
    """Return the day of eight digits; eight digits are not yet a date.

    >>> parse_compact_date("20260230") is None
    True
    """
    if not re.fullmatch(r"[0-9]{8}", value):
        return None
    try:
        return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def policy_faults(record: Record, kind: str, number: str) -> Iterator[Finding]:
    """Yield what is wrong with the number of a policy; ``kind`` and ``number`` are names of the fields."""
    given = record.values.get(number)
    if given and record.values.get(kind) in OF_ONE_NUMBER and not enp.is_valid(given):
        yield remark(record, number, "Номер единого полиса — ЕНП, а его контрольная цифра не сходится")


def snils_faults(record: Record, field: str) -> Iterator[Finding]:
    """Yield a warning for a СНИЛС that does not hold: the person is found by policy and name all the same."""
    value = record.values.get(field, "")
    if value and not snils.is_valid(bare_snils(value)):
        yield remark(record, field, "Контрольное число СНИЛС не сходится", severity=Severity.WARNING)


def name_faults(record: Record, *fields: str) -> Iterator[Finding]:
    """Yield a warning for letters of another alphabet in a name: «Ивaнов» with a Latin a."""
    for field in fields:
        if strangers := names.mixed_alphabet(record.values.get(field, "")):
            yield remark(record, field, f"{strangers[0]}: проверьте имя", severity=Severity.WARNING)


def patronymic_of(text: str) -> str:
    """Return the patronymic; an empty tag and the word НЕТ mean none.

    >>> patronymic_of("НЕТ"), patronymic_of("Петрович")
    ('', 'Петрович')
    """
    return "" if text.casefold() == NOBODY else text


def bare_snils(text: str) -> str:
    """Return the 11 digits, nothing for what is no СНИЛС."""
    try:
        return snils.normalise(text) if text else ""
    except snils.SnilsNotUnderstood:
        return ""


def number_of(values: Mapping[str, str], field: str) -> int | None:
    """Return a whole number of a field that may be empty."""
    text = values.get(field, "")
    return int(text) if text.isascii() and text.isdigit() else None
