"""Where the stream gets its news: one connection that listens, and a look now and then at who may still hear.

The connection is made anew whenever it breaks. First it listens, then it reads what is kept, so nothing falls between;
when the place where we left off is gone (a crash empties an unlogged table), every page is told to look anew.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from opora.live.hub import Hub
from opora.live.place import CHANNEL, HERE
from opora.live.tickets import NOBODY

CHECK_SECONDS = 15
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0
STILL_THERE = 10.0  # seconds without news after which the connection is asked whether it lives

_KEPT = (HERE / "sql" / "kept.sql").read_text()
_STILL_ALLOWED = (HERE / "sql" / "still_allowed.sql").read_text()
_TRUSTED = "SELECT set_config('opora.sees', 'all', true)"  # who works where is asked before any scope is known

log = logging.getLogger("opora.live")


@dataclass
class Source:
    """Fills ``hub`` and calls ``heard`` after each batch, so that the stream takes breath and passes it on."""

    address: str
    hub: Hub
    heard: Callable[[], None]
    is_connected: bool = False
    reconnected: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)  # what is kept has been read for the first time
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._listen_for_ever()), asyncio.create_task(self._check_for_ever())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen_for_ever(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as fault:
                wait = FIRST_WAIT if self.is_connected else min(wait * 2, LONGEST_WAIT)
                log.warning("live.database_lost %s", type(fault).__name__)
            self.is_connected = False
            self.reconnected += 1
            await asyncio.sleep(wait)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self.address, autocommit=True, connect_timeout=5, application_name="opora-live"
        ) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            await self._catch_up(connection)
            self.is_connected = True
            self.ready.set()
            while True:
                async for note in connection.notifies(timeout=STILL_THERE):
                    number, _, body = note.payload.partition(" ")
                    self.hub.hear(int(number), json.loads(body))
                    self.heard()
                await connection.execute("SELECT 1")

    async def _catch_up(self, connection: psycopg.AsyncConnection) -> None:
        rows = await (await connection.execute(_KEPT)).fetchall()
        if not self.hub.ring:
            if self.reconnected and len(self.hub):
                self.hub.resync()  # what was told in between, if anything, is not known
            for number, body in rows:
                self.hub.remember(number, json.loads(body))
            return
        take = self.hub.hear
        if self.hub.position not in {number for number, _ in rows}:
            log.warning("live.gap")
            self.hub.resync()
            take = self.hub.remember
        for number, body in rows:
            take(number, json.loads(body))
        self.heard()

    async def _check_for_ever(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self.check()
            except (psycopg.Error, OSError) as fault:
                log.warning("live.check_failed %s", type(fault).__name__)

    async def check(self) -> None:
        """End those whose session has ended, whose entry is closed or whose assignment is over.

        A screen has none of these: its ticket is short and renewed where its secret is looked up.
        """
        asked = {listener.ticket.who for listener in self.hub if listener.ticket.employee != NOBODY}
        if not asked:
            return
        employees, assignments, marks, journal = map(list, zip(*asked, strict=True))
        async with await psycopg.AsyncConnection.connect(
            self.address, connect_timeout=5, application_name="opora-live"
        ) as connection:
            await connection.execute(_TRUSTED)
            found = await connection.execute(
                _STILL_ALLOWED,
                {"employees": employees, "assignments": assignments, "marks": marks, "journal": journal},
            )
            gone = asked - set(await found.fetchall())
        for listener in self.hub:
            if listener.ticket.who in gone:
                listener.end("session")
