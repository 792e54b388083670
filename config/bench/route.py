"""policies.route — a day of sixty addresses for three couriers; the limit is a walk to the nearest next."""

import random
import time
from collections.abc import Iterator

from config.bench.frame import Bench, Round, work
from opora.policies.routing.distance import metres
from opora.policies.routing.model import Point, Speed, Stop, Worker
from opora.policies.routing.planning import plan

ADDRESSES, COURIERS = 60, 3
WINDOWS: tuple[tuple[tuple[int, int], ...], ...] = ((), ((600, 780),), ((840, 1080),), ((540, 660), (960, 1080)))


@work(
    "policies.route",
    unit="с",
    bar=("figure <= 10",),
    needs_people=False,
    note="60 адресов, 3 курьера, окна у трёх четвертей; предел — обход ближайших без окон",
)
def route(bench: Bench) -> Iterator[Round]:
    """Plan the same day each round: the plan is the same, the time is what differs."""
    stops, workers, speed = _task()
    plan(stops[:2], workers, speed)  # the library is imported once in the life of a process
    for _ in bench.rounds:
        began = time.perf_counter()
        found = plan(stops, workers, speed)
        figure = time.perf_counter() - began
        also = {"left": float(len(found.left)), "km": sum(found.metres.values()) / 1000}
        yield Round(figure, _nearest(stops, speed), also)


def _task() -> tuple[list[Stop], list[Worker], Speed]:
    rnd = random.Random(60)  # noqa: S311 - invented places
    office = Point(55.03, 82.92)
    stops = [
        Stop(
            number,
            Point(office.lat + rnd.uniform(-0.09, 0.09), office.lon + rnd.uniform(-0.16, 0.16)),
            rnd.choice(WINDOWS),
        )
        for number in range(ADDRESSES)
    ]
    return stops, [Worker(f"courier-{n}", 540, 1080, office) for n in range(COURIERS)], Speed()


def _nearest(stops: list[Stop], speed: Speed) -> float:
    began = time.perf_counter()
    left, here = list(stops[1:]), stops[0]
    while left:
        at = here.point
        here = min(left, key=lambda stop: metres(at, stop.point, speed))
        left.remove(here)
    return time.perf_counter() - began
