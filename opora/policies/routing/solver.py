"""The search for routes, by OR-tools: time windows, working days, several couriers.

The library is heavy: it is imported when somebody plans, here and nowhere else.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Hashable, Sequence
from typing import Any

from opora.policies.routing.distance import metres, minutes
from opora.policies.routing.model import DAY, Plan, Planned, Speed, Stop, Why, Worker

LEAVE = 1_000_000  # metres: what leaving an address out is worth, times its weight
PINNED = 100
BALANCE = 20  # metres a minute of the longest day
# Each way to begin is improved until nothing small helps, the best is searched on from. The search is measured in dead
# ends, not in seconds: the same task gives the same plan on any machine, unless the time runs out.
BEGINNINGS = ("PARALLEL_CHEAPEST_INSERTION", "LOCAL_CHEAPEST_INSERTION", "SAVINGS")
DEAD_ENDS = 800

type Routes = list[list[int]]


def solve(stops: Sequence[Stop], workers: Sequence[Worker], speed: Speed, *, seconds: float = 8.0) -> Plan:
    """Return routes of stops with places for workers. Every stop has a point; those that cannot fit are left out.

    ``seconds`` is for all of the search; ``Plan.is_best`` tells whether it was enough.
    """
    if not stops or not workers:
        nobody = {stop.key: Why.NOBODY for stop in stops}
        return Plan({worker.key: [] for worker in workers}, nobody, {worker.key: 0 for worker in workers})
    deadline = time.monotonic() + seconds
    best: _Task | None = None
    for name in BEGINNINGS:
        task = _Task(stops, workers, speed)
        if task.begin(name, deadline) and (best is None or task.price < best.price):
            best = task
    if best is None:
        full = {stop.key: Why.FULL for stop in stops}
        return Plan({worker.key: [] for worker in workers}, full, {worker.key: 0 for worker in workers}, is_best=False)
    if len(stops) == 1:  # put where it costs least: nothing is left to search for
        return best.plan(is_best=True)
    better = _Task(stops, workers, speed)
    if better.improve(best.routes(), deadline) and better.price < best.price:
        best = better
    return best.plan(is_best=time.monotonic() < deadline)


class _Task:
    """The model of one search. Nodes are stops, then beginnings and ends of workers."""

    def __init__(self, stops: Sequence[Stop], workers: Sequence[Worker], speed: Speed) -> None:
        from ortools.constraint_solver import pywrapcp, routing_enums_pb2

        self.library, self.words = pywrapcp, routing_enums_pb2
        self.stops, self.workers = stops, workers
        places = [stop.point for stop in stops]
        places += [worker.begin or worker.base for worker in workers] + [worker.base for worker in workers]
        begins = [len(stops) + number for number in range(len(workers))]
        ends = [len(stops) + len(workers) + number for number in range(len(workers))]
        self.ways = [[metres(a, b, speed) for b in places] for a in places]
        self.manager = pywrapcp.RoutingIndexManager(len(places), len(workers), begins, ends)
        self.model = pywrapcp.RoutingModel(self.manager)
        self.model.SetArcCostEvaluatorOfAllVehicles(self.model.RegisterTransitMatrix(self.ways))
        service = [stop.service for stop in stops] + [0] * (2 * len(workers))
        took = [
            [service[a] + minutes(way, speed) if a != b else 0 for b, way in enumerate(row)]
            for a, row in enumerate(self.ways)
        ]
        self.model.AddDimension(self.model.RegisterTransitMatrix(took), DAY, DAY, False, "time")
        self.clock = self.model.GetDimensionOrDie("time")
        self.clock.SetGlobalSpanCostCoefficient(BALANCE)
        self._hours()
        self._most()
        numbers = {worker.key: number for number, worker in enumerate(workers)}
        for number, stop in enumerate(stops):
            self._place(self.manager.NodeToIndex(number), stop, numbers)
        self.found: Any = None

    @property
    def price(self) -> int:
        return int(self.found.ObjectiveValue())

    def begin(self, name: str, deadline: float) -> bool:
        """Find a solution by one of the ways to begin; tell whether there is one."""
        asked = self._asked(deadline)
        if asked is None:
            return False
        asked.first_solution_strategy = getattr(self.words.FirstSolutionStrategy, name)
        asked.local_search_metaheuristic = self.words.LocalSearchMetaheuristic.GREEDY_DESCENT
        self.found = self.model.SolveWithParameters(asked)
        return self.found is not None

    def improve(self, routes: Routes, deadline: float) -> bool:
        """Search on from a solution, past what small changes find; tell whether there is one."""
        asked = self._asked(deadline)
        if asked is None:
            return False
        asked.local_search_metaheuristic = self.words.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        self.model.AddSearchMonitor(self.model.solver().FailuresLimit(DEAD_ENDS))
        self.model.CloseModelWithParameters(asked)
        known = self.model.ReadAssignmentFromRoutes(routes, True)
        if known is None:
            return False
        self.found = self.model.SolveFromAssignmentWithParameters(known, asked)
        return self.found is not None

    def routes(self) -> Routes:
        """Return indexes of the stops of each worker in order."""
        found = []
        for number in range(len(self.workers)):
            route, index = [], self.found.Value(self.model.NextVar(self.model.Start(number)))
            while not self.model.IsEnd(index):
                route.append(index)
                index = self.found.Value(self.model.NextVar(index))
            found.append(route)
        return found

    def plan(self, *, is_best: bool) -> Plan:
        plan = Plan(is_best=is_best)
        seen: set[Hashable] = set()
        for number, (worker, route) in enumerate(zip(self.workers, self.routes(), strict=True)):
            nodes = [self.manager.IndexToNode(index) for index in route]
            plan.routes[worker.key] = [
                Planned(self.stops[node].key, self.found.Min(self.clock.CumulVar(index)))
                for node, index in zip(nodes, route, strict=True)
            ]
            seen |= {self.stops[node].key for node in nodes}
            ends = [self.model.Start(number), self.model.End(number)]
            whole = [self.manager.IndexToNode(ends[0]), *nodes, self.manager.IndexToNode(ends[1])]
            ways = [self.ways[a][b] for a, b in itertools.pairwise(whole)]
            plan.metres[worker.key] = sum(ways) if nodes else 0
        plan.left = {stop.key: Why.FULL for stop in self.stops if stop.key not in seen}
        return plan

    def _asked(self, deadline: float) -> Any:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        asked = self.library.DefaultRoutingSearchParameters()
        asked.time_limit.FromMilliseconds(max(1, round(left * 1000)))
        return asked

    def _hours(self) -> None:
        for number, worker in enumerate(self.workers):
            for index in (self.model.Start(number), self.model.End(number)):
                self.clock.CumulVar(index).SetRange(worker.since, worker.until)
            self.model.AddVariableMinimizedByFinalizer(self.clock.CumulVar(self.model.End(number)))

    def _most(self) -> None:
        if all(worker.most is None for worker in self.workers):
            return
        one = self.model.RegisterUnaryTransitVector([1] * self.manager.GetNumberOfNodes())
        most = [DAY if worker.most is None else worker.most + 1 for worker in self.workers]  # the beginning counts
        self.model.AddDimensionWithVehicleCapacity(one, 0, most, True, "visits")

    def _place(self, index: int, stop: Stop, numbers: dict[Hashable, int]) -> None:
        """Let a stop be visited within its windows or left out at its price."""
        arrival = self.clock.CumulVar(index)
        windows = joined(stop.windows)
        if windows:
            arrival.SetRange(windows[0][0], windows[-1][1])
            for (_, closes), (opens, _) in itertools.pairwise(windows):
                arrival.RemoveInterval(closes + 1, opens - 1)
        is_pinned = stop.worker is not None and stop.worker in numbers
        if is_pinned and stop.worker is not None:
            self.model.VehicleVar(index).SetValues([-1, numbers[stop.worker]])
        self.model.AddDisjunction([index], LEAVE * (PINNED if is_pinned else stop.weight))
        self.model.AddVariableMinimizedByFinalizer(arrival)


def joined(windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return windows in order, those that touch made one.

    >>> joined([(840, 1020), (600, 700), (700, 720)])
    [(600, 720), (840, 1020)]
    """
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(windows):
        if found and opens <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found
