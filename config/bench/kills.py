"""journal.kills — registering while web, worker and database are killed at random: nothing lost, nothing doubled.

A cluster of its own is made for it: nobody kills the one a person works with. Programs repeat a request under its key
until it is acknowledged; afterwards each number told is in the journal once, each key has one appeal, numbers have no
gaps and ``opora verify`` finds nothing.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.programs import PATIENCE, Process, Program, Web, opora, programs
from opora.shared import postgres
from opora.shared.postgres.testing import kill_everything

KILLS = 12
BETWEEN = (0.2, 1.5)  # seconds
TARGETS = ("database", "one of web", "worker", "web")
FURNISH = """
import django, json; django.setup()
from config.commands.schema import bring_up_to_date; bring_up_to_date(verbosity=0)
from config.bench.programs import furnish; print(json.dumps(furnish()))
"""


@dataclass
class Tale:
    """What happened and what was found afterwards; ``wrong`` names everything that does not hold."""

    killed: list[str] = field(default_factory=list)
    acknowledged: int = 0
    repeats: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)


@work(
    "journal.kills",
    unit="обращений",
    bar=("lost <= 0", "doubled <= 0", "wrong <= 0"),
    note="16 клиентов API, kill -9 в случайные моменты, свой кластер",
    needs_people=False,
)
def kills(bench: Bench) -> Iterator[Round]:
    """Kill a dozen times in each round."""
    for number in bench.rounds:
        bench.say(f"journal.kills: раунд {number + 1}")
        with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder:
            tale = storm(Path(folder), kills=KILLS, seed=number, workers=2)
        for sentence in tale.wrong:
            bench.say(sentence)
        found = {"lost": tale.lost, "doubled": tale.doubled, "wrong": len(tale.wrong), "repeats": tale.repeats}
        yield Round(tale.acknowledged, None, {name: float(value) for name, value in found.items()})


def storm(folder: Path, *, kills: int, seed: int, workers: int = 1) -> Tale:
    """Let programs register in a house of their own in ``folder`` while processes are killed ``kills`` times."""
    with house_in(folder, workers) as house:
        return storm_over(house, kills=kills, seed=seed)


def storm_over(house: House, *, kills: int, seed: int) -> Tale:
    """The same in a house that stands and has no appeals yet; its processes are ended.

    Few kills take the targets in turn, many take them by chance.
    """
    chance, tale = random.Random(seed), Tale()  # noqa: S311 - moments, not secrets
    stop = threading.Event()
    working = programs(house.web.port, house.sessions, stop, insist=True)
    house.wait_for_progress(working)
    for number in range(kills):
        stop.wait(chance.uniform(*BETWEEN))
        tale.killed.append(TARGETS[number % len(TARGETS)] if kills <= len(TARGETS) else chance.choice(TARGETS))
        house.kill(tale.killed[-1], chance)
        house.wait_for_progress(working)
    stop.set()
    for program in working:
        program.join(2 * PATIENCE)
    _ask_again(working, tale)
    house.wait_for_nothing_waiting()
    house.end()
    _judge(house.address, working, tale)
    return tale


class House:
    """A cluster, the web, a worker and three programs' sessions."""

    def __init__(self, folder: Path, address: str, workers: int) -> None:
        self.folder, self.address = folder, address
        environment = {**os.environ, "DATABASE_URL": address, "TMPDIR": str(folder), "OPORA_DATA": str(folder)}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        self.environment = environment
        self.web = Web(environment=environment, said=folder / "web.log", workers=workers)
        self.worker = Process("worker", environment=environment, said=folder / "worker.log")
        told = subprocess.run([sys.executable, "-c", FURNISH], env=environment, check=True, capture_output=True)
        self.sessions: list[str] = json.loads(told.stdout)

    def kill(self, target: str, chance: random.Random) -> None:
        """Kill -9 and start again, as an init would."""
        if target == "web":
            self.web.kill()
            self.web.start()
        elif target == "one of web":
            young = psutil.Process(self.web.pid).children()
            os.kill(chance.choice(young).pid, signal.SIGKILL)
        elif target == "worker":
            self.worker.kill()
            self.worker.start()
        else:
            kill_everything(self.folder / "data")
            postgres.ensure(self.folder / "data")

    def wait_for_progress(self, working: list[Program]) -> None:
        before, until = _told(working), time.monotonic() + PATIENCE
        while _told(working) < before + len(working):
            if time.monotonic() > until or not any(program.is_alive() for program in working):
                raise BenchRefused(f"Регистрация стоит: {sorted({program.fault for program in working})}")
            self._start_what_ended()
            time.sleep(0.02)

    def _start_what_ended(self) -> None:
        """Start again what ended by itself: a web server whose workers die within seconds of each other gives up."""
        for process in (self.web, self.worker):
            if not process.is_alive:
                process.start()

    def wait_for_nothing_waiting(self) -> None:
        until = time.monotonic() + PATIENCE
        while ask(self.address, "SELECT count(*) FROM appeals_unchained")[0][0]:
            if time.monotonic() > until:
                raise BenchRefused("События не получили мест в цепочке")
            time.sleep(0.1)

    def end(self) -> None:
        self.web.end()
        self.worker.end()


@contextmanager
def house_in(folder: Path, workers: int) -> Iterator[House]:
    data = folder / "data"
    try:
        house = House(folder, postgres.ensure(data), workers)
        house.web.start()
        house.worker.start()
        try:
            yield house
        finally:
            house.end()
    finally:
        postgres.stop(data, force=True)


def _told(working: list[Program]) -> int:
    return sum(len(program.numbers) for program in working)


def _ask_again(working: list[Program], tale: Tale) -> None:
    """A key that was acknowledged tells its number once more, and nothing new is registered."""
    for program in working:
        for key, number in list(program.numbers.items())[-2:]:
            if (again := program.register(key)) != number:
                tale.wrong.append(f"Ключ {key}: сначала {number}, потом {again} {program.fault}")


def _judge(address: str, working: list[Program], tale: Tale) -> None:
    keys = {key: number for program in working for key, number in program.numbers.items()}
    stored = {number for (number,) in ask(address, "SELECT number FROM appeals_appeal")}
    kept = ask(address, "SELECT key, answer->>'number' FROM partners_keptanswer WHERE status = 201")
    tale.acknowledged = len(keys)
    tale.repeats = sum(program.repeats for program in working)
    tale.lost = len(set(keys.values()) - stored)
    tale.doubled = len(keys) - len(set(keys.values())) + len(stored - {number for _, number in kept})
    for what, holds in _promises(address, keys, dict(kept), stored).items():
        if not holds:
            tale.wrong.append(what)
    tale.wrong += sorted({f"Клиент остановился: {one.fault}" for one in working if one.fault})
    checked = subprocess.run(
        opora("verify"), env={**os.environ, "DATABASE_URL": address}, capture_output=True, text=True, check=False
    )
    if checked.returncode:
        tale.wrong.append(f"verify: {checked.stdout} {checked.stderr}")


def _promises(address: str, keys: dict[str, str], kept: dict[str, str], stored: set[str]) -> dict[str, bool]:
    gaps = ask(
        address,
        "SELECT organisation_id, year FROM appeals_appeal GROUP BY 1, 2"
        " HAVING min(sequence) <> 1 OR max(sequence) <> count(*) OR count(DISTINCT sequence) <> count(*)",
    )
    return {
        "Номер назван не тот, что хранится под ключом": all(kept.get(key) == number for key, number in keys.items()),
        "У одного номера два ключа": len(set(kept.values())) == len(kept),
        "Есть обращение без ключа": stored == set(kept.values()),
        "В нумерации есть пропуск": not gaps,
    }


def ask(address: str, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(address) as link:
        link.execute("SELECT set_config('opora.sees', 'all', true)")
        return link.execute(question).fetchall()
