"""Receipts on their way to the house: gathered, handed over in batches, and confirmed to the centre only then."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from opora.channels.ports import IncomingReceipt, OnReceipts

MOST_IN_BATCH = 500
GATHER_SECONDS = 0.03
MOST_WAITING = 20_000
MOST_KNOWN = 200_000
HELD_SECONDS = 3.0
FAILED_REST_SECONDS = 0.5
MOST_FAILURES = 10  # in a row, when the session is ending

log = structlog.get_logger(__name__)

type Confirm = Callable[[bool], None]


@dataclass(slots=True)
class Waiting:
    """A receipt and whom to tell that it is stored (True) or must be said again (False)."""

    receipt: IncomingReceipt
    confirm: Confirm | None
    since: float


class Inbox:
    """One for a session. Receipts of ids not known yet wait a little while answers are still due."""

    def __init__(self, on_receipts: OnReceipts, *, clock: Callable[[], float]) -> None:
        self._on_receipts = on_receipts
        self._clock = clock
        self._known: OrderedDict[str, UUID] = OrderedDict()
        self._queue: list[Waiting] = []
        self._held: OrderedDict[str, list[Waiting]] = OrderedDict()
        self._came = asyncio.Event()
        self._is_over = False
        self._failures = 0

    @property
    def is_full(self) -> bool:
        return len(self._queue) > MOST_WAITING

    def learn(self, receipt: IncomingReceipt) -> None:
        """Take our own news of an answer: the id belongs to ``receipt.reference``. What was held for it follows."""
        if receipt.message_id and receipt.reference is not None:
            self._known[receipt.message_id] = receipt.reference
            if len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        self._put(Waiting(receipt, None, self._clock()))
        for waiting in self._held.pop(receipt.message_id, ()):
            waiting.receipt = replace(waiting.receipt, reference=receipt.reference)
            self._put(waiting)

    def take(self, receipt: IncomingReceipt, confirm: Confirm, *, answers_due: bool) -> None:
        """Take a receipt of the centre."""
        reference = self._known.get(receipt.message_id)
        waiting = Waiting(replace(receipt, reference=reference) if reference else receipt, confirm, self._clock())
        if reference is None and answers_due:
            self._held.setdefault(receipt.message_id, []).append(waiting)
        else:
            self._put(waiting)

    def release(self, *, all_of_them: bool = False) -> None:
        """Let go of those whose answer has not come for too long."""
        since = self._clock() - HELD_SECONDS
        while self._held:
            message_id, held = next(iter(self._held.items()))
            if not all_of_them and held[0].since > since:
                break
            del self._held[message_id]
            for waiting in held:
                self._put(waiting)

    def _put(self, waiting: Waiting) -> None:
        self._queue.append(waiting)
        self._came.set()

    def close(self) -> None:
        self._is_over = True
        self._came.set()

    async def hand_over(self) -> None:
        """Hand batches over until the inbox is closed and empty."""
        while True:
            await self._came.wait()
            if not self._is_over and len(self._queue) < MOST_IN_BATCH:
                await asyncio.sleep(GATHER_SECONDS)
            batch, self._queue = self._queue[:MOST_IN_BATCH], self._queue[MOST_IN_BATCH:]
            if batch:
                await self._hand(batch)
            if not self._queue:
                if self._is_over:
                    return
                self._came.clear()

    async def _hand(self, batch: list[Waiting]) -> None:
        try:
            await self._on_receipts([waiting.receipt for waiting in batch])
            is_stored = True
            self._failures = 0
        except Exception as fault:  # whatever it was, the centre keeps them and says them again
            # Its kind alone: the words of a database may quote numbers of people.
            log.error("channels.receipts_not_stored", count=len(batch), fault=type(fault).__name__)
            is_stored = False
        for waiting in batch:
            if waiting.confirm is not None:
                waiting.confirm(is_stored)
        if not is_stored and (ours := [waiting for waiting in batch if waiting.confirm is None]):
            self._failures += 1
            if self._is_over and self._failures > MOST_FAILURES:
                log.error("channels.answers_not_stored", count=len(ours))
                return
            self._queue[:0] = ours  # nobody would say these again
            await asyncio.sleep(FAILED_REST_SECONDS)
