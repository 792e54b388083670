"""A field of a format as data: what it holds, how long it may be, where its codes come from — and its control."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from opora.exchange.context import Context

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")

Check = Callable[[str, Context], str | None]
"""Return a sentence when the value does not fit, None when it does."""


@dataclass(frozen=True, slots=True)
class Field:
    """``name`` is the tag; ``check`` looks at a filled value; ``longest`` counts characters."""

    name: str
    check: Check | None = None
    longest: int = 0
    is_required: bool = False

    def faults(self, value: str, context: Context) -> Iterator[str]:
        if not value:
            if self.is_required:
                yield "Обязательное поле не заполнено"
            return
        if self.longest and len(value) > self.longest:
            yield f"В поле {len(value)} знаков, можно до {self.longest}"
        if self.check and (sentence := self.check(value, context)):
            yield sentence


def one_of(*codes: str) -> Check:
    """Codes of a list that the format itself fixes."""
    allowed = frozenset(codes)

    def check(value: str, _: Context) -> str | None:
        return None if value in allowed else f"Значение «{value}» не из списка: {', '.join(codes)}"

    return check


def a_date(value: str, _: Context) -> str | None:
    return None if parse_date(value) else f"«{value}» — не дата, нужна дата вида ГГГГ-ММ-ДД"


def a_past_date(value: str, context: Context) -> str | None:
    found = parse_date(value)
    if found is None:
        return a_date(value, context)
    return "Дата не может быть в будущем" if found > context.as_of else None


def a_time(value: str, _: Context) -> str | None:
    return None if TIME.fullmatch(value) else f"«{value}» — не время, нужно время вида ЧЧ:ММ:СС"


def an_organisation(value: str, context: Context) -> str | None:
    if not value.isdecimal():
        return f"Код организации состоит из цифр, а не «{value}»"
    if context.organisations and value not in context.organisations:
        return f"Организация с кодом {value} не известна"
    return None


def a_theme(value: str, context: Context) -> str | None:
    return f"Темы «{value}» нет в классификаторе" if context.themes and value not in context.themes else None


def a_guid(value: str, _: Context) -> str | None:
    try:
        UUID(value)
    except ValueError:
        return "Это не GUID"
    return None


def an_employee(value: str, context: Context) -> str | None:
    if context.employees and value.lower() not in context.employees:
        return "Сотрудник с таким GUID не известен"
    return None


def an_email(value: str, _: Context) -> str | None:
    return None if EMAIL.fullmatch(value) else "Адрес почты написан с ошибкой"


@lru_cache(maxsize=8192)
def parse_date(value: str) -> date | None:
    """Return the day of ``YYYY-MM-DD``; None for anything else, 30 February included."""
    if not DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def parse_loose_date(value: str) -> date | None:
    """Return the day of what workbooks hold: ISO, ``DD.MM.YYYY``, ``DD.MM.YY``, with a time after it or not."""
    head = re.split(r"[ T]", value.strip(), maxsplit=1)[0]
    for shape in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"):
        try:
            return datetime.strptime(head, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
