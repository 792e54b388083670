"""One login at the centre: its receipts wait until a line takes them, and are said again when nobody confirms."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from opora.adapters.sms_smpp import wire

WINDOW = 500
TICK = 0.01
AGAIN_SECONDS = 1.0  # until a receipt that was refused is said again


class Listener(Protocol):
    """A bound line, as an account needs it."""

    unconfirmed: "OrderedDict[int, bytes]"

    def next_number(self) -> int: ...

    def write(self, data: bytes) -> None: ...


@dataclass(slots=True)
class Account:
    """Receipts of one login, by the moment they are due. ``clock`` gives seconds."""

    clock: Callable[[], float]
    listeners: list[Listener] = field(default_factory=list)
    said: int = 0
    _due: list[tuple[float, int, bytes]] = field(default_factory=list)
    _soon: deque[tuple[float, bytes]] = field(default_factory=deque)
    _order: "count[int]" = field(default_factory=count)
    _turn: int = 0

    @property
    def waiting(self) -> int:
        return len(self._due) + len(self._soon) + sum(len(one.unconfirmed) for one in self.listeners)

    def tell(self, pdu: bytes, after: float) -> None:
        """Say a receipt after so many seconds."""
        at = self.clock() + after
        if not self._soon or self._soon[-1][0] <= at:  # nearly all have one delay: no heap is needed for them
            self._soon.append((at, pdu))
        else:
            heappush(self._due, (at, next(self._order), pdu))

    def join(self, listener: Listener) -> None:
        self.listeners.append(listener)

    def leave(self, listener: Listener) -> None:
        if listener in self.listeners:
            self.listeners.remove(listener)
        for pdu in listener.unconfirmed.values():
            heappush(self._due, (0.0, next(self._order), pdu))
        listener.unconfirmed.clear()

    def confirmed(self, listener: Listener, number: int, status: int) -> None:
        pdu = listener.unconfirmed.pop(number, None)
        if pdu is not None and status != wire.OK:
            heappush(self._due, (self.clock() + AGAIN_SECONDS, next(self._order), pdu))

    def speak(self) -> None:
        """Send what is due over the lines that are there, each within its window."""
        now = self.clock()
        for _ in range(len(self.listeners)):
            listener = self.listeners[self._turn % len(self.listeners)]
            self._turn += 1
            batch = []
            while len(listener.unconfirmed) < WINDOW and (pdu := self._next(now)) is not None:
                number = listener.next_number()
                listener.unconfirmed[number] = pdu
                batch.append(wire.with_number(pdu, number))
            if batch:
                self.said += len(batch)
                listener.write(b"".join(batch))

    def _next(self, now: float) -> bytes | None:
        if self._due and self._due[0][0] <= now:
            return heappop(self._due)[2]
        if self._soon and self._soon[0][0] <= now:
            return self._soon.popleft()[1]
        return None


async def keep_speaking(accounts: dict[str, Account]) -> None:
    while True:
        await asyncio.sleep(TICK)
        for account in accounts.values():
            account.speak()
