"""The thread of a worker that sends. Any number of workers may: a touch is claimed by one of them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from opora.channels.ports import Figures, IncomingReceipt, Link
from opora.informing.dispatch import batches
from opora.informing.dispatch.batches import Carrier, Going
from opora.informing.dispatch.lines import Lines
from opora.informing.services.relaying import catch_up
from opora.informing.words import Lane

log = structlog.get_logger(__name__)

LANES = ((Lane.URGENT, 0.3, 1.0), (Lane.BULK, 1.0, 5.0), (Lane.BULK, 1.0, 5.0))  # lane, rest when idle, look again
URGENT_BATCH = 50
ZONES_FOR = 20.0
CATCH_UP_EVERY = 60.0
SWEEP_EVERY = 3.0
FOLD_EVERY = 1.0
AFTER_TROUBLE = 2.0


class Dispatcher(threading.Thread):
    """The loop. ``stop`` ends it after the batches it is at; answers that are due are waited for."""

    def __init__(self) -> None:
        super().__init__(name="dispatcher", daemon=True)
        self._stopping = threading.Event()

    def stop(self, patience: float = 15) -> None:
        self._stopping.set()
        self.join(patience)

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                asyncio.run(_Round(self._stopping).work())
            except Exception as fault:
                # The edge of a thread: the database may be gone for a while; what was going is swept later.
                log.warning("dispatcher.trouble", reason=type(fault).__name__, exc_info=True)
            self._stopping.wait(AFTER_TROUBLE)


class _Round:
    """One life of the loop, up to the first trouble."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    async def work(self) -> None:
        async with _thread() as call:

            async def take_receipts(carrier: Carrier, come: list[IncomingReceipt]) -> None:
                await call(batches.take_receipts, carrier.link, come, price=carrier.price)

            async def note_figures(link: Link, figures: Figures) -> None:
                await call(batches.note_figures, link, figures)

            self._lines = Lines(take_receipts, note_figures)
            async with self._lines.open(), asyncio.TaskGroup() as group:
                for lane, rest, look in LANES:
                    group.create_task(self._lane(lane, rest, look))
                group.create_task(self._sweeper())

    async def _lane(self, lane: Lane, rest: float, look: float) -> None:
        async with _thread() as call:
            waves: list[_Sending] = []
            looked = float("-inf")
            while not self._stopping.is_set():
                if time.monotonic() - looked > look:
                    waves = await call(_waves, lane, waves)
                    looked = time.monotonic()
                done = 0
                for one in waves:
                    self._lines.keep(one.carriers)
                    done += await self._batch(one, lane, call)
                if not done:
                    await asyncio.sleep(rest)

    async def _batch(self, one: _Sending, lane: Lane, call: Callable[..., Any]) -> int:
        """Send the next touches of a wave; return how many were taken.

        A provider who takes messages again, and every minute: a wave that has fallen behind is laid anew first.
        """
        if time.monotonic() - one.zones_at > ZONES_FOR:
            one.zones = await call(batches.open_zones, one.going, timezone.now())
            one.zones_at = time.monotonic()
        with self._lines.use(one.carriers) as line:
            if not one.zones or line is None or line.session is None:
                return 0
            if line.is_proven and one.caught_up_at < max(line.proven_at, time.monotonic() - CATCH_UP_EVERY):
                one.caught_up_at = time.monotonic()
                if laid := await call(catch_up, one.going.wave, now=timezone.now()):
                    log.info("dispatcher.laid_anew", wave=one.going.wave.pk, touches=laid)
            most = line.most(URGENT_BATCH if lane is Lane.URGENT else batches.BATCH)
            carrier = line.carrier
            batch = await call(batches.claim, one.going, carrier.link, one.zones, now=timezone.now(), most=most)
            if batch.messages:
                answers = await line.session.send_all(batch.messages)
                line.learn(answers)
                await call(batches.note_answers, batch, answers, price=carrier.price)
        if batch.taken < most:
            one.zones_at = min(one.zones_at, time.monotonic() - ZONES_FOR + 1)
        return batch.taken

    async def _sweeper(self) -> None:
        async with _thread() as call:
            began, swept = time.monotonic(), 0.0
            while not self._stopping.is_set():
                await call(batches.fold_tally)
                if time.monotonic() - swept > SWEEP_EVERY:
                    swept = time.monotonic()
                    may_doubt = swept - began > settings.INFORMING_DOUBT_SECONDS
                    found = await call(batches.sweep, may_doubt=may_doubt)
                    await call(batches.finish_waves)
                    await self._lines.note_figures()
                    if any(found.values()):
                        log.info("dispatcher.swept", **found)
                await asyncio.sleep(FOLD_EVERY)


@dataclass(slots=True)
class _Sending:
    going: Going
    carriers: list[Carrier]
    zones: list[str] = field(default_factory=list)
    zones_at: float = float("-inf")
    caught_up_at: float = float("-inf")


def _waves(lane: Lane, known: list[_Sending]) -> list[_Sending]:
    """Return the waves of a lane as they are now; clocks of those who wait and fixed texts are kept for a while."""
    former = {one.going.wave.pk: one for one in known}
    found = []
    for going in batches.going(lane, {pk: one.going for pk, one in former.items()}):
        found.append(_Sending(going, batches.carriers(going)))
        if kept := former.get(going.wave.pk):
            found[-1].zones, found[-1].zones_at = kept.zones, kept.zones_at
            found[-1].caught_up_at = kept.caught_up_at
    return found


@asynccontextmanager
async def _thread() -> AsyncIterator[Callable[..., Any]]:
    """A thread with its own connection to the database, for one task."""
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="dispatch")

    async def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await loop.run_in_executor(pool, lambda: function(*args, **kwargs))

    try:
        yield call
    finally:
        pool.submit(connection.close)
        pool.shutdown(wait=True)
