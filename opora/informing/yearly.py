"""The published indicators of a year, counted over rows: who was informed, who once more, out of how many."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opora.informing.facts import INFORMING, NOT_INFORMED
from opora.informing.rules import INFORMED
from opora.informing.words import Measure
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.organisations.models import Organisation

_year = question(Path(__file__).parent / "sql", "year_of_insurer")
# Reproductive health and planned admissions have indicators of their own.
COUNTED = (Measure.CHECKUP, Measure.SCREENING, Measure.SCREENING_2, Measure.EXTENDED, Measure.OBSERVATION)


@dataclass(frozen=True, slots=True)
class YearOfStream:
    """People of one stream in a year; ``percent`` is of the sealed plan, above 100 where lists came after the seal."""

    stream: str
    planned: int
    informed: int
    repeated: int
    contacts: int

    @property
    def percent(self) -> float | None:
        return round(self.informed * 100 / self.planned, 1) if self.planned else None


def year_of_insurer(insurer: Organisation, year: int) -> list[YearOfStream]:
    """Return the streams of a year, prevention first. The scope must see the insurer's people. One query."""
    rows = _year(year=year, insurer=insurer.pk, measures=sorted(COUNTED), **what_informs())
    return [YearOfStream(row.stream, row.planned, row.informed, row.repeated, row.contacts) for row in rows]


def what_informs() -> dict[str, list[str]]:
    """Return states, purposes and vain outcomes as the statements ask for them."""
    return {"states": sorted(INFORMED), "purposes": sorted(INFORMING), "vain": sorted(NOT_INFORMED)}
