"""A real exchange for a file of tests, and a listener that remembers what it was told."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from opora.adapters.asterisk.exchange import Asterisk
from opora.adapters.asterisk.listening import Listener
from opora.adapters.asterisk.settings import AsteriskSettings
from opora.adapters.pbxhouse.layout import LOOPBACK, Agent, Layout, Line
from opora.adapters.pbxhouse.server import Server, free_port
from opora.telephony.ports import Kind, PbxEvent

PATIENCE = 30.0  # of a loaded machine


def line(number: int) -> str:
    return f"8800555{number:04}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Line 101 is answered by extension 101, and so on up to 104; line 200 rates, line 300 is closed.

    Nobody answers line 400; who waits there may ask to be called back.
    """
    if os.environ.get("WITHOUT_ASTERISK"):
        pytest.skip("WITHOUT_ASTERISK")
    extensions = [str(number) for number in range(101, 108)]
    agents = [Agent(extension, free_port(udp=True)) for extension in extensions]
    lines = [Line(line(int(extension)), [extension]) for extension in extensions]
    lines += [Line(line(200), ["101"], rates=True), Line(line(300), [], is_open=False)]
    lines += [Line(line(400), [], offers=True)]
    with Server(lines=lines, agents=agents) as started:
        yield started


def telephone(layout: Layout, extension: str) -> int:
    return next(agent.port for agent in layout.agents if agent.extension == extension)


def settings(layout: Layout, *, port: int = 0) -> AsteriskSettings:
    return AsteriskSettings("main", LOOPBACK, port or layout.ports.ami, "opora", layout.ami_secret, log=layout.log)


class Heard:
    """Everything taken in, once by key."""

    def __init__(self) -> None:
        self.rows: dict[str, PbxEvent] = {}
        self.listener: Listener

    async def take_in(self, events: Sequence[PbxEvent]) -> None:
        for event in events:
            self.rows.setdefault(event.key, event)

    def of(self, caller: str) -> list[PbxEvent]:
        """The facts of the call of one caller."""
        calls = {event.call for event in self.rows.values() if event.kind == Kind.ARRIVED and event.caller == caller}
        return [event for event in self.rows.values() if event.call in calls]

    def kinds(self, caller: str) -> list[str]:
        return [str(event.kind) for event in sorted(self.of(caller), key=lambda event: event.at)]

    async def fact(self, kind: Kind, caller: str) -> PbxEvent:
        """Wait for a fact of a call."""
        return (await self.facts(kind, caller, 1))[0]

    async def facts(self, kind: Kind, caller: str, number: int) -> list[PbxEvent]:
        """Wait for so many facts of a kind of a call."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [event for event in self.of(caller) if event.kind == kind]
                if len(found) >= number:
                    return found
                await asyncio.sleep(0.02)


@asynccontextmanager
async def heard(layout: Layout, *, port: int = 0):
    """Listen to an exchange for the time of a block."""
    told = Heard()
    exchange = Asterisk(settings(layout, port=port))
    told.listener = Listener(exchange, told.take_in, since=datetime.now(UTC) - timedelta(hours=1))
    running = asyncio.create_task(told.listener.run())
    try:
        async with asyncio.timeout(PATIENCE):
            await told.listener.is_up.wait()
        yield told, exchange
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
