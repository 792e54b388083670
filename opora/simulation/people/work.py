"""Many blocks at once: a process makes a block and loads it; the database waits for nobody's arithmetic."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass

from opora.simulation.directory import Directory, ensure_directory
from opora.simulation.people.block import make_block
from opora.simulation.people.load import Loaded, load_block
from opora.simulation.people.plan import Place, Plan, block_sizes
from opora.simulation.people.process import wake

ATTEMPTS = 5
ONE_PROCESS = 5  # so few blocks are not worth another process


@dataclass(frozen=True)
class Task:
    """One block to make and load."""

    plan: Plan
    number: int
    place: Place
    directory: Directory
    wanted: int


def load_people(
    plan: Plan,
    people: int,
    *,
    done: Callable[[int], None] = lambda _: None,
    workers: int | None = None,
    directory: Directory | None = None,
) -> Loaded:
    """Bring the first ``people`` of the plan into the register; ``done`` hears how many of them stand after each block.

    ``directory`` names the organisations of a plan of one territory. Safe to stop and to repeat. Raises TooManyPeople.
    """
    tasks = _tasks(plan, people, directory)
    if workers is None:
        workers = 1 if len(tasks) < ONE_PROCESS else min(os.cpu_count() or 1, 4)
    if workers == 1:
        return _in_this_process(tasks, done)
    return _in_processes(tasks, done, workers)


def _tasks(plan: Plan, people: int, directory: Directory | None = None) -> list[Task]:
    sizes = list(block_sizes(people))
    places = plan.places(len(sizes))
    directories = {
        place.territory.okato: directory
        or ensure_directory(place.territory, insurers=plan.insurers, clinics=plan.clinics)
        for place in places
    }
    return [
        Task(plan, number, place, directories[place.territory.okato], wanted)
        for (number, wanted), place in zip(sizes, places, strict=True)
    ]


def _in_this_process(tasks: list[Task], done: Callable[[int], None]) -> Loaded:
    total = Loaded()
    for task in tasks:
        total += run(task)
        done(task.wanted)
    return total


def _in_processes(tasks: list[Task], done: Callable[[int], None], workers: int) -> Loaded:
    total = Loaded()
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=wake)
    try:
        futures: dict[Future[Loaded], Task] = {pool.submit(run, task): task for task in tasks}
        waiting = set(futures)
        while waiting:
            finished, waiting = wait(waiting, return_when="FIRST_COMPLETED")
            for future in finished:
                total += future.result()
                done(futures[future].wanted)
    finally:
        pool.shutdown(cancel_futures=True)
    return total


def run(task: Task) -> Loaded:
    """Make and load one block. Blocks that learn the same new surnames may lock each other out: try again."""
    from django.db import OperationalError
    from psycopg.errors import DeadlockDetected

    block = make_block(task.plan, task.number, task.place)
    for attempt in range(ATTEMPTS):
        try:
            return load_block(block, task.directory, wanted=task.wanted)
        except OperationalError as fault:
            if attempt + 1 == ATTEMPTS or not isinstance(fault.__cause__, DeadlockDetected):
                raise
    raise AssertionError("the last attempt returns or raises")
