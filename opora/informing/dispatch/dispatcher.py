"""The thread of a worker that sends. Any number of workers may: a touch is claimed by one of them."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from opora.channels.errors import GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.channels.ports import Figures, IncomingReceipt, Link, OnReceipts, Session, gateway
from opora.informing.dispatch import batches
from opora.informing.dispatch.batches import Carrier, Going
from opora.informing.words import Lane

log = structlog.get_logger(__name__)

LANES = ((Lane.URGENT, 0.3, 1.0), (Lane.BULK, 1.0, 5.0), (Lane.BULK, 1.0, 5.0))  # lane, rest when idle, look again
URGENT_BATCH = 50
ZONES_FOR = 20.0
SHUNNED_FOR = 20.0
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
        self._lines = _Lines()

    async def work(self) -> None:
        async with self._lines.open(), asyncio.TaskGroup() as group:
            for lane, rest, look in LANES:
                group.create_task(self._lane(lane, rest, look))
            group.create_task(self._sweeper())

    async def _lane(self, lane: Lane, rest: float, look: float) -> None:
        async with _thread() as call:
            waves: list[_Sending] = []
            looked = 0.0
            while not self._stopping.is_set():
                if time.monotonic() - looked > look:
                    waves = await call(_waves, lane, waves)
                    looked = time.monotonic()
                done = 0
                for one in waves:
                    done += await self._batch(one, lane, call)
                if not done:
                    await asyncio.sleep(rest)

    async def _batch(self, one: _Sending, lane: Lane, call: Callable[..., Any]) -> int:
        """Send the next touches of a wave; return how many were taken."""
        if time.monotonic() - one.zones_at > ZONES_FOR:
            one.zones = await call(batches.open_zones, one.going, timezone.now())
            one.zones_at = time.monotonic()
        carrier = self._lines.choose(one.carriers)
        if not one.zones or carrier is None:
            return 0
        session = await self._lines.session(carrier)
        if session is None:
            return 0
        most = URGENT_BATCH if lane is Lane.URGENT else batches.BATCH
        batch = await call(batches.claim, one.going, carrier.link, one.zones, now=timezone.now(), most=most)
        if batch.messages:
            answers = await session.send_all(batch.messages)
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


def _waves(lane: Lane, known: list[_Sending]) -> list[_Sending]:
    """Return the waves of a lane; what is known of one already is kept with its texts."""
    former = {one.going.wave.pk: one for one in known}
    found = []
    for going in batches.going(lane):
        kept = former.get(going.wave.pk)
        found.append(_Sending(kept.going if kept else going, batches.carriers(going)))
        if kept:
            found[-1].zones, found[-1].zones_at = kept.zones, kept.zones_at
    return found


class _Lines:
    """Open sessions with providers; one that cannot be opened is shunned for a while, the others take his share."""

    def __init__(self) -> None:
        self._sessions: dict[int, Session] = {}
        self._links: dict[int, Link] = {}
        self._shunned: dict[int, float] = {}
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with self._stack:
            self._receipts = await self._stack.enter_async_context(_thread())
            yield

    def choose(self, carriers: list[Carrier]) -> Carrier | None:
        """Return who carries the next batch: by weight, among those who can be reached."""
        now = time.monotonic()
        able = [one for one in carriers if self._shunned.get(one.link.provider, 0) < now]
        carrying = [one for one in able if one.weight > 0] or able
        return random.choices(carrying, [one.weight or 1 for one in carrying])[0] if carrying else None  # noqa: S311

    async def session(self, carrier: Carrier) -> Session | None:
        provider = carrier.link.provider
        async with self._opening:
            if provider not in self._sessions:
                line = gateway(carrier.link.kind).session(carrier.link, self._on_receipts(carrier))
                try:
                    self._sessions[provider] = await self._stack.enter_async_context(line)
                except (GatewayUnavailable, GatewayRejected, GatewayUnexpected) as fault:
                    log.warning("dispatcher.provider_away", provider=provider, reason=type(fault).__name__)
                    self._shunned[provider] = time.monotonic() + SHUNNED_FOR
                    await self._receipts(batches.note_figures, carrier.link, Figures(unavailable=1))
                    return None
                self._links[provider] = carrier.link
            return self._sessions[provider]

    async def note_figures(self) -> None:
        for provider, session in self._sessions.items():
            await self._receipts(batches.note_figures, self._links[provider], session.take_figures())

    def _on_receipts(self, carrier: Carrier) -> OnReceipts:
        async def take(come: list[IncomingReceipt]) -> None:
            await self._receipts(batches.take_receipts, carrier.link, come, price=carrier.price)

        return take


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
