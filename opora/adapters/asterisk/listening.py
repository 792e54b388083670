"""Listen to an exchange for ever: after each loss of the link the gap is taken from its own log, then life goes on.

Events are kept from the moment of signing in while the log is read, so nothing falls between the two; what both tell
has one key and is taken once.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog

from opora.adapters.asterisk.exchange import Asterisk
from opora.telephony.ports import PbxEvent, PbxUnavailable

type TakeIn = Callable[[Sequence[PbxEvent]], Awaitable[object]]

FIRST_WAIT, LONGEST_WAIT = 0.2, 15.0
OVERLAP = timedelta(minutes=5)  # read again from before the last fact: the log may have been behind
MOST_AT_ONCE = 500
RESTS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # seconds a database may be away before the link is given up

log = structlog.get_logger(__name__)


class Listener:
    """``await Listener(exchange, take_in, since=…).run()`` — cancelled, it ends; nothing else ends it.

    take_in  is given facts in portions; when it raises, the same portion is offered again after a rest, and when it
             still does, the link is given up and the facts come from the log
    since    from when the log is read the first time
    """

    def __init__(self, exchange: Asterisk, take_in: TakeIn, *, since: datetime) -> None:
        self._exchange = exchange
        self._take_in = take_in
        self._since = since
        self._is_whole = False  # nothing is missing before ``_since``
        self.is_up = asyncio.Event()

    async def run(self) -> None:
        """Listen; raise nothing but what ends the task."""
        name = self._exchange.settings.name
        wait = FIRST_WAIT
        while True:
            try:
                async with self._exchange.listening() as told:
                    await self._fill()
                    self.is_up.set()
                    log.info("telephony.line_up", pbx=name)
                    wait = FIRST_WAIT
                    await self._follow(told)
            except PbxUnavailable as fault:
                log.warning("telephony.line_down", pbx=name, fault=type(fault).__name__)
            except Exception:
                log.exception("telephony.not_taken", pbx=name)
            finally:
                self.is_up.clear()
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _fill(self) -> None:
        begun = datetime.now(UTC)
        self._is_whole = False
        try:
            missed = await self._exchange.since(self._since - OVERLAP)
        except PbxUnavailable:
            # Calls of this minute are worth more than those missed; the gap stays open until a log is read.
            log.exception("telephony.gap_not_read", pbx=self._exchange.settings.name)
            return
        if missed:
            await self._offer(missed)  # whole: a portion may not end in the middle of a call
        self._since = begun
        self._is_whole = True

    async def _follow(self, told: AsyncIterator[PbxEvent]) -> None:
        waiting: asyncio.Queue[PbxEvent] = asyncio.Queue()
        hearing = asyncio.create_task(_hear(told, waiting))
        try:
            while True:
                portion = [await _first(waiting, hearing)]
                while len(portion) < MOST_AT_ONCE and not waiting.empty():
                    portion.append(waiting.get_nowait())
                await self._offer(portion)
                self._since = max(self._since, portion[-1].at) if self._is_whole else self._since
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError, PbxUnavailable):
                await hearing

    async def _offer(self, portion: Sequence[PbxEvent]) -> None:
        for rest in RESTS:
            try:
                await self._take_in(portion)
            except Exception:
                log.exception("telephony.not_taken", pbx=self._exchange.settings.name, facts=len(portion))
                await asyncio.sleep(rest)
            else:
                return
        await self._take_in(portion)


async def _hear(told: AsyncIterator[PbxEvent], waiting: asyncio.Queue[PbxEvent]) -> None:
    async for event in told:
        waiting.put_nowait(event)


async def _first(waiting: asyncio.Queue[PbxEvent], hearing: "asyncio.Task[None]") -> PbxEvent:
    """Return the next fact. Raises what ended the hearing when everything heard before has been taken."""
    getting = asyncio.create_task(waiting.get())
    await asyncio.wait({getting, hearing}, return_when=asyncio.FIRST_COMPLETED)
    if getting.done():
        return getting.result()
    getting.cancel()
    await hearing
    raise PbxUnavailable
