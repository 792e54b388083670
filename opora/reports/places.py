"""Where a cell stands."""

from __future__ import annotations

from dataclasses import dataclass

from opora.reports.errors import NoSuchCell


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: «table/row/column» in addresses and in control relations."""

    table: str
    row: str
    column: str

    @classmethod
    def read(cls, text: str) -> Place:
        """Raises NoSuchCell.

        >>> Place.read("1/3.1/all").row
        '3.1'
        """
        parts = text.split("/")
        if len(parts) != 3 or not all(parts):
            raise NoSuchCell
        return cls(*parts)

    def __str__(self) -> str:
        return f"{self.table}/{self.row}/{self.column}"
