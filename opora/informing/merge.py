"""Texts with fields: which exist, which may stand where, how long the text becomes, what it says to one person.

A field is written ``{имя}``, or ``{часы_клиники|уточните по телефону}`` with what stands there when it is empty. Pure;
values come from ``opora.informing.recipients``.
Source of what a text must tell: handbook 03 §3; of what it must not: 10 §3 no. 14.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from opora.informing.errors import TextRefused
from opora.informing.rules import SPOKEN
from opora.informing.words import Channel
from opora.shared import phones
from opora.shared.typography import NBSP

PHONES = ("телефон", "телефон_клиники")
SHORT = {Channel.SMS, Channel.MESSENGER}

# A code of МКБ-10 in Latin or in letters that look so: «E11.9», «С50.1».
DIAGNOSIS = re.compile(r"\b(?:[A-Z]\d\d(?:\.\d{1,2})?|[АВСЕНКМОРТХ]\d\d\.\d{1,2})\b")
FIELD = re.compile(r"\{([^{}]*)\}")

OF_PERSON = {"имя": "имя", "имя_отчество": "имя и отчество"}
OF_CLINIC = {
    "клиника": "название клиники",
    "адрес_клиники": "адрес клиники",
    "телефон_клиники": "телефон регистратуры",
    "часы_клиники": "часы работы клиники",
}
OF_CAMPAIGN = {
    "страховая": "кто пишет",
    "телефон": "телефон страхового представителя",
    "год": "год",
    "повод": "на что приглашаем",
}
IN_TALK_ONLY = {"диагноз": "диагноз"}
FIELDS = {**OF_PERSON, **OF_CLINIC, **OF_CAMPAIGN, **IN_TALK_ONLY}
# Names of people, insurer, year and measure are always there; a clinic may be unknown and an insurer have no phone.
MAY_LACK = frozenset({*OF_CLINIC, "телефон"})  # known before the person is
MAY_BE_EMPTY = MAY_LACK | {*IN_TALK_ONLY}


@dataclass(frozen=True, slots=True)
class Shape:
    """How long a text is: ``fixed`` characters, how many times each field stands in it, and the ``spared`` fields, each
    with what stands there when it is empty."""

    fixed: int
    fields: Mapping[str, int]
    spared: tuple[tuple[str, str], ...] = ()

    def length(self, values: Mapping[str, str], *, without: Collection[str] = ()) -> int:
        """Return the characters of the text with these values; fields ``without`` count as nothing."""
        plain = sum(times * len(values.get(name, "")) for name, times in self.fields.items() if name not in without)
        return self.fixed + plain + sum(len(values.get(name) or instead) for name, instead in self.spared)


def check(text: str, channel: Channel | str) -> Shape:
    """Return the shape of a text. Raises TextRefused with the place of the fault.

    >>> check("{имя}, вас ждёт {клиника}", "sms").fields
    {'имя': 1, 'клиника': 1}
    """
    if not text.strip():
        raise TextRefused("Напишите текст.")
    fields: dict[str, int] = {}
    spared: list[tuple[str, str]] = []
    for found in FIELD.finditer(text):
        name, instead = parts(found)
        if name not in FIELDS:
            raise TextRefused(f"Поля «{{{name}}}» нет. Есть: {', '.join(f'{{{one}}}' for one in sorted(FIELDS))}.")
        if name in IN_TALK_ONLY and Channel(channel) not in SPOKEN:
            raise TextRefused(f"Поле «{{{name}}}» можно только в разговоре: текст прочтут и другие.")
        if instead is None or name in OF_PERSON:
            fields[name] = fields.get(name, 0) + 1
        else:
            spared.append((name, instead))
    rest = FIELD.sub("", text)
    if (named := DIAGNOSIS.search(rest)) and Channel(channel) not in SPOKEN:
        raise TextRefused(f"«{named.group()}» похоже на код диагноза: текст прочтут и другие.")
    if "{" in rest or "}" in rest:
        at = text.index("{") if "{" in rest else text.index("}")
        raise TextRefused(f"Скобка без пары у знака {at + 1}: поле пишется так — {{имя}}.")
    return Shape(len(rest), fields, tuple(spared))


def render(text: str, values: Mapping[str, str]) -> str:
    """Return the text for one person. Raises TextRefused naming a field that is empty for him.

    >>> render("{имя}, ждём вас: {часы_клиники|по будням}", {"имя": "Полина"})
    'Полина, ждём вас: по будням'
    """

    def put(found: re.Match[str]) -> str:
        name, instead = parts(found)
        if not values.get(name):
            if instead is not None:
                return instead
            raise TextRefused(f"Поле «{{{name}}}» пусто: {FIELDS.get(name, 'такого поля нет')}.")
        return values[name]

    return FIELD.sub(put, text)


def readable(values: Mapping[str, str], channel: Channel | str) -> Mapping[str, str]:
    """Return the values with telephones written as they are read; where each sign is paid for they stay short.

    >>> readable({"телефон": "+78000000003"}, Channel.SMS)["телефон"]
    '+78000000003'
    >>> readable({"телефон": "+78000000003"}, Channel.CALL)["телефон"].replace(NBSP, " ")
    '+7 800 000-00-03'
    """
    if channel in SHORT:
        return values
    written = {name: phones.show(values[name]).replace(" ", NBSP) for name in PHONES if values.get(name)}
    return {**values, **written}


def missing(shape: Shape, values: Mapping[str, str], among: Collection[str]) -> list[str]:
    """Return the fields of the text, out of ``among``, that have neither a value nor anything instead."""
    return [name for name in shape.fields if name in among and not values.get(name)]


def parts(found: re.Match[str]) -> tuple[str, str | None]:
    """Return the name of a field and what stands there when it is empty; None — nothing was named."""
    name, bar, instead = found.group(1).partition("|")
    return name.strip(), instead if bar else None
