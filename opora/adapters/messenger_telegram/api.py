"""One call of the Bot API: what is certain to have stayed here is told apart from what may have left.

The token stands in the address of every call, so no address and no fault of the library may reach a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from opora.channels import reach
from opora.channels.errors import GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.doors.models import Door

ADDRESS = "https://api.telegram.org"
SECONDS = 15
LARGEST_FILE = 20 * 1024 * 1024  # the Bot API gives no larger one
OTHER_LISTENS = "Этого бота слушает ещё одна программа. Остановите её или смените токен."


class NotLeft(Exception):
    """Nothing has left this machine."""


class MayHaveLeft(Exception):
    """The request left and nobody said what became of it."""


class Said(Exception):
    """The server refused: ``code`` is its own, ``retry_after`` seconds it asks to wait, 0 — it did not say."""

    def __init__(self, code: int, words: str, retry_after: int = 0) -> None:
        super().__init__(str(code))
        self.code = code
        self.words = words
        self.retry_after = retry_after


class Bot:
    """``with Bot(door) as bot: bot.call("sendMessage", {…})``. One connection for as long as the block lasts."""

    def __init__(self, door: Door) -> None:
        self.token = door.secret("token")
        self.address = str(door.settings.get("api") or ADDRESS).rstrip("/")
        self._client = httpx.Client(timeout=SECONDS, trust_env=False, event_hooks={"request": [reach.watch]})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    @property
    def number(self) -> str:
        """Whose updates are read: another bot counts its own."""
        return self.token.partition(":")[0]

    def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        *,
        seconds: float = SECONDS,
        file: tuple[str, bytes, str] | None = None,
    ) -> Any:
        """Return the result of a method. Raises NotLeft, MayHaveLeft, Said.

        ``file`` (name, bytes, media type) goes as the field «document»; the other parameters are then plain words.
        """
        given: dict[str, Any] = {"json": dict(parameters)}
        if file is not None:
            given = {"data": dict(parameters), "files": {"document": file}}
        with _told():
            response = self._client.post(f"{self.address}/bot{self.token}/{method}", timeout=seconds, **given)
        return _result(response)

    def file(self, file_id: str) -> bytes:
        """Return the bytes of a file a citizen sent. Raises as ``call``; Said also for one that is too large."""
        found = self.call("getFile", {"file_id": file_id})
        path = str(found.get("file_path", "")) if isinstance(found, dict) else ""
        if not path or ".." in path:
            raise Said(404, "no path")
        kept = bytearray()
        with _told(), self._client.stream("GET", f"{self.address}/file/bot{self.token}/{path}") as response:
            if response.status_code != 200:
                raise Said(response.status_code, "")
            for piece in response.iter_bytes():
                kept += piece
                if len(kept) > LARGEST_FILE:
                    raise Said(413, "too large")
        return bytes(kept)


@contextmanager
def fetching() -> Iterator[None]:
    """Turn what went wrong with a look for news into what the doors say of it."""
    try:
        yield
    except (NotLeft, MayHaveLeft) as fault:
        raise GatewayUnavailable("Телеграм не отвечает. Сообщения придут, когда он ответит.") from fault
    except Said as fault:
        raise _refused(fault) from fault


def _refused(said: Said) -> GatewayUnavailable | GatewayRejected | GatewayUnexpected:
    if said.code in {401, 404}:
        return GatewayRejected("Телеграм не знает такого бота: проверьте токен.")
    if said.code == 409:
        return GatewayUnavailable(OTHER_LISTENS)
    if said.code == 429 or said.code >= 500:
        return GatewayUnavailable("Телеграм просит подождать. Сообщения придут чуть позже.")
    return GatewayUnexpected("Телеграм ответил непонятно. Проверьте настройки двери.")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise NotLeft from None  # the fault of the library may hold the address
    except (httpx.TransportError, httpx.DecodingError):
        raise MayHaveLeft from None


def _result(response: httpx.Response) -> Any:
    try:
        told = response.json()
    except ValueError:
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("ok"), bool):
        if response.is_success or response.status_code >= 500:
            raise MayHaveLeft
        raise Said(response.status_code, "")
    if told["ok"]:
        return told.get("result")
    code, asked = told.get("error_code"), told.get("parameters")
    wait = asked.get("retry_after", 0) if isinstance(asked, dict) else 0
    code = code if isinstance(code, int) else response.status_code
    raise Said(code, str(told.get("description", ""))[:200], wait if isinstance(wait, int) and wait > 0 else 0)
