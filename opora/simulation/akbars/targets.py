"""What the year aims at: published figures, scaled in one way — multiplied and rounded, a half up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

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
class Rest:
    """What the year holds beside informing, chosen so that the published shares come out.

    ``appeals`` are the insurer's, its ``complaints`` among them; ``centre`` of the ``surveyed`` were asked about the
    contact centre. Complaints and claims are whole at any scale: smaller, what was published of them would vanish.
    """

    appeals: int
    on_the_call: float
    surveyed: int
    centre: int
    satisfied: int
    hard: int
    causes: dict[str, int]
    verdicts: dict[str, int]
    complaints_until: date
    on_insurer: int
    claims: int
    claims_justified: int
    asked: int
    delivered: int

    @property
    def complaints(self) -> int:
        return sum(self.causes.values())

    @property
    def justified(self) -> int:
        return self.complaints - self.verdicts["unjustified"]


@dataclass(frozen=True, slots=True)
class Targets:
    """The published figures at a scale; ``insured`` are those of ``insured_on``."""

    source: str
    year: int
    insured_on: date
    insured: int
    streams: tuple[Stream, ...]
    rest: Rest

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
        _rest(told["rest"], told["year"], scale),
    )


def _rest(told: dict[str, Any], year: int, scale: float) -> Rest:
    complaints = sum(told["causes"].values())
    month, day = map(int, told["complaints_until"].split("-"))
    return Rest(
        appeals=scaled(told["appeals"] - complaints, scale) + complaints,
        on_the_call=told["on_the_call"],
        surveyed=scaled(told["published"]["surveyed"], scale),
        centre=scaled(told["centre"]["asked"], scale),
        satisfied=scaled(told["centre"]["satisfied"], scale),
        hard=scaled(told["centre"]["hard"], scale),
        causes=told["causes"],
        verdicts=told["verdicts"],
        complaints_until=date(year, month, day),
        on_insurer=told["on_insurer"],
        claims=told["claims"]["number"],
        claims_justified=told["claims"]["justified"],
        asked=max(1, scaled(told["deliveries"]["asked"], scale)),
        delivered=max(1, scaled(told["deliveries"]["delivered"], scale)),
    )
