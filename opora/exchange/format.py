"""What a format offers to the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from opora.exchange.context import Context
from opora.exchange.findings import Block, Finding, Record


@dataclass(slots=True)
class Content:
    """A file as read: its header, its records, and what the reader already found wrong with its shape.

    ``blocks``: parts outside of the records that the format lets repeat.
    """

    records: list[Record] = field(default_factory=list)
    header: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    blocks: dict[str, list[Block]] = field(default_factory=dict)


class Format(Protocol):
    """One kind of partner's file. ``slug`` is its name in the catalogue of formats.

    ``is_atomic``: one error refuses the whole file; otherwise records are taken one by one.
    """

    slug: str
    title: str
    is_atomic: bool

    def recognises(self, path: Path) -> bool:
        """Whether the file is of this format, by content first and by name where content does not tell."""

    def read(self, path: Path) -> Content:
        """Return the content. Raises TableRefused when the file cannot be read at all."""

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        """Yield everything that is wrong, all at once."""

    def broken(self, sentence: str) -> Finding:
        """Return the finding of a file that could not be read."""


class OfNumbers:
    """A mark of a format that holds numbers, not records: nothing in it is accepted or rejected one by one."""
