"""What is wrong with a text, each fault with its place. Pure.

Stricter than ``merge.check``: that one tells whether a text can be merged, these also keep an insurer from writing one
that leaves people out or tells a neighbour what is none of his business.
Source: domain handbook 10 §3 no. 14; 03 §3.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opora.informing import merge
from opora.informing.rules import SPOKEN
from opora.informing.words import Channel

if TYPE_CHECKING:
    from opora.informing.models import Template

PACKS = Path(__file__).parent.parent / "packs"
BRACES = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong; ``line`` and ``sign`` count from one, in the text as it is written."""

    line: int
    sign: int
    words: str

    @property
    def sentence(self) -> str:
        """
        >>> Fault(2, 5, "поля «{кот}» нет").sentence
        'Строка 2, знак 5: поля «{кот}» нет.'
        """
        return f"Строка {self.line}, знак {self.sign}: {self.words}."


def faults(text: str, channel: Channel | str) -> list[Fault]:
    """Return everything wrong with a text, in the order of its places.

    >>> [one.sentence for one in faults("{имя}, ваш диабет ждёт {кот}", "sms")]  # doctest: +NORMALIZE_WHITESPACE
    ['Строка 1, знак 12: «диабет» — слово о болезни, а СМС прочтут и другие.',
     'Строка 1, знак 24: поля «{кот}» нет.']
    """
    if not text.strip():
        return [Fault(1, 1, "текста нет")]
    found = [*_fields(text, Channel(channel)), *_braces(text)]
    if Channel(channel) not in SPOKEN:
        found += _private(text, Channel(channel))
    return sorted(found)


def languages() -> list[tuple[str, str]]:
    """Return code and name of the languages a text may be in, Russian first."""
    return [(one["code"], one["name"]) for one in _pack("languages")["languages"]]


def whose(text: Template) -> list[str]:
    """Return what tells a text from others of its kind: whose it is, and its language where it is not Russian."""
    own = f"ваш, версия {text.version}" if text.organisation_id else "общий"
    return [own] if text.language == "ru" else [own, dict(languages()).get(text.language, text.language)]


def private_words(text: str) -> list[str]:
    """Return the words of a finished text that tell of an illness: a clinic's name may, where the text does not.

    >>> private_words("Ждём вас: Областной онкологический диспансер")
    ['онкологический']
    """
    return [found.group() for found in _private_words().finditer(text)]


def _fields(text: str, channel: Channel) -> Iterator[Fault]:
    for found in merge.FIELD.finditer(text):
        name, instead = merge.parts(found)
        if name not in merge.FIELDS:
            yield _at(text, found.start(), f"поля «{{{name}}}» нет")
        elif name in merge.IN_TALK_ONLY and channel not in SPOKEN:
            yield _at(text, found.start(), f"поле «{{{name}}}» можно только в разговоре: текст прочтут и другие")
        elif instead is None and name in merge.MAY_BE_EMPTY:
            advice = f"напишите, что стоит вместо него: {{{name}|…}}"
            yield _at(text, found.start(), f"поле «{{{name}}}» бывает пустым, {advice}")


def _braces(text: str) -> Iterator[Fault]:
    """Braces outside of fields."""
    whole = [found.span() for found in merge.FIELD.finditer(text)]
    for found in BRACES.finditer(text):
        if not any(start <= found.start() < end for start, end in whole):
            yield _at(text, found.start(), f"скобка «{found.group()}» без пары")


def _private(text: str, channel: Channel) -> Iterator[Fault]:
    for found in _private_words().finditer(text):
        yield _at(text, found.start(), f"«{found.group()}» — слово о болезни, а {_called(channel)} прочтут и другие")


def _called(channel: Channel) -> str:
    return channel.label if channel is Channel.SMS else f"«{channel.label.lower()}»"


def _at(text: str, place: int, words: str) -> Fault:
    before = text[:place]
    return Fault(before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1, words)


@cache
def _private_words() -> re.Pattern[str]:
    pack = _pack("private_words")
    stems = "|".join(sorted(pack["stems"], key=len, reverse=True))
    words = "|".join(pack["words"])
    return re.compile(rf"(?<!\w)(?:(?i:(?:{stems})\w*|(?:{words})(?!\w))|{pack['codes']}(?!\w))")


@cache
def _pack(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PACKS / f"{name}.json").read_text(encoding="utf-8"))
    return found
