"""What controls say, and what becomes of a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of a control: about the file, or about the record ``record`` at ``place`` (its number)."""

    field: str
    message: str
    record: str | None = None
    place: int | None = None
    severity: Severity = Severity.ERROR
    code: str | None = None

    @property
    def scope(self) -> str:
        return "file" if self.place is None else "record"

    def as_json(self) -> dict[str, Any]:
        return {
            "scope": self.scope,
            "record": self.record,
            "field": self.field,
            "severity": str(self.severity),
            "code": self.code,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a record that may stand in it several times: values by field name, and parts of its own."""

    values: dict[str, str]
    blocks: dict[str, list[Block]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One record as read: its number in the file from 1, its key, its values by field name (text, stripped).

    ``blocks``: parts that the format lets repeat, by their tag, in the order of the file.
    """

    place: int
    key: str
    values: dict[str, str]
    blocks: dict[str, list[Block]] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """A checked file. Counts follow from the findings: a record with a warning is accepted all the same."""

    file: str
    format: str | None
    records: list[Record] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_atomic: bool = True
    is_counted: bool = True
    """False for a file of numbers: it has no records to count."""

    @property
    def is_accepted(self) -> bool:
        """Whether anything of the file may be stored."""
        errors = [finding for finding in self.findings if finding.severity is Severity.ERROR]
        if self.format is None or any(finding.scope == "file" for finding in errors):
            return False
        return not errors if self.is_atomic else True

    @property
    def rejected(self) -> int:
        if not self.is_accepted:
            return len(self.records)
        return len({f.place for f in self.findings if f.severity is Severity.ERROR and f.place is not None})

    @property
    def warned(self) -> int:
        """Accepted records with a warning."""
        if not self.is_accepted:
            return 0
        broken = {f.place for f in self.findings if f.severity is Severity.ERROR}
        return len({f.place for f in self.findings if f.severity is Severity.WARNING and f.place} - broken)

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``cli.md``: the JSON of ``exchange check``."""
        return {
            "file": self.file,
            "format": self.format,
            "result": "accept" if self.is_accepted else "reject",
            "records_in_file": len(self.records) if self.is_counted else None,
            "accepted": len(self.records) - self.rejected,
            "rejected": self.rejected if self.is_counted else None,
            "warned": self.warned,
            "findings": [finding.as_json() for finding in self.findings],
        }
