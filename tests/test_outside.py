"""No adapter talks to a server inside the house because somebody typed its address on a page."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from opora.channels.errors import GatewayInner
from opora.channels.ports import Link, gateway
from opora.channels.schemas import complete
from opora.doors.models import Door

ADAPTERS = Path(__file__).parent.parent / "opora" / "adapters"
WAYS_OUT = ("httpx.Client(", "httpx.AsyncClient(", "imaplib.IMAP4", "smtplib.SMTP(", "create_connection(")
OF_THE_INSTALLATION = {"asterisk", "pbxhouse", "mailhouse", "poshouse", "smsc", "standin"}


@pytest.fixture
def port(settings: Any) -> Iterator[int]:
    """A server of the house that nobody may be led to; who connects and says a word fails the test."""
    settings.INNER_NETS = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0)
    yield server.getsockname()[1]
    while True:
        try:
            came, _ = server.accept()
        except BlockingIOError:
            break
        came.settimeout(5)
        assert came.recv(100) == b""
        came.close()
    server.close()


def _link(kind: str, channel: str, settings: dict[str, Any]) -> Link:
    return Link(1, 1, "one", kind, channel, complete(kind, settings), {"password": "x", "imap_password": "x"})


def _provider(link: Link) -> None:
    async def hear(_: Any) -> None:
        """Nothing is heard."""

    async def talk() -> None:
        async with gateway(link.kind).session(link, hear):
            pass

    asyncio.run(talk())


def _sms(port: int) -> None:
    _provider(_link("smpp", "sms", {"host": "127.0.0.1", "port": port, "login": "a"}))


def _http(port: int) -> None:
    _provider(_link("http", "sms", {"url": f"http://127.0.0.1:{port}/send"}))


def _mail(port: int) -> None:
    _provider(_link("smtp", "email", {"host": "127.0.0.1", "port": port, "security": "none"}))


def _returns(port: int) -> None:
    from opora.adapters.mail_smtp.mailbox import Mailbox

    link = _link("smtp", "email", {"imap_host": "127.0.0.1", "imap_port": port, "imap_tls": False})
    with Mailbox(link).opened():
        pass


def _letters(port: int) -> None:
    from opora.adapters.mail_imap.way import MailWay

    MailWay().fetch(Door(kind="mail", settings={"host": "127.0.0.1", "port": port, "tls": False}), lambda _: None)


def _bot(port: int) -> None:
    from opora.adapters.messenger_telegram.api import Bot

    door = Door(kind="telegram", settings={"api": f"http://127.0.0.1:{port}"})
    door.keep_secrets({"token": "1:x"})
    with Bot(door) as bot:
        bot.call("getMe", {})


def _state_services(port: int) -> None:
    from opora.adapters.pos.gateway import HttpPosGateway

    door = Door(kind="pos", settings={"address": f"http://127.0.0.1:{port}"})
    door.keep_secrets({"token": "x"})
    list(HttpPosGateway().changes(door, ""))


@pytest.mark.parametrize("ask", [_sms, _http, _mail, _returns, _letters, _bot, _state_services])
def test_an_address_inside_is_refused_in_words(ask: Callable[[int], None], port: int) -> None:
    with pytest.raises(GatewayInner, match="OPORA_INNER_NETS"):
        ask(port)


def test_every_adapter_that_connects_looks_where_it_leads() -> None:
    files = [one for one in ADAPTERS.rglob("*.py") if "tests" not in one.parts]
    connecting = [one for one in files if any(way in one.read_text() for way in WAYS_OUT)]
    assert len(connecting) >= 6
    blind = [
        one.relative_to(ADAPTERS).as_posix()
        for one in connecting
        if one.relative_to(ADAPTERS).parts[0] not in OF_THE_INSTALLATION and "reach." not in one.read_text()
    ]
    assert blind == []
