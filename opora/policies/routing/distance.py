"""How far and how long: the great circle times a factor of roads. No map and no network is asked."""

from __future__ import annotations

from math import asin, ceil, cos, radians, sin, sqrt

from opora.policies.routing.model import Point, Speed

EARTH = 6_371_000.0  # mean radius, metres


def metres(a: Point | None, b: Point | None, speed: Speed) -> int:
    """Return the way by road; 0 where one of the places is not known.

    >>> metres(Point(55.0302, 82.9204), Point(54.9833, 82.8964), Speed(road_factor=1.0))
    5435
    """
    if a is None or b is None:
        return 0
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    chord = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    return round(2 * EARTH * asin(min(1.0, sqrt(chord))) * speed.road_factor)


def minutes(way: int, speed: Speed) -> int:
    """Return whole minutes for a way in metres, rounded up, with the time to find the door; none for no way.

    >>> minutes(5500, Speed(kmh=22, park=4)), minutes(0, Speed())
    (19, 0)
    """
    return ceil(way * 60 / (speed.kmh * 1000)) + speed.park if way else 0
