"""One connection of AMI: it signs in, asks and is answered, hands events over. It ends once; nobody mends it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Self

from opora.adapters.asterisk.errors import PbxRefused
from opora.adapters.asterisk.settings import AsteriskSettings
from opora.adapters.asterisk.wire import Block, Blocks, Torn, action
from opora.telephony.ports import PbxUnavailable

CONNECT_SECONDS = ANSWER_SECONDS = 10.0
SIGN_OF_LIFE = 15.0  # seconds between questions «are you there»
MOST_WAITING = 100_000  # events not yet taken: half an hour of three hundred operators


class Link:
    """``async with Link(settings) as link: await link.ask("Ping")``."""

    def __init__(self, settings: AsteriskSettings, *, events: bool = False) -> None:
        self._settings = settings
        self._wants_events = events
        self._events: asyncio.Queue[Block | None] = asyncio.Queue(MOST_WAITING)
        self._asked: dict[str, asyncio.Future[Block]] = {}
        self._lists: dict[str, list[Block]] = {}
        self._booted = asyncio.Event()
        self._number = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._is_over = False

    async def __aenter__(self) -> Self:
        """Connect and sign in. Raises PbxUnavailable, PbxRefused."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                self._reader, self._writer = await asyncio.open_connection(self._settings.host, self._settings.port)
        except (OSError, TimeoutError) as fault:
            raise PbxUnavailable from fault
        self._tasks = [asyncio.create_task(self._read())]
        fields = {"Username": self._settings.login, "Secret": self._settings.secret}
        try:
            await self.ask("Login", **fields, Events="on" if self._wants_events else "off")
            if self._wants_events:
                await self._wait_for_boot()
        except BaseException:
            await self.__aexit__()
            raise
        self._tasks.append(asyncio.create_task(self._look_alive()))
        return self

    async def _wait_for_boot(self) -> None:
        """Let an exchange that is starting finish: before that its log does not say yet that it has started.

        A user without the right ``system`` is not told, and does not wait for ever.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._booted.wait()

    async def __aexit__(self, *_: object) -> None:
        self._end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(OSError):
            await self._writer.wait_closed()

    async def ask(self, name: str, **fields: str) -> Block:
        """Do an action and return the answer. Raises PbxRefused with the exchange's words, PbxUnavailable."""
        return (await self._ask(name, fields))[0]

    async def listed(self, name: str, **fields: str) -> list[Block]:
        """Do an action that is answered by a list of events. Raises PbxRefused, PbxUnavailable."""
        return (await self._ask(name, fields, is_list=True))[1]

    async def events(self) -> AsyncIterator[Block]:
        """Yield events as they come. Raises PbxUnavailable when the connection is lost."""
        while (event := await self._events.get()) is not None:
            yield event
        raise PbxUnavailable

    async def _ask(self, name: str, fields: dict[str, str], *, is_list: bool = False) -> tuple[Block, list[Block]]:
        if self._is_over:
            raise PbxUnavailable
        self._number += 1
        number = str(self._number)
        self._asked[number] = asyncio.get_running_loop().create_future()
        if is_list:
            self._lists[number] = []
        try:
            self._writer.write(action(name, {**fields, "ActionID": number}))
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._writer.drain()
                answer = await self._asked[number]
        except (OSError, TimeoutError) as fault:
            self._end()
            raise PbxUnavailable from fault
        finally:
            self._asked.pop(number, None)
            listed = self._lists.pop(number, [])
        if answer.get("Response") == "Error":
            raise PbxRefused(answer.get("Message", ""))
        return answer, listed

    async def _read(self) -> None:
        blocks = Blocks()
        with suppress(OSError, Torn):
            while data := await self._reader.read(1 << 16):
                for block in blocks.feed(data):
                    self._take(block)
        self._end()

    def _take(self, block: Block) -> None:
        number = block.get("ActionID", "")
        if number in self._lists and block.get("Response") != "Error":
            if "Event" not in block:
                return
            if block.get("EventList") != "Complete":
                self._lists[number].append(block)
                return
        if number in self._asked and not self._asked[number].done():
            self._asked[number].set_result(block)
        elif block.get("Event") == "FullyBooted":
            self._booted.set()
        elif "Event" in block and self._wants_events:
            if self._events.full():
                self._end()  # we are too slow; the log has what is not taken
            else:
                self._events.put_nowait(block)

    def _end(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._writer.close()
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(PbxUnavailable())
        self._booted.set()
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(None)

    async def _look_alive(self) -> None:
        """A cable that is pulled out says nothing by itself."""
        while not self._is_over:
            await asyncio.sleep(SIGN_OF_LIFE)
            with suppress(PbxUnavailable):
                await self.ask("Ping")
