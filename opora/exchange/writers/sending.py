"""What every writer is told, and what it offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Protocol

from opora.exchange.codebook import CodeBook
from opora.exchange.record import Leaving


@dataclass(frozen=True, slots=True)
class Sending:
    """One file on its way out. ``organisation`` is the code of the sender, ``made_at`` an aware moment of her clock.

    ``number`` counts files of one day; ``department`` is the GUID of the body in the presidential portal.
    """

    organisation: str
    made_at: datetime
    book: CodeBook
    number: int = 1
    organisation_name: str = ""
    department: str = ""

    @property
    def zone(self) -> tzinfo:
        assert self.made_at.tzinfo is not None  # noqa: S101 - moments are aware
        return self.made_at.tzinfo


class Writer(Protocol):
    """``slug`` is the format our own reader recognises the file as; ``system`` is whose codes it is written in."""

    slug: str
    title: str
    system: str

    def name(self, sending: Sending) -> str:
        """Return the file name the partner expects."""

    def write(self, leaving: Iterable[Leaving], sending: Sending, target: Path) -> int:
        """Write the file and return how many records it holds. Raises CodeUnknown."""
