"""Who tells a life and what it leaves: events in their order, the row that follows them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from opora.appeals.words import Depth, EventKind
from opora.classifiers.models import Topic
from opora.classifiers.words import Line, Responsible

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at work; events keep the name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation that answers: its people by line (the first level, the second, the third) and who approves."""

    id: int
    code: str
    kind: str
    first: tuple[Colleague, ...]
    second: tuple[Colleague, ...]
    third: tuple[Colleague, ...]
    lead: tuple[Colleague, ...]

    @property
    def lines(self) -> tuple[Line, Line, Line]:
        return (Line.OP1, Line.OP2, Line.OP2) if self.kind == "fund" else (Line.SP1, Line.SP2, Line.SP3)

    @property
    def responsible(self) -> Responsible:
        return Responsible.FUND if self.kind == "fund" else Responsible.INSURER


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a life is led: the territory, its offices, the moment after which nothing is known."""

    territory: str
    zone: ZoneInfo
    offices: tuple[Office, ...]
    topics: dict[str, Topic]
    clinics: tuple[int, ...]
    until: datetime


@dataclass(slots=True)
class Life:
    """An appeal as rows: ``row`` is the fold of ``events``; the number is given by the statement that stores it.

    ``verdict`` is what a check will find of a complaint; empty — chance decides then.
    """

    id: UUID
    row: dict[str, Any]
    text: str
    parties: list[dict[str, Any]]
    events: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    grants: dict[int, str] = field(default_factory=dict)
    verdict: str = ""


class Teller:
    """Leads an appeal through its days. What would happen after ``until`` has not happened."""

    def __init__(self, life: Life, setting: Setting, chance: Random) -> None:
        self.life = life
        self.setting = setting
        self.chance = chance
        self.is_over = False

    def tell(
        self,
        at: datetime,
        kind: EventKind,
        office: Office,
        who: Colleague,
        line: Line,
        text: str = "",
        /,
        **changes: Any,
    ) -> bool:
        """Add an event unless its moment has not come; return whether it has."""
        if self.is_over or (at > self.setting.until and self.life.events):
            self.is_over = True
            return False
        row, events = self.life.row, self.life.events
        if events and at <= events[-1]["at"]:
            at = events[-1]["at"] + TICK
        details = {name.lstrip("_"): value for name, value in changes.items() if name not in COLUMNS}
        for name, value in changes.items():
            if name in COLUMNS and row[COLUMNS[name]] != value:
                row[COLUMNS[name]] = value
                details[name] = plain(value)
        events.append(
            {
                "at": at,
                "id": key(at, self.chance),
                "organisation": office.id,
                "kind": str(kind),
                "employee": who.id,
                "employee_name": who.name,
                "line": str(line),
                "depth": int(Depth.TEXT if text else Depth.STAGE),
                "details": details,
                "text": text,
            }
        )
        return True


# The key an event tells a column under (``appeals.rules.FOLDED``).
COLUMNS = {
    "stage": "stage",
    "handler": "handler_id",
    "responsible": "responsible",
    "line": "line",
    "owner": "owner_id",
    "due_on": "due_on",
    "interim": "interim_answered_at",
    "answered": "answered_at",
    "closed": "closed_at",
    "outcome": "outcome",
    "verdict": "verdict",
    "outside": "outside",
    "outside_at": "outside_at",
}


def key(at: datetime, chance: Random) -> UUID:
    """Return a UUID of version 7 that the seed decides."""
    value = int(at.timestamp() * 1000) << 80 | chance.getrandbits(80)
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def plain(value: Any) -> Any:
    """Return a value as events keep it."""
    return value.isoformat() if isinstance(value, date) else value
