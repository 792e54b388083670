"""One connection to a centre: bind, frames in and out, a sign of life. It ends once; the session makes the next one."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress

from opora.adapters.sms_smpp import wire
from opora.channels import reach
from opora.channels.errors import GatewayInner, GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.channels.ports import Link

CONNECT_SECONDS = 10.0


class Line(asyncio.Protocol):
    """``came`` gets every message but those of keeping the line itself; ``ended`` is called once, when it is over."""

    def __init__(self, came: Callable[["Line", bytes, int, int, int], None], ended: Callable[["Line"], None]) -> None:
        self._came = came
        self._ended = ended
        self._frames = wire.Frames()
        self._sequence = 0
        self._alive_at = 0.0
        self._bound: asyncio.Future[int] | None = None
        self._unbound: asyncio.Future[None] | None = None
        self.transport: asyncio.Transport | None = None
        self.is_up = False
        self._written: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, fault: Exception | None) -> None:
        self.is_up = False
        if self._bound is not None and not self._bound.done():
            self._bound.set_exception(ConnectionResetError())
        if self._unbound is not None and not self._unbound.done():
            self._unbound.set_result(None)
        self._ended(self)

    def data_received(self, data: bytes) -> None:
        self._alive_at = asyncio.get_running_loop().time()
        try:
            for pdu in self._frames.feed(data):
                command, status, sequence = wire.head(pdu)
                self._take(pdu, command, status, sequence)
        except wire.Torn:
            self.close()

    def _take(self, pdu: bytes, command: int, status: int, sequence: int) -> None:
        if command == wire.ENQUIRE_LINK:
            self.write(wire.message(command | wire.RESPONSE, wire.OK, sequence))
        elif command == wire.UNBIND:
            self.write(wire.message(command | wire.RESPONSE, wire.OK, sequence))
            self.close()
        elif command == wire.BIND_TRANSCEIVER | wire.RESPONSE:
            if self._bound is not None and not self._bound.done():
                self._bound.set_result(status)
        elif command == wire.UNBIND | wire.RESPONSE:
            if self._unbound is not None and not self._unbound.done():
                self._unbound.set_result(None)
        elif command != wire.ENQUIRE_LINK | wire.RESPONSE:
            self._came(self, pdu, command, status, sequence)

    def next_number(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence

    def write(self, data: bytes) -> None:
        """Write with whatever else is written in this turn of the loop: the system is called once for all of it."""
        self._written.append(data)
        if len(self._written) == 1:
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        written, self._written = self._written, []
        if written and self.transport is not None and not self.transport.is_closing():
            self.transport.write(b"".join(written))

    def close(self) -> None:
        """Break off; nothing more is read and ``ended`` follows."""
        self._flush()
        self.is_up = False
        if self.transport is not None:
            self.transport.abort()

    async def bind(self, link: Link) -> None:
        """Introduce ourselves. Raises GatewayRejected for a refused password, GatewayUnavailable for «not now»."""
        self._bound = asyncio.get_running_loop().create_future()
        settings = link.settings
        self.write(
            wire.bind(
                self.next_number(), settings["system_id"], link.secrets.get("password", ""), settings["system_type"]
            )
        )
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                status = await self._bound
        except (TimeoutError, OSError) as fault:
            self.close()
            raise GatewayUnavailable from fault
        if status != wire.OK:
            self.close()
            if status in wire.CLOSED:
                raise GatewayRejected
            raise GatewayUnavailable(code=f"{status}")
        self.is_up = True
        self._alive_at = asyncio.get_running_loop().time()

    async def unbind(self, seconds: float = 2.0) -> None:
        """Take leave; the other side's answer is waited for, not insisted on."""
        if self.is_up:
            self._unbound = asyncio.get_running_loop().create_future()
            self.write(wire.message(wire.UNBIND, wire.OK, self.next_number()))
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._unbound
        self._flush()
        self.is_up = False
        if self.transport is not None:
            self.transport.close()

    def look_alive(self, now: float, every: float) -> None:
        """Ask whether the other side is there when it was silent for ``every`` seconds; break off after three."""
        silent = now - self._alive_at
        if silent > 3 * every:
            self.close()
        elif silent > every:
            self.write(wire.message(wire.ENQUIRE_LINK, wire.OK, self.next_number()))


async def open_line(
    link: Link,
    came: Callable[[Line, bytes, int, int, int], None],
    ended: Callable[[Line], None],
) -> Line:
    """Connect and bind. Raises GatewayUnavailable, GatewayRejected, GatewayUnexpected."""
    secure = ssl.create_default_context() if link.settings["tls"] else None
    await asyncio.to_thread(reach.check_host, link.settings["host"])
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            transport, line = await asyncio.get_running_loop().create_connection(
                lambda: Line(came, ended), link.settings["host"], int(link.settings["port"]), ssl=secure
            )
    except ssl.SSLError as fault:
        raise GatewayUnexpected from fault
    except (OSError, TimeoutError) as fault:
        raise GatewayUnavailable from fault
    if not reach.is_open(transport.get_extra_info("peername")[0]):
        transport.abort()
        raise GatewayInner
    await line.bind(link)
    return line
