"""A small exchange in memory: speaks ``Pbx``, keeps its log, loses its link when told to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from opora.telephony.ports import Kind, NobodyThere, PbxEvent, PbxUnavailable

BEGAN = datetime(2026, 3, 11, 5, 0, tzinfo=UTC)  # a Wednesday, noon in Novosibirsk


class MemoryPbx:
    """``tell`` is what happens; ``heard`` goes to whoever listens, everything stays in ``log``."""

    def __init__(self, name: str = "main", line: str = "100") -> None:
        self.name, self.line = name, line
        self.log: list[PbxEvent] = []
        self.asked: list[tuple[object, ...]] = []
        self.listeners: list[asyncio.Queue[PbxEvent | None]] = []
        self.is_up = True
        self.absent: set[str] = set()  # extensions and lines nobody is at

    def tell(
        self, call: str, kind: Kind, after: float = 0, *, caller: str = "", agent: str = "", **data: object
    ) -> PbxEvent:
        at = BEGAN + timedelta(seconds=after)
        line = self.line if kind in {Kind.ARRIVED, Kind.QUEUED} else ""
        event = PbxEvent(self.name, f"{call}-{len(self.log)}", call, kind, at, line, caller, agent, data)
        self.log.append(event)
        for waiting in self.listeners if self.is_up else ():
            waiting.put_nowait(event)
        return event

    def whole(self, call: str, *, caller: str = "89000000001", agent: str = "201", after: float = 0) -> list[PbxEvent]:
        """A call from the welcome to the rating: 10 s of waiting, 100 s of talk, 20 s of them on hold."""
        steps: list[tuple[Kind, float, dict[str, object]]] = [
            (Kind.ARRIVED, 0, {"direction": "in"}),
            (Kind.QUEUED, 3, {}),
            (Kind.RINGING, 6, {}),
            (Kind.ANSWERED, 10, {}),
            (Kind.HELD, 40, {}),
            (Kind.RESUMED, 60, {}),
            (Kind.RECORDED, 110, {"file": f"{call}.wav"}),
            (Kind.ENDED, 110, {"cause": "16"}),
            (Kind.RATED, 112, {"score": "5"}),
        ]
        held_by = {Kind.RINGING, Kind.ANSWERED}
        return [
            self.tell(
                call,
                kind,
                after + step,
                caller=caller if kind is Kind.ARRIVED else "",
                agent=agent if kind in held_by else "",
                **data,
            )
            for kind, step, data in steps
        ]

    def missed(self, call: str, *, caller: str = "89000000001", after: float = 0) -> list[PbxEvent]:
        """A call that was given up in the queue after half a minute."""
        return [
            self.tell(call, Kind.ARRIVED, after, caller=caller),
            self.tell(call, Kind.QUEUED, after + 2),
            self.tell(call, Kind.ABANDONED, after + 30),
            self.tell(call, Kind.ENDED, after + 30),
        ]

    def lose(self) -> None:
        """The link breaks: listeners hear nothing more, the log goes on."""
        self.is_up = False
        for waiting in self.listeners:
            waiting.put_nowait(None)
        self.listeners.clear()

    async def events(self) -> AsyncIterator[PbxEvent]:
        if not self.is_up:
            raise PbxUnavailable("no link")
        waiting: asyncio.Queue[PbxEvent | None] = asyncio.Queue()
        self.listeners.append(waiting)
        while (event := await waiting.get()) is not None:
            yield event
        raise PbxUnavailable("the link is lost")

    async def since(self, at: datetime) -> Sequence[PbxEvent]:
        if not self.is_up:
            raise PbxUnavailable("no link")
        return [event for event in self.log if event.at >= at]

    async def originate(self, agent: str, number: str, reference: str) -> str:
        self.asked.append(("originate", agent, number, reference))
        return f"out-{len(self.asked)}"

    async def hangup(self, call: str) -> None:
        self.asked.append(("hangup", call))

    async def leave(self, call: str, agent: str) -> None:
        self.asked.append(("leave", call, agent))

    async def regret(self, call: str, colleagues: Sequence[str]) -> None:
        self.asked.append(("regret", call, *colleagues))

    async def keep(self, call: str) -> None:
        self.asked.append(("keep", call))

    async def hold(self, call: str) -> None:
        self.asked.append(("hold", call))

    async def resume(self, call: str) -> None:
        self.asked.append(("resume", call))

    async def transfer(self, call: str, to: str, *, warm: bool) -> None:
        if to in self.absent:
            raise NobodyThere(to)
        self.asked.append(("transfer", call, to, warm))

    async def state(self, agent: str, ready: bool, reason: str) -> None:
        self.asked.append(("state", agent, ready, reason))
