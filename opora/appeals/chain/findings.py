"""What a check of the history has found, in words for an auditor."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. ``what`` is a stable code, ``sentence`` says it in Russian.

    ``position`` and ``event`` are there for links, ``number`` wherever the appeal is known.
    """

    what: str
    organisation: int | None
    sentence: str
    position: int | None = None
    event: str = ""
    number: str = ""

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Where a chain was seen to end: what may be compared with a head given away earlier."""

    organisation: int
    position: int
    hash: str


@dataclass(slots=True)
class Report:
    """The whole check. Clean means that nothing was found."""

    ends: list[ChainEnd] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    waiting: int = 0
    appeals: int = 0

    @property
    def is_clean(self) -> bool:
        return not self.findings
