"""Open lines to providers: who cannot be reached is left alone for a while, who was changed is spoken to anew."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import structlog

from opora.channels.errors import GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.channels.ports import Figures, IncomingReceipt, Link, OnReceipts, Session, gateway
from opora.informing.dispatch.batches import Carrier

log = structlog.get_logger(__name__)

SHUNNED_FOR = 20.0

type TakeReceipts = Callable[[Carrier, list[IncomingReceipt]], Awaitable[None]]
type NoteFigures = Callable[[Link, Figures], Awaitable[None]]


@dataclass(slots=True)
class Line:
    """A session and how many batches are on it just now. One that ``is_left`` takes no new ones and ends after them."""

    carrier: Carrier
    session: Session | None = None
    users: int = 0
    is_left: bool = False
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def ends(self) -> None:
        while not self.is_left or self.users:
            self.moved.clear()
            await self.moved.wait()

    def leave(self) -> None:
        self.is_left = True
        self.moved.set()


class Lines:
    """Every line lives in a task of its own, within ``open``."""

    def __init__(self, take_receipts: TakeReceipts, note_figures: NoteFigures) -> None:
        self._take_receipts, self._note_figures = take_receipts, note_figures
        self._lines: dict[int, Line] = {}
        self._shunned: dict[int, float] = {}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hold lines; leaving waits for answers that are due."""
        async with asyncio.TaskGroup() as self._group:
            try:
                yield
            finally:
                for line in self._lines.values():
                    line.leave()

    def keep(self, carriers: Iterable[Carrier]) -> None:
        """Let there be a line to each, also to those who get nothing now: receipts come over it.

        One whose settings were changed ends with the batches on it; the next ``keep`` opens another, for a provider
        may let us in but once.
        """
        for carrier in carriers:
            provider = carrier.link.provider
            line = self._lines.get(provider)
            if line is None:
                if self._shunned.get(provider, 0) < time.monotonic():
                    self._lines[provider] = Line(carrier)
                    self._group.create_task(self._hold(self._lines[provider]))
            elif line.carrier.link != carrier.link:
                line.leave()
            else:
                line.carrier = carrier

    @contextmanager
    def use(self, carriers: Sequence[Carrier]) -> Iterator[Line | None]:
        """Give the line for the next batch, chosen by weight among those that are up; None — there is none."""
        up = [one for one in carriers if self._is_up(one)]
        able = [one for one in up if one.weight > 0] or up
        if not able:
            yield None
            return
        chosen = random.choices(able, [one.weight or 1 for one in able])[0]  # noqa: S311
        line = self._lines[chosen.link.provider]
        line.users += 1
        try:
            yield line
        finally:
            line.users -= 1
            line.moved.set()

    async def note_figures(self) -> None:
        for line in list(self._lines.values()):
            if line.session is not None:
                await self._note_figures(line.carrier.link, line.session.take_figures())

    def _is_up(self, carrier: Carrier) -> bool:
        line = self._lines.get(carrier.link.provider)
        return line is not None and line.session is not None and not line.is_left

    async def _hold(self, line: Line) -> None:
        link = line.carrier.link
        try:
            async with gateway(link.kind).session(link, self._on_receipts(line)) as line.session:
                await line.ends()
        except (GatewayUnavailable, GatewayRejected, GatewayUnexpected) as fault:
            log.warning("dispatcher.provider_away", provider=link.provider, reason=type(fault).__name__)
            self._shunned[link.provider] = time.monotonic() + SHUNNED_FOR
            await self._note_figures(link, Figures(unavailable=1))
        finally:
            del self._lines[link.provider]

    def _on_receipts(self, line: Line) -> OnReceipts:
        async def take(come: list[IncomingReceipt]) -> None:
            await self._take_receipts(line.carrier, come)

        return take
