"""A gateway over HTTP on loopback, described by a profile."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest

from opora.adapters.sms_http import gateway, profile
from opora.adapters.sms_http.gateway import HttpGateway
from opora.channels.errors import GatewayUnexpected
from opora.channels.ports import Accepted, Answer, IncomingReceipt, Link, Outgoing, Refused, Unanswered
from opora.channels.schemas import complete
from opora.channels.words import State

TEXT = 'Приём в 9:00, кабинет «7» & "8"\n{text}'


class Somebody(ThreadingHTTPServer):
    """A provider: answers as the number says, remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.states: dict[str, str] = {}


class Handler(BaseHTTPRequestHandler):
    server: Somebody
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        self.server.asked.append((self.path, dict(self.headers), body))
        for ending, (status, answer) in ANSWERS.items():
            if f"{ending}" in body:
                if answer is None:
                    time.sleep(5)  # far beyond whatever a crowded machine makes of the patience below
                    self.close_connection = True
                    return
                self.answer(status, answer)
                return
        self.answer(200, json.dumps({"messages": [{"id": f"m{len(self.server.asked)}"}], "error": 0}))

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers), ""))
        found = self.path.rpartition("=")[2]
        self.answer(200, json.dumps({"id": found, "status": self.server.states.get(found, "queued")}))

    def answer(self, status: int, body: str) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


ANSWERS: dict[str, tuple[int, str | None]] = {
    "79130000901": (200, '{"error": 15, "messages": []}'),
    "79130000902": (200, '{"error": "42"}'),
    "79130000903": (400, "bad number"),
    "79130000904": (429, "slow down"),
    "79130000905": (500, "oops"),
    "79130000906": (200, "<html>"),
    "79130000907": (200, None),
    "79130000908": (401, "who are you"),
}


@pytest.fixture(scope="module")
def somebody() -> Iterator[Somebody]:
    server = Somebody()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def link(port: int, **settings: Any) -> Link:
    profile = {
        "url": f"http://127.0.0.1:{port}/send",
        "headers": "Authorization: Bearer {token}",
        "body": '{"to": "{to}", "text": "{text}", "from": "{sender}", "ref": "{reference}"}',
        "id_path": "messages.0.id",
        "error_path": "error",
        "permanent": "15, 16",
        "states": "OK = delivered\nfailed=undeliverable",
        "answer_seconds": 0.3,
    }
    return Link(
        provider=1,
        organisation=1,
        slug="http",
        kind="http",
        channel="sms",
        settings=complete("http", profile | settings),
        secrets={"token": "t0ken"},
        sender="Opora",
        per_second=1000,
        window=20,
    )


def talk(link: Link, messages: list[Outgoing], receipts: int = 0) -> tuple[list[Answer], list[IncomingReceipt]]:
    told: list[IncomingReceipt] = []

    async def hear(batch: list[IncomingReceipt]) -> None:
        told.extend(batch)

    async def run() -> list[Answer]:
        async with HttpGateway().session(link, hear) as session:
            answers = await session.send_all(messages)
            async with asyncio.timeout(10):
                while sum(one.state != State.ACCEPTED for one in told) < receipts:
                    await asyncio.sleep(0.01)
            return answers

    return asyncio.run(run()), told


def to(number: str) -> Outgoing:
    return Outgoing(uuid4(), number, TEXT)


def test_a_message_is_written_as_the_profile_says(somebody: Somebody) -> None:
    message = to("79130000001")
    (answer,), _ = talk(link(somebody.server_port), [message])
    assert isinstance(answer, Accepted)
    path, headers, body = somebody.asked[-1]
    assert path == "/send"
    assert headers["Authorization"] == "Bearer t0ken"
    assert headers["Content-Type"].startswith("application/json")
    assert json.loads(body) == {"to": message.to, "text": TEXT, "from": "Opora", "ref": str(message.reference)}


def test_what_stands_in_an_address_is_in_no_log(somebody: Somebody, caplog: pytest.LogCaptureFixture) -> None:
    address = f"http://127.0.0.1:{somebody.server_port}/send?key={{token}}&to={{to}}&text={{text}}"
    given = link(somebody.server_port, method="GET", url=address, body="", id_path="id", error_path="")
    with caplog.at_level(logging.INFO):
        talk(given, [to("79130000001")])

    assert "79130000001" in somebody.asked[-1][0]
    assert "79130000001" not in caplog.text
    assert "t0ken" not in caplog.text


EXPECTED = [
    ("79130000901", ("15", True)),
    ("79130000902", ("42", False)),
    ("79130000903", ("http400", True)),
    ("79130000904", ("http429", False)),
    ("79130000905", "http500"),
    ("79130000906", "unexpected"),
    ("79130000907", "timeout"),
    ("79130000908", ("http401", False)),
]


@pytest.mark.parametrize(("number", "expected"), EXPECTED)
def test_answers_are_told_apart(somebody: Somebody, number: str, expected: Any) -> None:
    (answer,), _ = talk(link(somebody.server_port), [to(number)])
    if isinstance(answer, Refused):
        assert (answer.code, answer.is_permanent) == expected
    else:
        assert isinstance(answer, Unanswered)
        assert answer.why == expected


def test_nobody_there_is_refused_for_now() -> None:
    (answer,), _ = talk(link(1), [to("79130000001")])
    assert isinstance(answer, Refused)
    assert (answer.code, answer.is_permanent) == ("unavailable", False)


def test_states_are_asked_for_until_they_are_final(somebody: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "_awaited", lambda link: ["left"])
    somebody.states = {"left": "failed"}
    asked = link(
        somebody.server_port, status_url=f"http://127.0.0.1:{somebody.server_port}/state?id={{id}}", poll_seconds=0.05
    )
    threading.Timer(0.3, lambda: somebody.states.update({f"m{number}": "OK" for number in range(200)})).start()
    (answer,), told = talk(asked, [to("79130000001")], receipts=2)
    assert isinstance(answer, Accepted)
    assert {(one.message_id, one.state) for one in told if one.state != State.ACCEPTED} == {
        ("left", State.UNDELIVERABLE),
        (answer.message_id, State.DELIVERED),
    }
    assert next(one for one in told if one.state == State.DELIVERED).reference == answer.reference


def test_an_address_that_is_none() -> None:
    with pytest.raises(GatewayUnexpected):
        talk(link(1, url="nowhere"), [])


SHAPES = [
    ("to={to}&text={text}", "to=79130000001&text=%D0%B0%26b%22%3C", "application/x-www-form-urlencoded"),
    ("<sms to='{to}'>{text}</sms>", "<sms to='79130000001'>а&amp;b&quot;&lt;</sms>", "application/xml"),
    ('{"t": "{text}"}', '{"t": "а&b\\"<"}', "application/json"),
]


@pytest.mark.parametrize(("body", "written", "kind"), SHAPES)
def test_values_cannot_break_out_of_their_place(body: str, written: str, kind: str) -> None:
    request = profile.request(Outgoing(uuid4(), "79130000001", 'а&b"<'), link(1, body=body))
    assert request.body.decode() == written
    assert request.headers["Content-Type"].startswith(kind)


def test_a_header_stays_one_line() -> None:
    request = profile.request(Outgoing(uuid4(), "7913\r\nX-Evil: 1", "x"), link(1, headers="X-To: {to}"))
    assert request.headers["X-To"] == "7913  X-Evil: 1"


BROUGHT = [
    ('{"id": "m1", "status": "OK"}', [("m1", State.DELIVERED)]),
    (
        '[{"id": 1, "status": "failed"}, {"id": 2, "status": "strange"}]',
        [("1", State.UNDELIVERABLE), ("2", State.UNKNOWN)],
    ),
    ('{"receipts": [{"id": "m1", "status": "read"}]}', [("m1", State.READ)]),
]


@pytest.mark.parametrize(("body", "read"), BROUGHT)
def test_receipts_a_provider_brings(body: str, read: list[tuple[str, State]]) -> None:
    assert [(one.message_id, one.state) for one in HttpGateway().brought(link(1), body)] == read


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", "null", "<xml/>", '{"id": "m1"}', '[{"id": "m1", "status": "OK"}, 7]']
)
def test_nonsense_a_provider_brings(body: str) -> None:
    with pytest.raises(GatewayUnexpected):
        HttpGateway().brought(link(1), body)
