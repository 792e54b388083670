"""Times of many small acts: on the wall, and on the processors of the program and of its database backend.

On a crowded machine the wall clock tells how long others were at work; the processors tell what the act itself costs.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from django.db import connection


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one act; ``work`` is None where the backend runs on another machine."""

    wall: float
    work: float | None


def spent(act: Callable[[], object]) -> Spent:
    """Do something through the one connection of this thread and return what it took."""
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat") if connection.connection else None
    is_here = backend is not None and backend.exists()
    there = _ran(backend) if backend and is_here else 0.0
    here, began = time.thread_time(), time.perf_counter()
    act()
    wall, own = time.perf_counter() - began, time.thread_time() - here
    if backend is None or not is_here or not backend.exists():
        return Spent(wall, None)
    return Spent(wall, own + _ran(backend) - there)


def timed[T](act: Callable[[], T]) -> tuple[float, T]:
    """Return how many seconds an act took, and what it gave."""
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def percentile(seconds: list[float], part: int = 95) -> float:
    """Return the percentile of times in milliseconds."""
    return quantiles(seconds, n=100, method="inclusive")[part - 1] * 1000 if len(seconds) > 1 else seconds[0] * 1000


def both(times: list[Spent]) -> tuple[float, dict[str, float]]:
    """Return the percentile on the wall, and ``work`` for the further figures of a round."""
    worked = [one.work for one in times if one.work is not None]
    return percentile([one.wall for one in times]), {"work": round(percentile(worked), 1)} if worked else {}


def _ran(schedstat: Path) -> float:
    """Return the seconds a process has had a processor."""
    return int(schedstat.read_text().split()[0]) / 1e9
