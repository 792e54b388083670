"""Open lines to providers: who cannot be reached is left alone for a while, who was changed is spoken to anew."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from time import monotonic

import structlog
from django.conf import settings

from opora.channels.errors import GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.channels.ports import (
    Accepted,
    Answer,
    Figures,
    IncomingReceipt,
    Link,
    OnReceipts,
    Refused,
    Session,
    gateway,
)
from opora.informing.dispatch.batches import Carrier

log = structlog.get_logger(__name__)

SHUNNED_FOR = 20.0
FIRST_FEW = 20  # of a provider who has not taken anything on this line yet; so many in vain in a row and he rests
PART_OF_DOUBT = 0.25  # of the time of doubt a batch may take at worst
ANSWER_SECONDS = 30.0  # where a protocol has no such setting
REST = 60.0  # seconds between two trials of one who takes nothing: balance.RECENT holds some of them

type TakeReceipts = Callable[[Carrier, list[IncomingReceipt]], Awaitable[None]]
type NoteFigures = Callable[[Link, Figures], Awaitable[None]]


@dataclass(slots=True)
class Line:
    """A session and how many batches are on it just now. One that ``is_left`` takes no new ones and ends after them.

    Whoever takes nothing is given little: ``in_vain`` counts messages in a row that were unanswered or refused for the
    moment, and from ``FIRST_FEW`` of them on one is tried every ``REST`` seconds. What waits, waits as planned.
    """

    carrier: Carrier
    session: Session | None = None
    users: int = 0
    is_left: bool = False
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    is_proven: bool = False
    proven_at: float = 0.0
    in_vain: int = 0
    rests_until: float = 0.0

    def most(self, wanted: int) -> int:
        """Return how many may be given at once: as many as go before they are doubted, though no answer comes.

        A batch that takes longer than that would be swept, claimed by another and given away by both.
        """
        link = self.carrier.link
        each = float(link.settings.get("answer_seconds", ANSWER_SECONDS)) / link.window + 1 / link.per_second
        wanted = min(wanted, max(link.window, int(settings.INFORMING_DOUBT_SECONDS * PART_OF_DOUBT / each)))
        if self.is_proven:
            return wanted
        return 1 if self.in_vain >= FIRST_FEW else min(wanted, FIRST_FEW)

    def learn(self, answers: Sequence[Answer]) -> None:
        """Learn from the answers to a batch whether anybody is there."""
        for answer in answers:
            if isinstance(answer, Accepted) or (isinstance(answer, Refused) and answer.is_permanent):
                if not self.is_proven:
                    self.is_proven, self.proven_at = True, monotonic()
                self.in_vain = 0
            else:
                self.in_vain += 1
        if self.in_vain >= FIRST_FEW:
            self.is_proven, self.rests_until = False, monotonic() + REST
            log.warning("dispatcher.provider_takes_nothing", provider=self.carrier.link.provider, in_vain=self.in_vain)

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
                if self._shunned.get(provider, 0) < monotonic():
                    self._lines[provider] = Line(carrier)
                    self._group.create_task(self._hold(self._lines[provider]))
            elif line.carrier.link != carrier.link:
                line.leave()
            else:
                line.carrier = carrier

    @contextmanager
    def use(self, carriers: Sequence[Carrier]) -> Iterator[Line | None]:
        """Give the line for the next batch, chosen by weight among those that are up; None — none is, or all rest."""
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
        return line is not None and line.session is not None and not line.is_left and line.rests_until <= monotonic()

    async def _hold(self, line: Line) -> None:
        link = line.carrier.link
        try:
            async with gateway(link.kind).session(link, self._on_receipts(line)) as line.session:
                await line.ends()
        except (GatewayUnavailable, GatewayRejected, GatewayUnexpected) as fault:
            log.warning("dispatcher.provider_away", provider=link.provider, reason=type(fault).__name__)
            self._shunned[link.provider] = monotonic() + SHUNNED_FOR
            await self._note_figures(link, Figures(unavailable=1))
        finally:
            del self._lines[link.provider]

    def _on_receipts(self, line: Line) -> OnReceipts:
        async def take(come: list[IncomingReceipt]) -> None:
            await self._take_receipts(line.carrier, come)

        return take
