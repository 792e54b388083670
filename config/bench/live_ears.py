"""Thousands of browsers in one process of their own: each holds a connection to the stream and notes when news come.

Reads a line of JSON, ``{"port", "channels", "tickets"}`` (or ``"own"``, the one channel of each ticket, instead of
``"channels"``); says how many were greeted; then answers every further line
with what was heard since the last one, as a line of JSON.
"""

import asyncio
import json
import re
import resource
import sys
import time
from array import array
from datetime import datetime
from functools import lru_cache

_AT = re.compile(rb'"at":"([^"]+)"')
AT_ONCE = 200  # new connections that are being greeted


@lru_cache(maxsize=1000)
def moments(body: bytes) -> list[float]:
    """Return when the news of a message were told: every desk gets the same bytes, one reading is enough for all."""
    return [datetime.fromisoformat(at.decode()).timestamp() for at in _AT.findall(body)]


class Ears:
    """What all connections have heard together."""

    def __init__(self) -> None:
        self.waits = array("d")
        self.greeted = asyncio.Semaphore(AT_ONCE)
        self.present = self.lost = 0

    def note(self, body: bytes) -> None:
        now = time.time()
        self.waits.extend([now - at for at in moments(body)])


class Ear(asyncio.Protocol):
    """One browser."""

    def __init__(self, ears: Ears, request: bytes) -> None:
        self.ears, self.request, self.rest, self.is_greeted = ears, request, b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        whole, mark, rest = (self.rest + data).rpartition(b"\n\n")
        self.rest = rest
        if mark and not self.is_greeted and b"event: hello" in whole:
            self.is_greeted = True
            self.ears.present += 1
            self.ears.greeted.release()
        if b"event: news" in whole:
            self.ears.note(whole)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ears.lost += 1
        if not self.is_greeted:
            self.ears.greeted.release()


def request(port: int, ticket: str, channels: list[str]) -> bytes:
    """Return what a browser sends."""
    body = json.dumps({"channels": channels}).encode()
    head = f"POST /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Ticket {ticket}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def listen() -> None:
    """Connect all, wait for the end of the measurement, say what was heard."""
    loop = asyncio.get_running_loop()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    wishes = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    ears = Ears()
    port = wishes["port"]
    own = wishes.get("own")
    for number, ticket in enumerate(wishes["tickets"]):
        await ears.greeted.acquire()
        ask = request(port, ticket, [own[number]] if own else wishes["channels"])
        await loop.create_connection(lambda ask=ask: Ear(ears, ask), "127.0.0.1", port)  # type: ignore[misc]
    for _ in range(AT_ONCE):
        await ears.greeted.acquire()
    _say({"present": ears.present})
    while await loop.run_in_executor(None, sys.stdin.readline):
        _say({"waits": _summary(ears.waits), "heard": len(ears.waits), "lost": ears.lost})
        ears.waits = array("d")


def _summary(waits: array[float]) -> list[float]:
    """Return the median, the 95th percentile and the longest, in seconds."""
    ordered = sorted(waits) or [float("inf")]
    return [round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 4) for part in (0.5, 0.95, 1)]


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(listen())
