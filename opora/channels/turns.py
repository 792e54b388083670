"""When a message may go: so many a second, so many without an answer, a rest when a provider says «too fast»."""

import asyncio
from collections import deque
from collections.abc import Callable

BURST_SECONDS = 0.05  # a rate is kept over this time; finer than that timers do not go
FIRST_REST, LONGEST_REST = 0.1, 5.0


class Turns:
    """A window and a rate. ``clock`` gives seconds."""

    def __init__(self, *, window: int, per_second: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._free = window
        self._gap = 1 / per_second
        self._next = 0.0
        self._rest_until = 0.0
        self._rest = FIRST_REST
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        """Wait for a turn; ``give_back`` must follow when it is answered or given up."""
        now = self._clock()
        self._next = max(self._next, now - BURST_SECONDS) + self._gap
        if (early := self._next - now) > 0:
            await asyncio.sleep(early)
        while (rest := self._rest_until - self._clock()) > 0:
            await asyncio.sleep(rest)
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.give_back()
            raise

    def give_back(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    def slow_down(self) -> float:
        """Let everybody rest, longer each time in a row; return for how many seconds."""
        now = self._clock()
        if now < self._rest_until:  # others of the same window were told the same
            return self._rest_until - now
        rest, self._rest = self._rest, min(self._rest * 2, LONGEST_REST)
        self._rest_until = now + rest
        return rest

    def went_well(self) -> None:
        if self._rest != FIRST_REST and self._clock() > self._rest_until:
            self._rest = FIRST_REST
