"""The stream process: a bare ASGI application that keeps thousands of connections open and writes news into them.

``POST /live/events`` with ``Authorization: Ticket …`` and ``{"channels": […], "last": "…"}`` answers with an endless
``text/event-stream``. Neither the ticket nor a channel ever stands in an address, so no log of addresses holds them.
``GET /live/health`` and ``/live/metrics`` are for watchers.
"""

import asyncio
import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from opora.live import tickets
from opora.live.asgi import STREAM_HEADERS, Headers, Receive, Request, Send
from opora.live.hub import Hub, Listener
from opora.live.seal import SealBroken
from opora.live.source import Source

SHORTEST_BREATH, LONGEST_BREATH = 0.05, 1.0
HEARTBEAT_SECONDS = 15
STUCK_SECONDS = 30  # a browser that has not taken a message for so long is gone
MOST_CHANNELS = 60
MOST_OF_TALK = 8  # lines of one citizen: he has tabs, and no more than some
PATIENCE = 10  # seconds a browser waits for a process that has just begun


@dataclass(frozen=True)
class Rules:
    """What the process needs of the settings."""

    database: str
    secret: str
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    most_listeners: int = 12_000


class Stream:
    """The application. One for a process; it begins with the lifespan of the server."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.hub = Hub()
        self.heard = asyncio.Event()
        self.source = Source(rules.database, self.hub, self.heard.set)
        self.refused = self.dropped = 0
        self.of_talks: Counter[str] = Counter()
        self.slowest_breath = 0.0
        self.is_ending = False
        self.unwritten = 0  # listeners who have been woken and not yet written to
        self._work: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(Request(scope, receive, send))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.source.start()
                self._work = [asyncio.create_task(self._breathe()), asyncio.create_task(self._beat())]
                self._hear_the_end()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _hear_the_end(self) -> None:
        """Say good-bye as soon as the process is told to end: the server waits for open connections before it tells us.

        The server's own handler is kept: asyncio hears of a signal besides what is set here.
        """
        loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self._say_goodbye))

    def _say_goodbye(self) -> None:
        self.is_ending = True
        for listener in self.hub:
            listener.end("restart")

    async def stop(self) -> None:
        """Let go of the database."""
        self._say_goodbye()
        for task in self._work:
            task.cancel()
        await self.source.stop()

    async def _answer(self, request: Request) -> None:
        match request.method, request.path:
            case "POST", "/live/events":
                await self._events(request)
            case "OPTIONS", "/live/events":
                await request.reply(204, headers=self._cross(request))
            case "GET", "/live/health":
                state = 200 if self.source.is_connected else 503
                await request.reply(state, json.dumps({"database": self.source.is_connected}))
            case "GET", "/live/metrics":
                await request.reply(200, self._metrics(), kind="text/plain; version=0.0.4")
            case _:
                await request.reply(404, '{"code": "not_found"}')

    async def _events(self, request: Request) -> None:
        cross = self._cross(request)
        if request.header("origin") and not cross:
            await self._refuse(request, 403, "origin", [])
            return
        if not await self._has_room():
            await self._refuse(request, 503, "full", cross)
            return
        _, _, word = request.header("authorization").partition(" ")
        try:
            ticket = tickets.read(word, secret=self.rules.secret)
            channels, last = _wishes(await request.body())
        except SealBroken:
            await self._refuse(request, 401, "ticket", cross)
            return
        except ValueError:
            await self._refuse(request, 400, "body", cross)
            return
        if self.of_talks[ticket.talk] >= MOST_OF_TALK:
            await self._refuse(request, 429, "many", cross)
            return
        allowed = {tickets.channel_of(asked, ticket, secret=self.rules.secret) for asked in channels}
        await self._talk(request, ticket, frozenset(filter(None, allowed)), last, cross)

    async def _has_room(self) -> bool:
        """Whether a browser may come in; one quicker than the database waits, for it may have missed something."""
        if not self.source.ready.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.source.ready.wait(), PATIENCE)
        return self.source.ready.is_set() and not self.is_ending and len(self.hub) < self.rules.most_listeners

    async def _talk(
        self, request: Request, ticket: tickets.Ticket, channels: frozenset[str], last: str, cross: Headers
    ) -> None:
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()

        def wake() -> None:
            self.unwritten += not woken.is_set()
            woken.set()

        listener = Listener(ticket, channels, wake)
        gone = asyncio.ensure_future(request.gone())
        gone.add_done_callback(lambda _: listener.end("gone"))
        expiry = loop.call_later(max(1.0, ticket.expires_at - time.time()), listener.end, "expired")
        self._count_talk(ticket, 1)
        try:
            await request.start(200, [*cross, *STREAM_HEADERS])
            self.hub.join(listener, last)
            while listener.waiting:
                listener.busy_since = loop.time()
                await request.write(listener.take())
                listener.busy_since = 0.0
                if listener.ended:
                    break
                if not listener.waiting:
                    self.unwritten -= woken.is_set()
                    woken.clear()
                    await woken.wait()
        finally:
            self.hub.leave(listener)
            self._count_talk(ticket, -1)
            listener.wake = lambda: None
            self.unwritten -= woken.is_set()
            self.dropped += listener.ended == "slow"
            expiry.cancel()
            gone.cancel()
        if listener.ended != "gone":
            await request.finish()

    def _count_talk(self, ticket: tickets.Ticket, more: int) -> None:
        if ticket.talk:
            self.of_talks[ticket.talk] += more
            if not self.of_talks[ticket.talk]:
                del self.of_talks[ticket.talk]

    async def _refuse(self, request: Request, status: int, code: str, cross: Headers) -> None:
        self.refused += 1
        await request.reply(status, json.dumps({"code": code}), headers=cross)

    async def _breathe(self) -> None:
        """Pass news on, not oftener than the machine can: a breath lasts until nearly all have been written to."""
        while True:
            await self.heard.wait()
            await asyncio.sleep(0.01)  # batches of one commit come together
            self.heard.clear()
            began = time.perf_counter()
            self.hub.tell()
            await asyncio.sleep(SHORTEST_BREATH)
            while self.unwritten > len(self.hub) // 20 and time.perf_counter() - began < LONGEST_BREATH:
                await asyncio.sleep(0.01)
            self.slowest_breath = max(time.perf_counter() - began, self.slowest_breath * 0.99)

    async def _beat(self) -> None:
        """Show each browser every 15 s that the line is alive, a few at a time; let go of those who take nothing."""
        loop = asyncio.get_running_loop()
        while True:
            everyone = list(self.hub)
            share = max(1, -(-len(everyone) // HEARTBEAT_SECONDS))
            for second in range(HEARTBEAT_SECONDS):
                await asyncio.sleep(1)
                for listener in everyone[second * share : (second + 1) * share]:
                    if listener.busy_since and loop.time() - listener.busy_since > STUCK_SECONDS:
                        listener.end("slow")
                    elif not listener.ended:
                        self.hub.beat(listener)

    def _cross(self, request: Request) -> Headers:
        """Let a page of our own host at another port read the answer; whatever else asks gets no permission."""
        origin = request.header("origin")
        if urlsplit(origin).hostname not in self.rules.hosts:
            return []
        return [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-headers", b"authorization, content-type"),
            (b"access-control-allow-methods", b"POST"),
            (b"access-control-max-age", b"600"),
            (b"vary", b"Origin"),
        ]

    def _metrics(self) -> str:
        figures = {
            "opora_live_listeners": len(self.hub),
            "opora_live_audiences": len(self.hub.audiences),
            "opora_live_news_total": self.hub.told,
            "opora_live_messages_total": self.hub.delivered,
            "opora_live_refused_total": self.refused,
            "opora_live_slow_total": self.dropped,
            "opora_live_database_lost_total": self.source.reconnected,
            "opora_live_breath_seconds": round(self.slowest_breath, 4),
        }
        return "".join(f"{name} {value}\n" for name, value in figures.items())


def _wishes(body: bytes) -> tuple[list[str], str]:
    """Return the channels a page asks for and the number of the last news it has got. Raises ValueError."""
    try:
        told = json.loads(body)
    except RecursionError as fault:  # thousands of brackets
        raise ValueError("wishes") from fault
    match told:
        case {"channels": list(channels), **rest} if len(channels) <= MOST_CHANNELS:
            return [str(channel) for channel in channels], str(rest.get("last", ""))[:20]
    raise ValueError("wishes")
