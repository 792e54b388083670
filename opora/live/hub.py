"""Who hears what: the newest news in memory and a short queue for each listener. No sockets and no database here.

Listeners with the same channels form an audience, and what is told is written as text once for each audience, not for
each listener. Between two breaths of the stream news gather; a listener gets one message for all of them.
"""

import json
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from opora.live.place import KEPT_SECONDS
from opora.live.tickets import Ticket

MOST_WAITING = 500  # messages of a listener who does not read
MOST_KEPT = 20_000  # batches
MOST_MISSED = 400  # news told one by one to who comes back; beyond that to look anew is less work
OVERLAP = 20  # batches
RECENT_SECONDS = 5

type Item = tuple[Sequence[str], str, dict[str, Any]]


@dataclass(eq=False, slots=True)
class Listener:
    """One open connection. ``wake`` is called when there is something in ``waiting``."""

    ticket: Ticket
    channels: frozenset[str]
    wake: Callable[[], None]
    waiting: deque[bytes] = field(default_factory=deque)
    ended: str = ""  # why the connection is to be closed, as the browser is told
    busy_since: float = 0.0  # when the message that is being sent was begun

    def take(self) -> bytes:
        """Return everything that waits as one piece."""
        body = b"".join(self.waiting)
        self.waiting.clear()
        return body

    def push(self, message: bytes) -> None:
        if self.ended or not message:
            return
        if len(self.waiting) >= MOST_WAITING:
            self.end("slow")
            return
        self.waiting.append(message)
        self.wake()

    def end(self, why: str) -> None:
        """Close after a last word; what waits is dropped: a slow reader comes back and is told to look anew."""
        if not self.ended:
            self.ended = why
            self.waiting.clear()
            self.waiting.append(sse("ended", {"why": why}))
            self.wake()


class Hub:
    """All listeners of this process and the ring of what was told."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.audiences: dict[frozenset[str], set[Listener]] = {}
        self.listening: dict[str, set[frozenset[str]]] = {}
        self.ring: OrderedDict[int, tuple[float, list[Item]]] = OrderedDict()
        self.position = 0
        self.untold: list[tuple[int, list[Item]]] = []
        self.read_later: set[int] = set()  # batches that were read from the table, not heard
        self.told = self.delivered = 0

    def __len__(self) -> int:
        return sum(map(len, self.audiences.values()))

    def __iter__(self) -> Iterator[Listener]:
        return iter([listener for audience in self.audiences.values() for listener in audience])

    def join(self, listener: Listener, last: str = "") -> None:
        """Let her listen: first what she has missed since ``last``, or «resync» when nobody knows what that was."""
        self.tell()
        self.audiences.setdefault(listener.channels, set()).add(listener)
        for channel in listener.channels:
            self.listening.setdefault(channel, set()).add(listener.channels)
        listener.push(self._missed(listener, last) if last else self._recent(listener))
        listener.push(sse("hello", {"listeners": len(self)}, self.position))

    def leave(self, listener: Listener) -> None:
        audience = self.audiences.get(listener.channels, set())
        audience.discard(listener)
        if not audience and self.audiences.pop(listener.channels, None) is not None:
            for channel in listener.channels:
                heard = self.listening[channel]
                heard.discard(listener.channels)
                if not heard:
                    del self.listening[channel]

    def hear(self, number: int, items: list[Item]) -> None:
        """Take a batch from the database; ``tell`` passes it on. One that is known already is not told twice."""
        if self._keep(number, items):
            self.untold.append((number, items))

    def remember(self, number: int, items: list[Item]) -> None:
        """Take a batch told before this process listened: nobody present waits for it, who comes back may."""
        if self._keep(number, items):
            self.read_later.add(number)

    def _keep(self, number: int, items: list[Item]) -> bool:
        if number in self.ring:
            return False
        now = self.clock()
        self.ring[number] = (now, items)
        self.position = number
        while len(self.ring) > MOST_KEPT or self._is_stale(now):
            gone, _ = self.ring.popitem(last=False)
            self.read_later.discard(gone)
        return True

    def tell(self) -> int:
        """Pass on what has gathered; return how many messages that was."""
        gathered, self.untold = self.untold, []
        if not gathered:
            return 0
        concerned = {
            audience
            for _, items in gathered
            for channels, _, _ in items
            for channel in channels
            for audience in self.listening.get(channel, ())
        }
        sent = 0
        for channels in concerned:
            message = self._message(channels, gathered)
            for listener in list(self.audiences.get(channels, ())):
                listener.push(message)
                sent += 1
        self.told += sum(len(items) for _, items in gathered)
        self.delivered += sent
        return sent

    def beat(self, listener: Listener) -> None:
        """Show that the line is alive, and how far the news have got, so that her number does not grow old."""
        self.tell()
        listener.push(f"id: {self.position}\n:\n\n".encode())

    def resync(self) -> None:
        """Say that something was lost and every page looks anew."""
        self.ring.clear()
        self.untold.clear()
        self.read_later.clear()
        self.position = 0
        message = sse("resync", {}, 0)
        for listener in self:
            listener.push(message)

    def _is_stale(self, now: float) -> bool:
        """Whether the oldest batch is past its time; the newest stays, whatever its age."""
        return len(self.ring) > 1 and now - next(iter(self.ring.values()))[0] > KEPT_SECONDS

    def _missed(self, listener: Listener, last: str) -> bytes:
        """Write what was told after ``last``, by the order of arrival: a smaller number may have committed later.

        Batches read from the table come in the order of numbers, so those a little below ``last`` are told again.
        """
        known = int(last) if last.isdecimal() else -1
        if known == self.position and known not in self.read_later:
            return b""
        if known not in self.ring:
            return sse("resync", {}, self.position)
        numbers = list(self.ring)
        after = numbers.index(known) + 1
        again = [number for number in self.read_later if known - OVERLAP < number < known]
        missed = [(number, self.ring[number][1]) for number in [*sorted(again), *numbers[after:]]]
        if sum(len(items) for _, items in missed) > MOST_MISSED:
            return sse("resync", {}, self.position)
        return self._message(listener.channels, missed) if missed else b""

    def _recent(self, listener: Listener) -> bytes:
        """Write what was told while her page was on its way to her."""
        since = self.clock() - RECENT_SECONDS
        recent = [(number, items) for number, (at, items) in self.ring.items() if at >= since]
        return self._message(listener.channels, recent) if recent else b""

    def _message(self, audience: frozenset[str], gathered: list[tuple[int, list[Item]]]) -> bytes:
        """Write the part of the news that an audience may hear: of the channels, too, only its own are named."""
        heard = []
        for _, items in gathered:
            for channels, event, data in items:
                if mine := [channel for channel in channels if channel in audience]:
                    heard.append({"channels": mine, "event": event, "data": data})
        return sse("news", heard, gathered[-1][0]) if heard else b""


def sse(event: str, data: Any, number: int | None = None) -> bytes:
    """Return a message of an event stream."""
    head = "" if number is None else f"id: {number}\n"
    return f"{head}event: {event}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()
