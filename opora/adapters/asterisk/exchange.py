"""``opora.telephony.ports.Pbx`` over AMI. A command opens a connection of its own: whoever asks needs no listener."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import structlog

from opora.adapters.asterisk import facts, log
from opora.adapters.asterisk.errors import PbxRefused
from opora.adapters.asterisk.facts import HALVES
from opora.adapters.asterisk.link import Link
from opora.adapters.asterisk.settings import AsteriskSettings
from opora.telephony.ports import NobodyThere, PbxEvent, PbxUnavailable

GONE = "No such channel"
AWAY = {"UNAVAILABLE", "INVALID", "0"}  # states of a telephone nobody can reach; a line without one
HOLDS = "OPORA_HOLDS"  # of an employee's channel: whom she has put on hold (docs/asterisk.md)

journal = structlog.get_logger(__name__)


class Asterisk:
    """One exchange."""

    def __init__(self, settings: AsteriskSettings) -> None:
        self.settings = settings
        self._signing_in: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[PbxEvent]]:
        """Be connected and signed in: what happens from now on is kept until it is taken."""
        async with AsyncExitStack() as afterwards:
            self._signing_in = signing_in = asyncio.get_running_loop().create_future()
            try:
                link = await afterwards.enter_async_context(Link(self.settings, events=True))
            finally:
                signing_in.set_result(None)
            yield self._facts(link)

    async def events(self) -> AsyncIterator[PbxEvent]:
        """See the port."""
        async with self.listening() as told:
            async for event in told:
                yield event

    async def since(self, at: datetime) -> Sequence[PbxEvent]:
        """See the port. Without a folder of logs there is nothing to tell.

        Asked while ``events`` is signing in, it waits for that: what happens between the two would be in neither.
        """
        if self._signing_in is not None:
            await asyncio.wait({self._signing_in})
        try:
            return await asyncio.to_thread(log.read, self.settings, at)
        except OSError as fault:
            raise PbxUnavailable from fault

    async def originate(self, agent: str, number: str, reference: str) -> str:
        """See the port; returns when the employee's telephone has been told to ring."""
        call = facts.own_call(agent)
        await self._do(
            "Originate",
            Channel=f"{self.settings.technology}/{agent}",
            ChannelId=call,
            Context=self.settings.dialling,
            Exten=number,
            Priority="1",
            Variable=f"OPORA_REFERENCE={reference}",
            CallerID=number,
            Async="true",
        )
        return call

    async def hangup(self, call: str) -> None:
        """See the port."""
        async with Link(self.settings) as link:
            channels = await self._channels(link, call)
            for channel in filter(self.settings.agent_of, channels):  # or the citizen on hold would be brought back
                await self._to_channel(link, "Setvar", Channel=channel, Variable=HOLDS, Value="")
            for channel in channels:
                await self._to_channel(link, "Hangup", Channel=channel)

    async def leave(self, call: str, agent: str) -> None:
        """See the port."""
        await self._hang_up(call, lambda channel: self.settings.agent_of(channel) == agent)

    async def regret(self, call: str, colleagues: Sequence[str]) -> None:
        """See the port. The two are joined by halves of a channel: with these the rest goes."""
        await self._hang_up(
            call, lambda channel: channel.startswith(HALVES) or self.settings.agent_of(channel) in colleagues
        )

    async def keep(self, call: str) -> None:
        """See the port."""
        async with Link(self.settings) as link:
            citizen, agent = await self._two(link, call)
            await link.ask("Setvar", Channel=citizen, Variable="OPORA_AGENT", Value=self.settings.agent_of(agent))
            await link.ask("Setvar", Channel=agent, Variable=HOLDS, Value="")
            where = {"Context": self.settings.holding, "Exten": "back", "Priority": "1"}
            await link.ask("Redirect", Channel=citizen, **where)
            await self._to_channel(link, "Hangup", Channel=agent)

    async def hold(self, call: str) -> None:
        """See the port; the employee hears nothing meanwhile. Whose receiver goes down is rung, then the line is."""
        async with Link(self.settings) as link:
            citizen, agent = await self._two(link, call)
            await link.ask("Setvar", Channel=citizen, Variable="OPORA_AGENT", Value=self.settings.agent_of(agent))
            await link.ask("Setvar", Channel=agent, Variable=HOLDS, Value=citizen)
            handler = {"Variable": "CHANNEL(hangup_handler_push)", "Value": f"{self.settings.holding},left,1"}
            await link.ask("Setvar", Channel=agent, **handler)
            where = {"Context": self.settings.holding, "Exten": "citizen", "Priority": "1"}
            extra = {"ExtraContext": self.settings.holding, "ExtraExten": "agent", "ExtraPriority": "1"}
            await link.ask("Redirect", Channel=citizen, ExtraChannel=agent, **where, **extra)

    async def resume(self, call: str) -> None:
        """See the port."""
        async with Link(self.settings) as link:
            citizen, agent = await self._two(link, call)
            await link.ask("Setvar", Channel=agent, Variable="OPORA_PEER", Value=citizen)
            where = {"Context": self.settings.holding, "Exten": "resume", "Priority": "1"}
            await link.ask("Redirect", Channel=agent, **where)

    async def transfer(self, call: str, to: str, *, warm: bool) -> None:
        """See the port; a warm transfer is done when the employee who hands over hangs up."""
        async with Link(self.settings) as link:
            _, agent = await self._two(link, call)
            if not await self._answers(link, to):
                raise NobodyThere(to)
            how = "Atxfer" if warm else "BlindTransfer"
            await link.ask(how, Channel=agent, Exten=to, Context=self.settings.colleagues)

    async def state(self, agent: str, ready: bool, reason: str) -> None:
        """See the port."""
        interface = f"{self.settings.technology}/{agent}"
        await self._do("QueuePause", Interface=interface, Paused="false" if ready else "true", Reason=reason)

    async def _hang_up(self, call: str, fits: Callable[[str], bool]) -> None:
        async with Link(self.settings) as link:
            for channel in filter(fits, await self._channels(link, call)):
                await self._to_channel(link, "Hangup", Channel=channel)

    async def _do(self, name: str, **fields: str) -> None:
        async with Link(self.settings) as link:
            await link.ask(name, **fields)

    async def _facts(self, link: Link) -> AsyncIterator[PbxEvent]:
        hearing = facts.Hearing(self.settings)
        async for block in link.events():
            try:
                event = hearing.fact(block)
            except (KeyError, ValueError):
                journal.warning("telephony.event_not_whole", pbx=self.settings.name, told=block.get("Event"))
                continue
            if event:
                yield event

    async def _channels(self, link: Link, call: str) -> list[str]:
        """Return the channels of a call, the oldest first."""
        listed = await link.listed("CoreShowChannels")
        ours = [channel for channel in listed if channel.get("Linkedid") == call]
        return [channel["Channel"] for channel in sorted(ours, key=lambda one: one.get("Duration", ""), reverse=True)]

    async def _two(self, link: Link, call: str) -> tuple[str, str]:
        """Return the citizen's channel and the employee's. Raises PbxRefused when the call has not both."""
        listed = await self._channels(link, call)
        citizen = next((channel for channel in listed if not self.settings.agent_of(channel)), None)
        agents = [channel for channel in listed if self.settings.agent_of(channel)]
        if citizen is None or not agents:
            raise PbxRefused(GONE)
        return citizen, agents[0]

    async def _answers(self, link: Link, to: str) -> bool:
        """Whether a telephone is registered, or some telephone of a line is."""
        is_telephone = self.settings.agent_of(f"{self.settings.technology}/{to}-")
        asks = f"DEVICE_STATE({self.settings.technology}/{to})" if is_telephone else f"QUEUE_MEMBER({to},logged)"
        return (await link.ask("Getvar", Variable=asks)).get("Value", "") not in AWAY

    async def _to_channel(self, link: Link, name: str, **fields: str) -> None:
        try:
            await link.ask(name, **fields)
        except PbxRefused as refused:
            if GONE not in str(refused):
                raise
