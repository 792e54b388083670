"""One exchange of ASGI in the words the stream needs: no framework stands between a browser and its line."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
MOST_BODY = 16_384

type Headers = list[tuple[bytes, bytes]]
STREAM_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


@dataclass
class Request:
    """One exchange of ASGI, in the words this application needs."""

    scope: Mapping[str, Any]
    receive: Receive
    send: Send
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]}

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    async def body(self) -> bytes:
        """Return the whole body. Raises ValueError for one that is too long."""
        parts = b""
        while True:
            message = await self.receive()
            parts += message.get("body", b"")
            if len(parts) > MOST_BODY:
                raise ValueError("body")
            if not message.get("more_body"):
                return parts

    async def gone(self) -> None:
        """Wait until the browser has gone away."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def start(self, status: int, headers: Headers) -> None:
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, body: bytes) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": True})

    async def finish(self, body: bytes = b"") -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    async def reply(
        self, status: int, text: str = "", *, kind: str = "application/json", headers: Headers | None = None
    ) -> None:
        await self.start(status, [(b"content-type", kind.encode()), (b"cache-control", b"no-store"), *(headers or [])])
        await self.finish(text.encode())
