"""One partner's codes as a two-way book: made once from an edition, then only looked up. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol

TOPIC = "topic"
LEADING_ROW = re.compile(r"(ж?)\s*(\d+(?:\.\d+)*)\.?(?![\w.])", re.IGNORECASE)


class Pair(Protocol):
    @property
    def of(self) -> str: ...
    @property
    def ours(self) -> str: ...
    @property
    def theirs(self) -> str: ...
    @property
    def is_main_ours(self) -> bool: ...
    @property
    def is_main_theirs(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Book:
    """Look-ups without a query. Lists are those of ``Mapping.of``; what the partner does not have is None."""

    system: str
    reads: dict[tuple[str, str], str] = field(default_factory=dict)
    writes: dict[tuple[str, str], str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def theirs(self, of: str, ours: str) -> str | None:
        """Return how the partner writes our word."""
        return self.writes.get((of, ours))

    def ours(self, of: str, theirs: str) -> str | None:
        """Return what their code means; letter case, ё and spaces do not matter.

        A topic in words is known by the row number it begins with: «ж 7 Организация работы МО» is ``ж7``.
        """
        found = self.reads.get((of, theirs)) or self.reads.get((of, folded(theirs)))
        if found is None and of.startswith(TOPIC) and (row := leading_row(theirs)):
            found = self.reads.get((of, row))
        return found

    def topic(self, theirs: str, kind: str) -> tuple[str, frozenset[str]] | None:
        """Return the code of our topic and the flags that their theme means, for an appeal of ``kind``."""
        found = self.ours(f"{TOPIC}:{kind}", theirs) or self.ours(TOPIC, theirs)
        if found is None:
            return None
        code, *flags = found.split("+")
        return code, frozenset(flags)

    def theme(self, code: str, kind: str, flags: Collection[str] = ()) -> str | None:
        """Return their theme for our topic in an appeal of ``kind``; a flag may make it finer."""
        for of in (f"{TOPIC}:{kind}", TOPIC):
            for name in [*(f"{code}+{flag}" for flag in sorted(flags)), code]:
                if found := self.writes.get((of, name)):
                    return found
        return None


def book(system: str, pairs: Iterable[Pair]) -> Book:
    """Make the book of an edition's rows."""
    reads: dict[tuple[str, str], str] = {}
    writes: dict[tuple[str, str], str] = {}
    known = set()
    for pair in pairs:
        known.add(pair.of)
        if pair.is_main_theirs:
            writes[pair.of, pair.ours] = pair.theirs
        if pair.is_main_ours:
            reads[pair.of, pair.theirs] = pair.ours
            reads.setdefault((pair.of, folded(pair.theirs)), pair.ours)
            if pair.of.startswith(TOPIC) and (row := leading_row(pair.theirs)):
                reads.setdefault((pair.of, row), pair.ours)
    return Book(system, reads, writes, frozenset(known))


def folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def leading_row(text: str) -> str:
    """Return the row number a theme begins with.

    >>> leading_row("ж 7 Организация работы МО"), leading_row("4.2 о выборе МО"), leading_row("ДВ1")
    ('ж7', '4.2', '')
    """
    found = LEADING_ROW.match(text.strip())
    return f"{found[1].lower()}{found[2]}" if found else ""
