"""What the year aims at: published figures, scaled in one way — multiplied and rounded, a half up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from opora.simulation.journal.shares import scaled

PUBLISHED = Path(__file__).parent / "published.json"


@dataclass(frozen=True, slots=True)
class Stream:
    """People of one stream: ``informed`` at least once, ``repeated`` of them once more, ``planned`` under the seal."""

    name: str
    informed: int
    repeated: int
    planned: int


@dataclass(frozen=True, slots=True)
class Targets:
    """The published figures at a scale; ``insured`` are those of ``insured_on``."""

    source: str
    year: int
    insured_on: date
    insured: int
    streams: tuple[Stream, ...]

    @property
    def contacts(self) -> int:
        return sum(one.informed + one.repeated for one in self.streams)


def targets(scale: float) -> Targets:
    """Return what a year of this scale aims at.

    A percentage of one decimal fixes its denominator to a range only; the plan is its middle, informed ÷ percent.
    """
    told = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    streams = []
    for name, one in told["streams"].items():
        planned = (Decimal(one["informed"]) * 100 / Decimal(one["percent"])).quantize(Decimal(1), ROUND_HALF_UP)
        streams.append(
            Stream(name, scaled(one["informed"], scale), scaled(one["repeated"], scale), scaled(int(planned), scale))
        )
    return Targets(
        told["source"],
        told["year"],
        date.fromisoformat(told["insured_on"]),
        scaled(told["insured"], scale),
        tuple(streams),
    )
