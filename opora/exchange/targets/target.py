"""What a place of storing offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Protocol

from opora.exchange.findings import Finding
from opora.exchange.format import Content
from opora.exchange.models import Parcel


@dataclass(slots=True)
class Stored:
    """How many records became what."""

    new: int = 0
    changed: int = 0
    same: int = 0
    is_stored: bool = False

    def as_dict(self) -> dict[str, int]:
        counts = asdict(self)
        del counts["is_stored"]
        return counts


class Target(Protocol):
    """Made anew for each file; runs inside its transaction, under the system's scope, one query for all records."""

    def further(self, content: Content, parcel: Parcel) -> Iterable[Finding]:
        """Yield what only the database can say is wrong."""

    def store(self, content: Content, parcel: Parcel) -> Stored:
        """Insert and update by the partner's keys; note where each record came from."""
