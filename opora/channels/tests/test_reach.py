"""An address typed on a page does not lead into the network of the house."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from opora.channels import reach
from opora.channels.errors import GatewayInner

INSIDE = ("127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0",
          "fe80::1%eth0", "fd00::5", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1",
          "2002:a00:1::1")  # fmt: skip


@pytest.fixture
def closed(settings: object) -> None:
    settings.INNER_NETS = []  # type: ignore[attr-defined]


@pytest.mark.usefixtures("closed")
class TestAddresses:
    @pytest.mark.parametrize("address", INSIDE)
    def test_what_is_inside_is_closed(self, address: str) -> None:
        assert not reach.is_open(address)

    @pytest.mark.parametrize("address", ["8.8.8.8", "2a02:6b8::feed:bad", "::ffff:8.8.8.8"])
    def test_what_is_outside_is_open(self, address: str) -> None:
        assert reach.is_open(address)

    def test_a_named_network_is_open_and_no_other(self, settings: object) -> None:
        settings.INNER_NETS = ["10.1.0.0/16"]  # type: ignore[attr-defined]
        assert reach.is_open("10.1.2.3")
        assert reach.is_open("::ffff:10.1.2.3")
        assert not reach.is_open("10.2.0.1")

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1"])
    def test_a_name_or_an_odd_writing_that_leads_inside_is_refused(self, host: str) -> None:
        with pytest.raises(GatewayInner):
            reach.check_host(host)

    def test_a_name_with_one_address_inside_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        places = [(0, 0, 0, "", ("8.8.8.8", 0)), (0, 0, 0, "", ("10.0.0.1", 0))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
        with pytest.raises(GatewayInner):
            reach.check_host("sms.example")


class Inside(ThreadingHTTPServer):
    """A server of the house: counts who asked it anything."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked = 0


class Asked(BaseHTTPRequestHandler):
    server: Inside

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def inside() -> Iterator[Inside]:
    server = Inside()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class TestConnections:
    """The other end is looked at, whatever the name said before."""

    def test_nothing_is_said_to_it(self, inside: Inside, closed: None) -> None:
        address = f"http://127.0.0.1:{inside.server_port}/"
        with (
            httpx.Client(event_hooks={"request": [reach.watch]}, trust_env=False) as client,
            pytest.raises(GatewayInner),
        ):
            client.get(address)

        async def ask() -> None:
            async with httpx.AsyncClient(event_hooks={"request": [reach.watch_async]}, trust_env=False) as client:
                await client.get(address)

        with pytest.raises(GatewayInner):
            asyncio.run(ask())
        assert inside.asked == 0

    def test_a_socket_is_closed(self, inside: Inside, closed: None) -> None:
        end = socket.create_connection(("127.0.0.1", inside.server_port))
        with pytest.raises(GatewayInner):
            reach.check_peer(end)
        assert end.fileno() == -1

    def test_an_open_network_is_served(self, inside: Inside, settings: object) -> None:
        settings.INNER_NETS = ["127.0.0.0/8"]  # type: ignore[attr-defined]
        with httpx.Client(event_hooks={"request": [reach.watch]}, trust_env=False) as client:
            assert client.get(f"http://127.0.0.1:{inside.server_port}/").status_code == 200
        assert inside.asked == 1
