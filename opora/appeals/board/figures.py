"""The numbers of one board: sums of kept counters by organisation and line, and when they change by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from opora.appeals.actor import holder_id, kind_of
from opora.appeals.chain.digest import SQL
from opora.classifiers.words import Line
from opora.organisations.models import Assignment, Organisation, Territory
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.access.scope import Scope

OWN_LINES = {"fund": (Line.OP1, Line.OP2), "insurer": (Line.SP1, Line.SP2, Line.SP3)}
COUNTED = ("waiting", "in_work", "late", "due_today", "answered", "in_time")
_lines = question(SQL, "board_lines")
_promises = question(SQL, "board_promises")


@dataclass(slots=True)
class Figures:
    """Numbers of a line, an organisation or the whole; ``waits_since`` — since when the longest in the queue waits."""

    title: str
    key: str
    waiting: int = 0
    in_work: int = 0
    late: int = 0
    due_today: int = 0
    answered: int = 0
    in_time: int = 0
    waits_since: datetime | None = None

    def add(self, found: Any) -> None:
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(found, name))
        if found.waits_since:
            self.waits_since = min(self.waits_since or found.waits_since, found.waits_since)

    @property
    def share(self) -> int | None:
        """Whole per cent of today's answers given in time, never rounded up to all; None without answers."""
        return self.in_time * 100 // self.answered if self.answered else None


@dataclass(slots=True)
class Place:
    """One organisation of the board."""

    total: Figures
    lines: list[Figures] = field(default_factory=list)

    @property
    def only_line(self) -> Figures | None:
        """The line whose numbers are those of the whole: one row is enough for both."""
        return self.lines[0] if len(self.lines) == 1 else None


@dataclass(frozen=True, slots=True)
class Board:
    """The whole wall. ``changes_at`` — when a number changes without anybody's act: a midnight, a promised call."""

    organisation: Organisation
    now: datetime
    total: Figures
    places: list[Place]
    calls_due: int
    calls_overdue: int
    changes_at: datetime

    @property
    def zone(self) -> ZoneInfo:
        return self.organisation.zone


def scope_of(organisation: Organisation) -> Scope:
    """Return what an organisation sees as a whole: nobody in particular, no level."""
    return Assignment(organisation=organisation).scope


def board_of(organisation: Organisation, now: datetime) -> Board:
    """Return the board of an organisation inside its scope; four queries, none of them counts appeals."""
    scope = scope_of(organisation)
    asked = {
        "now": now,
        "territory": scope.territory or None,
        "handler": None if scope.sees == "territory" else holder_id(organisation),
    }
    found = _lines(**asked)
    calls = _promises(**asked)
    total = Figures("Всего", "all")
    for row in found:
        total.add(row)
    return Board(
        organisation,
        now,
        total,
        _places(organisation, found),
        sum(row.due for row in calls),
        sum(row.overdue for row in calls),
        min([*_midnights(organisation, scope, now), *(row.next_at for row in calls if row.next_at)]),
    )


def _places(organisation: Organisation, found: Iterable[Any]) -> list[Place]:
    """Return organisations by name, its own first, lines in their order; its own lines are there even when empty."""
    holder = holder_id(organisation)
    rows: dict[int, dict[str, Any]] = {holder: dict.fromkeys(OWN_LINES.get(kind_of(organisation), ()))}
    for row in found:
        rows.setdefault(row.handler_id, {})[row.line] = row
    names = dict(Organisation.objects.filter(pk__in=rows).values_list("pk", "name")) | {holder: organisation.name}
    order = {line: number for number, line in enumerate(Line.values)}
    places = []
    for key in sorted(rows, key=lambda key: (key != holder, names.get(key, ""), key)):
        place = Place(Figures(names.get(key, "Другая организация"), f"{key}"))
        for line in sorted(rows[key], key=lambda line: order.get(line, len(order))):
            figures = Figures(str(Line(line).label), f"{key}-{line}")
            if (row := rows[key][line]) is not None:
                figures.add(row)
                place.total.add(row)
            place.lines.append(figures)
        places.append(place)
    return places


def _midnights(organisation: Organisation, scope: Scope, now: datetime) -> list[datetime]:
    """Return the next midnight of each clock by which its days are counted."""
    territories = Territory.objects.all()
    if scope.territory:
        territories = territories.filter(pk=scope.territory)
    zones = {ZoneInfo(name) for name in territories.values_list("time_zone", flat=True)} | {organisation.zone}
    return [_end(now.astimezone(zone).date(), zone) for zone in zones]


def _end(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
