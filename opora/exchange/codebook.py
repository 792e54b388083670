"""What a partner calls our words, both ways. The real book is the table of mappings (``opora.classifiers``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from opora.shared.errors import DomainError

HMAO = "hmao"


class CodeUnknown(DomainError, status=422):
    """Для значения нет кода партнёра."""


class CodeBook(Protocol):
    """Codes of one partner on one day. ``of`` is a list: kind, channel, origin, line, verdict, outcome, responsible,
    outside. Topics depend on the kind of the appeal and may carry flags. See ``opora.classifiers.book.Book``."""

    def ours(self, of: str, theirs: str) -> str | None:
        """Return our word for their code, None when the book has none."""

    def theirs(self, of: str, ours: str) -> str | None:
        """Return the code they read for our word, None when the book has none."""

    def topic(self, theirs: str, kind: str) -> tuple[str, frozenset[str]] | None:
        """Return the code of our topic and the flags their theme means, None when the book has none."""

    def theme(self, code: str, kind: str, flags: Collection[str] = ()) -> str | None:
        """Return their theme for our topic, None when the book has none."""


class PairsBook:
    """A book from two dictionaries: list → their code → our word, and list → our word → their code."""

    def __init__(self, read: Mapping[str, Mapping[str, str]], write: Mapping[str, Mapping[str, str]]) -> None:
        self._read, self._write = read, write

    def ours(self, of: str, theirs: str) -> str | None:
        return self._read.get(of, {}).get(theirs)

    def theirs(self, of: str, ours: str) -> str | None:
        return self._write.get(of, {}).get(ours)

    def topic(self, theirs: str, kind: str) -> tuple[str, frozenset[str]] | None:
        found = self.ours("topic", theirs)
        return None if found is None else (found, frozenset())

    def theme(self, code: str, kind: str, flags: Collection[str] = ()) -> str | None:
        return self.theirs("topic", code)
