"""Merge fields of texts: found, checked with their place, filled. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FIELD = re.compile(r"\{([^{}\n]*)\}")
BRACE = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the text something stands, from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"строка {self.line}, знак {self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One field the program cannot fill."""

    field: str
    place: Place
    why: str

    def __str__(self) -> str:
        return f"«{self.field}» ({self.place}): {self.why}"


def fields(text: str) -> Iterator[tuple[str, Place]]:
    """Yield the fields of a text with their places.

    >>> [(name, str(place)) for name, place in fields("Приём — {waiting:SPEC}.")]
    [('waiting:SPEC', 'строка 1, знак 9')]
    """
    for found in FIELD.finditer(text):
        yield found[1].strip(), _place(text, found.start())


def faults(text: str, why_not: Callable[[str], str]) -> list[Fault]:
    """Return what is wrong: fields ``why_not`` has a reason against, and braces without a pair."""
    found = [Fault("{" + name + "}", place, why) for name, place in fields(text) if (why := why_not(name))]
    without_pair = BRACE.search(FIELD.sub(lambda field: " " * len(field[0]), text))
    if without_pair:
        place = _place(text, without_pair.start())
        found.append(Fault(without_pair[0], place, "скобка без пары. Поле пишется целиком в одной строке: {поле}"))
    return found


def filled(text: str, value: Callable[[str], str]) -> str:
    """Return the text with ``value(name)`` in place of each field."""
    return FIELD.sub(lambda found: value(found[1].strip()), text)


def _place(text: str, position: int) -> Place:
    return Place(text.count("\n", 0, position) + 1, position - (text.rfind("\n", 0, position) + 1) + 1)
