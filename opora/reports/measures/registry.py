"""Values that filters over facts cannot count: people told once however often, shares of an answer, yes or no.

A measure is a function from what was asked to a value; a row of a form names it (``"measure": "informing.people"``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from opora.reports.models import Seal
from opora.reports.periods import Days
from opora.reports.subjects import Subject

type Value = int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """``arguments`` are those of the row and the code of the ``column``; ``seal`` — as of a sealed period, None — now.

    ``memory`` is kept for the whole report: what several rows need is asked once.
    """

    subject: Subject
    days: Days
    arguments: Mapping[str, Any]
    seal: Seal | None = None
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """``note`` explains the value beside it."""

    value: Value
    note: str = ""


type Measure = Callable[[Asked], Measured]

MEASURES: dict[str, Measure] = {}
SOURCES_OF: dict[str, tuple[str, ...]] = {}
BESIDE: dict[str, str] = {}


def measure(name: str, *, of: tuple[str, ...] = (), beside: str = "") -> Callable[[Measure], Measure]:
    """Register a measure under the name that forms use; ``of`` are the sources whose facts it counts, which a seal of
    a report that names it has to keep. ``beside`` — of one that counts no facts: what it counts, in words."""

    def register(function: Measure) -> Measure:
        MEASURES[name] = function
        SOURCES_OF[name] = of
        if beside:
            BESIDE[name] = beside
        return function

    return register
