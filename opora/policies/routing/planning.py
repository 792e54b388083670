"""A plan of a day: stops with places are routed, stops without are listed by street, what cannot fit says why."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from opora.policies.routing.distance import metres, minutes
from opora.policies.routing.model import Plan, Planned, Speed, Stop, Why, Worker
from opora.policies.routing.solver import solve


def plan(stops: Sequence[Stop], workers: Sequence[Worker], speed: Speed, *, seconds: float = 8.0) -> Plan:
    """Return the plan of a day. Each stop is in one route or among those left, never in both.

    A pinned stop stays with its worker whatever happens: where no time can be found for it, it stands at the end
    without one. Stops without places follow the routed ones, by settlement, street and house, without times.
    """
    at_work = {worker.key: worker for worker in workers}
    stops = [stop if stop.worker in at_work else replace(stop, worker=None) for stop in stops]
    left: dict[Hashable, Why] = {}
    able: list[Stop] = []
    listed: list[Stop] = []
    for stop in stops:
        why = _impossible(stop, workers, speed)
        if why is not None and stop.worker is None:
            left[stop.key] = why
        elif stop.point is None or why is not None:
            listed.append(stop)
        else:
            able.append(stop)
    found = solve(able, workers, speed, seconds=seconds)
    pinned = {stop.key: stop for stop in able if stop.worker is not None}
    listed += [pinned[key] for key in list(found.left) if key in pinned]
    found.left = {key: why for key, why in found.left.items() if key not in pinned} | left
    _list(found, listed, workers)
    return found


def _impossible(stop: Stop, workers: Sequence[Worker], speed: Speed) -> Why | None:
    """Return why nobody can come, looking at this stop alone; None — somebody can."""
    if not workers:
        return Why.NOBODY
    near = [worker for worker in workers if stop.worker in {None, worker.key}]
    hours = [worker for worker in near if _arrivals(stop, worker, 0, 0)]
    if not hours:
        return Why.HOURS
    if stop.point is None:
        return None
    for worker in hours:
        there = minutes(metres(worker.begin or worker.base, stop.point, speed), speed)
        back = minutes(metres(stop.point, worker.base, speed), speed)
        if _arrivals(stop, worker, there, back):
            return None
    return Why.FAR


def _arrivals(stop: Stop, worker: Worker, there: int, back: int) -> bool:
    first, last = worker.since + there, worker.until - stop.service - back
    windows = stop.windows or ((0, 24 * 60),)
    return any(max(first, opens) <= min(last, closes) for opens, closes in windows)


def _list(plan: Plan, stops: Sequence[Stop], workers: Sequence[Worker]) -> None:
    """Add stops without times: pinned ones to whom they are pinned, the rest in equal runs of neighbouring streets."""
    free = []
    for stop in sorted(stops, key=lambda one: (one.street, str(one.key))):
        if stop.worker is not None:
            plan.routes[stop.worker].append(Planned(stop.key))
        else:
            free.append(stop)
    room = {worker.key: _room(worker, len(plan.routes[worker.key])) for worker in workers}
    for number, worker in enumerate(workers):
        share = min(room[worker.key], -(-len(free) // (len(workers) - number)))
        plan.routes[worker.key] += [Planned(stop.key) for stop in free[:share]]
        free = free[share:]
    plan.left |= {stop.key: Why.FULL for stop in free}


def _room(worker: Worker, taken: int) -> int:
    return 10_000 if worker.most is None else max(0, worker.most - taken)
