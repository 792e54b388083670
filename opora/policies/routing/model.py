"""What a plan is made from and what it is. Times are whole minutes of the local day, 0 to 1440."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum

DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Speed:
    """How a courier moves: kilometres by road to one as the crow flies, km an hour, minutes to find the door."""

    road_factor: float = 1.35
    kmh: float = 22.0
    park: int = 4


@dataclass(frozen=True, slots=True)
class Stop:
    """One address to visit. ``windows`` are when the person opens the door, inclusive; none — at any time.

    ``street`` orders a plain list; ``worker`` is whom it is pinned to; ``weight`` — how much worse it is to leave it.
    """

    key: Hashable
    point: Point | None = None
    windows: tuple[tuple[int, int], ...] = ()
    service: int = 10
    street: tuple[object, ...] = ()
    worker: Hashable | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Worker:
    """A courier of the day. ``begin`` is where she is at ``since``, ``base`` where she must be by ``until``."""

    key: Hashable
    since: int
    until: int
    base: Point | None = None
    begin: Point | None = None
    most: int | None = None


class Why(StrEnum):
    """Why an address is left out."""

    NOBODY = "nobody"
    HOURS = "hours"
    FAR = "far"
    FULL = "full"


WHY = {
    Why.NOBODY: "в этот день курьеры не работают",
    Why.HOURS: "время приёма не совпадает с часами курьеров",
    Why.FAR: "за рабочий день не доехать и не вернуться",
    Why.FULL: "не хватает времени: на этот день уже есть другие адреса",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A stop in its place; ``at`` is the minute of arrival, None where it cannot be told."""

    key: Hashable
    at: int | None = None


@dataclass(slots=True)
class Plan:
    """Stops of each worker in order, and those left out with the reason. ``is_best`` — the search was not cut short."""

    routes: dict[Hashable, list[Planned]] = field(default_factory=dict)
    left: dict[Hashable, Why] = field(default_factory=dict)
    metres: dict[Hashable, int] = field(default_factory=dict)
    is_best: bool = True
