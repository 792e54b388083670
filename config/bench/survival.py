"""informing.survival — workers killed every few seconds while a wave goes: nobody is told twice, nobody is forgotten.

A cluster of its own is made for it, with ``opora worker`` twice; in the middle the whole cluster is killed as well.
Beside the mass wave urgent ones go all the time: an urgent message is timed from the launch of its wave to the answer
of the centre. Waves that met the killed cluster are told apart (``urgent_down``): they wait until it has read its
journal again, which takes as long as was written since its last checkpoint, whatever workers do. ``TOUCHES`` sets the
size of the mass wave, ``DOUBT`` the seconds after which a message nobody heard of goes again. A storm that breaks the
bar leaves its folder, with the database and what the centre took, and says where.
"""

import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import structlog

from config.bench import sending
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.programs import Process, migrate
from opora.adapters.smsc import journal
from opora.adapters.smsc.process import SmscProcess
from opora.shared import postgres
from opora.shared.postgres.testing import kill_everything

TOUCHES = int(os.environ.get("TOUCHES") or 20_000)
BETWEEN = (3.0, 6.0)  # seconds
DOUBT = int(os.environ.get("DOUBT") or 8)  # seconds; the program itself waits an hour
WORKERS, URGENT = 2, 40  # processes, people of an urgent wave
PATIENCE = 3 * 3600.0 + 2 * DOUBT  # what is in doubt goes once more
GOES_ON = {"planned", "claimed", "sending", "sent"}
STATES = "SELECT state, count(*) FROM informing_touch GROUP BY 1"
WAITING = "SELECT 'planned', count(*) FROM informing_touch WHERE lane = 'bulk' AND state = 'planned'"
# The launch of the wave and the moment at which its provider had said that he had the message.
TOOK = """
SELECT w.launched_at, t.sent_at FROM informing_touch t JOIN informing_wave w ON w.id = t.wave_id
 WHERE t.lane = 'urgent' AND t.sent_at IS NOT NULL
"""

log = structlog.get_logger(__name__)


@dataclass
class Tale:
    """What happened, what the rows say and what the centre took.

    ``urgent`` are seconds of each urgent message, ``urgent_down`` of those on their way while the cluster was ``down``.
    """

    kills: int = 0
    clusters: int = 0
    states: dict[str, int] = field(default_factory=dict)
    taken: int = 0
    doubled: int = 0
    lost: int = 0
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    urgent: list[float] = field(default_factory=list)
    urgent_down: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def unended(self) -> int:
        """Touches that did not arrive: each message does at this centre."""
        return sum(count for state, count in self.states.items() if state != "delivered")

    @property
    def urgent_99(self) -> float:
        """Return the time within which 99 of 100 urgent messages were given away."""
        return sorted(self.urgent)[(len(self.urgent) * 99 - 1) // 100] if self.urgent else 0.0


@work(
    "informing.survival",
    unit="1/с",
    bar=("lost <= 0", "doubled <= 0", "unended <= 0", "urgent_99 <= 10", "kills >= 3", "clusters >= 1"),
    note="рабочие процессы убиваются каждые 3–6 с, посередине и база; размер волны — переменная TOUCHES",
    needs_people=False,
    least=1,
)
def survival(bench: Bench) -> Iterator[Round]:
    """One storm: a second one would show nothing new."""
    folder = Path(tempfile.mkdtemp(prefix="opora-bench-"))
    is_calm = False
    try:
        tale = storm(folder, TOUCHES, bench)
        is_calm = not (tale.lost or tale.doubled or tale.unended)
    finally:
        if is_calm:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            log.warning("bench.storm_is_kept", folder=str(folder))
    found = {
        "lost": tale.lost, "doubled": tale.doubled, "unended": tale.unended, "kills": tale.kills,
        "clusters": tale.clusters, "taken": tale.taken, "urgent": len(tale.urgent), "urgent_99": tale.urgent_99,
        "urgent_down": len(tale.urgent_down), "down_worst": max(tale.urgent_down, default=0.0),
        "down": sum((until - since).total_seconds() for since, until in tale.down), "seconds": tale.seconds,
    }  # fmt: skip
    yield Round(tale.taken / tale.seconds, None, {name: float(value) for name, value in found.items()})


def storm(folder: Path, touches: int, bench: Bench) -> Tale:
    data, taken, tale = folder / "data", folder / "taken", Tale()
    chance = random.Random(1)  # noqa: S311 - moments, not secrets
    try:
        address = postgres.ensure(data)
        bench.say("informing.survival: дом")
        migrate(address)
        with SmscProcess(journal=taken, plain=True, receipt_seconds=0.2) as smsc:
            sending.in_the_house(address, "furnish", people=touches, port=smsc.port)
            sending.in_the_house(address, "launch", title="Масса")
            workers = [_worker(address, folder) for _ in range(WORKERS)]
            began = time.monotonic()
            try:
                _kill(workers, address, data, chance, tale, bench)
            finally:
                for one in workers:
                    one.kill()
            tale.seconds = time.monotonic() - began
        _judge(address, taken, tale)
    finally:
        postgres.stop(data, force=True)
    return tale


class _Urgent(threading.Thread):
    """Launches one urgent wave after another beside the storm; what a killed cluster took along goes again."""

    def __init__(self, address: str, of: int) -> None:
        super().__init__(daemon=True)
        self._address, self._of, self._over = address, of, threading.Event()

    def run(self) -> None:
        number = 0
        while not self._over.wait(BETWEEN[0]):
            number += 1
            with suppress(BenchRefused):
                sending.in_the_house(
                    self._address, "launch", title=f"Срочно {number}", measure="screening", lane="urgent", of=self._of
                )

    def end(self) -> None:
        self._over.set()
        self.join()


def _kill(workers: list[Process], address: str, data: Path, chance: random.Random, tale: Tale, bench: Bench) -> None:
    """Kill one worker after another until the mass wave is over, with urgent waves going all the while."""
    over = time.monotonic() + PATIENCE
    whole = sum(_states(address).values())
    urgent = _Urgent(address, max(1, whole // URGENT))
    urgent.start()
    try:
        former = 0
        # What killed workers had in hand waits for its hour of doubt: the storm goes while the wave itself does.
        while (waiting := _states(address, WAITING)["planned"]) > whole * 0.02 and time.monotonic() < over:
            delivered = _states(address).get("delivered", 0)
            bench.say(f"informing.survival: {tale.kills} убито, {delivered} из {whole}")
            if delivered == former:  # on a crowded machine a worker needs its time to come up
                time.sleep(1)
                continue
            former = delivered
            workers[tale.kills % WORKERS].kill()
            if not tale.clusters and waiting < whole * 2 // 3:  # receipts come late: what has gone counts
                since = datetime.now(UTC)
                tale.clusters += kill_everything(data) > 0
                postgres.ensure(data)
                tale.down.append((since, datetime.now(UTC)))
            workers[tale.kills % WORKERS].start()
            tale.kills += 1
            time.sleep(chance.uniform(*BETWEEN))
    finally:
        urgent.end()
    # The rest comes to its end undisturbed: receipts, doubts. A touch met by two kills ends as unknown and is counted.
    while GOES_ON & set(states := _states(address)):
        if time.monotonic() > over:
            raise BenchRefused(f"Волна не кончилась: {states}")
        bench.say(f"informing.survival: {tale.kills} убито, ждём остальных, {states}")
        time.sleep(BETWEEN[0])


def _worker(address: str, folder: Path) -> Process:
    worker = sending.worker(address, folder / "worker.log", OPORA_DOUBT_SECONDS=str(DOUBT))
    worker.start()
    return worker


def _states(address: str, question: str = STATES) -> dict[str, int]:
    for _ in range(100):
        try:
            return {str(state): int(count) for state, count in sending.ask(address, question)}
        except psycopg.OperationalError:
            time.sleep(0.2)
    raise BenchRefused("База замера не отвечает")


def _judge(address: str, taken: Path, tale: Tale) -> None:
    """Hold what the centre wrote down against the rows: each touch one message, no touch without one."""
    tale.states = _states(address)
    touches = sending.ask(
        address, "SELECT address, count(*) FROM informing_touch WHERE state <> 'cancelled' GROUP BY 1"
    )
    wanted = {str(to): int(count) for to, count in touches}
    for one in journal.read(taken):
        tale.taken += 1
        wanted[one.to] = wanted.get(one.to, 0) - 1
    tale.lost = sum(count for count in wanted.values() if count > 0)
    tale.doubled = -sum(count for count in wanted.values() if count < 0)
    for launched, sent in sending.ask(address, TOOK):
        is_met = any(launched < until and since < sent for since, until in tale.down)
        (tale.urgent_down if is_met else tale.urgent).append((sent - launched).total_seconds())
