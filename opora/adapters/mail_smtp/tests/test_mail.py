"""Letters through a real SMTP server on loopback, returns out of a mailbox."""

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from opora.adapters.mail_smtp import reports
from opora.adapters.mail_smtp.gateway import SmtpGateway, SmtpSession
from opora.adapters.mail_smtp.mailbox import Mailbox
from opora.adapters.pbxhouse.certificate import write_certificate
from opora.channels.errors import GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.channels.ports import Accepted, Answer, Attachment, IncomingReceipt, Link, Outgoing, Refused, Unanswered
from opora.channels.schemas import complete
from opora.channels.words import State

OURS = UUID("0195f2a0-0000-7000-8000-00000000abcd")


class Box:
    """What the server took: it refuses addresses by their names and may hang up after DATA."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.hang_up_before = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address.startswith("gone"):
            return "550 5.1.1 No such user"
        if address.startswith("later"):
            return "451 4.7.1 Greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.hang_up_before:
            self.hang_up_before -= 1
            server.transport.abort()
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append((str(envelope.mail_from), envelope.rcpt_tos, bytes(envelope.content or b"")))
        if any(address.startswith("spam") for address in envelope.rcpt_tos):
            return "554 5.7.1 Spam"
        if any(address.startswith("torn") for address in envelope.rcpt_tos):
            server.transport.abort()
        return "250 Queued"


def let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    is_known = (data.login, data.password) == (b"opora", b"secret")
    return AuthResult(success=is_known, handled=False)


@pytest.fixture(scope="module")
def smtp() -> Iterator[Controller]:
    server = Controller(
        Box(), hostname="127.0.0.1", port=free_port(), authenticator=let_in, auth_require_tls=False, auth_required=False
    )
    server.start()
    yield server
    server.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def link(port: int, password: str = "secret", **settings: Any) -> Link:
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "login": "opora", "answer_seconds": 5}
    return Link(
        provider=1,
        organisation=1,
        slug="mail",
        kind="smtp",
        channel="email",
        settings=complete("smtp", mail | settings),
        secrets={"password": password, "imap_password": "imap"},
        sender="СМО Альфа <info@alfa.example>",
        per_second=1000,
        window=20,
    )


def talk(link: Link, messages: list[Outgoing], receipts: int = 0) -> tuple[list[Answer], list[IncomingReceipt]]:
    told: list[IncomingReceipt] = []

    async def hear(batch: list[IncomingReceipt]) -> None:
        told.extend(batch)

    async def run() -> list[Answer]:
        async with SmtpGateway().session(link, hear) as session:
            answers = await session.send_all(messages)
            async with asyncio.timeout(10):
                while sum(one.state != State.ACCEPTED for one in told) < receipts:
                    await asyncio.sleep(0.01)
            return answers

    return asyncio.run(run()), told


def to(address: str, **fields: Any) -> Outgoing:
    return Outgoing(uuid4(), address, "Приглашаем на диспансеризацию.\nСМО Альфа", subject="Диспансеризация", **fields)


def test_a_letter_with_a_file_arrives_as_plain_business_mail(smtp: Controller) -> None:
    message = to("polina@example.org", attachments=(Attachment("Памятка.pdf", b"%PDF-1.7", "application/pdf"),))
    (answer,), _ = talk(link(smtp.port), [message])
    assert isinstance(answer, Accepted)
    sender, recipients, raw = smtp.handler.taken[-1]
    mail = message_from_bytes(raw, policy=policy.default)
    assert (sender, recipients) == ("info@alfa.example", ["polina@example.org"])
    assert mail["From"].addresses[0].display_name == "СМО Альфа"
    assert mail["Subject"] == "Диспансеризация"
    assert mail["Message-ID"] == f"<{message.reference.hex}@alfa.example>"
    assert mail["List-Unsubscribe"] is None
    assert mail.get_body().get_content().splitlines() == message.text.splitlines()
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Памятка.pdf", b"%PDF-1.7")


def test_each_letter_may_have_its_own_address_of_return(smtp: Controller) -> None:
    message = to("polina@example.org")
    talk(link(smtp.port, verp=True, bounce_address="bounce@alfa.example"), [message])
    assert smtp.handler.taken[-1][0] == f"bounce+{message.reference.hex}@alfa.example"


REFUSALS = [
    ("gone@example.org", ("550", True)),
    ("later@example.org", ("451", False)),
    ("spam@example.org", ("554", True)),
    ("no address", ("address", True)),
    ("a@b@c", ("address", True)),
    ("полина@example.org", ("address", True)),
    ("polina@example.org\r\nBcc: all@example.org", ("address", True)),
]


@pytest.mark.parametrize(("address", "refusal"), REFUSALS)
def test_a_refusal_leaves_the_connection_for_the_next(
    smtp: Controller, address: str, refusal: tuple[str, bool]
) -> None:
    refused, taken = talk(link(smtp.port, connections=1), [to(address), to("polina@example.org")])[0]
    assert isinstance(refused, Refused)
    assert (refused.code, refused.is_permanent) == refusal
    assert isinstance(taken, Accepted)


def test_a_line_broken_before_the_letter_is_made_anew(smtp: Controller) -> None:
    smtp.handler.hang_up_before = 1
    (answer,), _ = talk(link(smtp.port), [to("polina@example.org")])
    assert isinstance(answer, Accepted)


def test_a_line_broken_after_the_letter_is_not_tried_again(smtp: Controller) -> None:
    before = len(smtp.handler.taken)
    message = to("torn@example.org")
    (answer,), _ = talk(link(smtp.port), [message])
    assert answer == Unanswered(message.reference, "lost")
    assert len(smtp.handler.taken) == before + 1


def test_many_letters_over_a_few_connections(smtp: Controller) -> None:
    messages = [to(f"person{number}@example.org") for number in range(60)]
    answers, _ = talk(link(smtp.port, connections=3), messages)
    assert all(isinstance(answer, Accepted) for answer in answers)
    assert len({recipients[0] for _, recipients, _ in smtp.handler.taken if recipients[0].startswith("person")}) == 60


def test_wrong_password_and_nobody_there(smtp: Controller) -> None:
    with pytest.raises(GatewayRejected):
        talk(link(smtp.port, password="wrong"), [])
    with pytest.raises(GatewayUnavailable):
        talk(link(1), [])


def report(action: str, status: str, *, envelope: str = "", message_id: str = "") -> bytes:
    """A report as Postfix writes it."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: bounce@alfa.example
Subject: Undelivered Mail Returned to Sender
Date: Sun, 22 Nov 2026 09:00:00 +0300
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
{f"Original-Envelope-Id: {envelope}" if envelope else "X-Postfix-Queue-ID: 4XYZ"}
Arrival-Date: Sun, 22 Nov 2026 08:59:00 +0300

Final-Recipient: rfc822; polina@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <polina@example.org>: User unknown

--x
Content-Type: message/rfc822

Message-ID: {message_id or "<other@else.example>"}
From: info@alfa.example
Subject: Test

Text

--x--
""".replace("\n", "\r\n").encode()


OWN_ID = f"<{OURS.hex}@alfa.example>"
REPORTS = [
    (report("failed", "5.1.1", message_id=OWN_ID), (State.UNDELIVERABLE, "5.1.1")),
    (report("failed", "5.1.1", envelope=OURS.hex), (State.UNDELIVERABLE, "5.1.1")),
    (report("failed", "4.4.7", message_id=OWN_ID), (State.EXPIRED, "4.4.7")),
    (report("delayed", "4.4.1", message_id=OWN_ID), (State.ENROUTE, "4.4.1")),
    (report("delivered", "2.0.0", message_id=OWN_ID), (State.DELIVERED, "2.0.0")),
    (report("relayed", "2.0.0", envelope=OURS.hex), (State.ENROUTE, "2.0.0")),
    (
        f"Return-Path: <>\r\nFrom: Postmaster <postmaster@old.example>\r\nTo: bounce+{OURS.hex}@alfa.example\r\n"
        "Subject: failure\r\n\r\n#5.2.2 mailbox is full".encode(),
        (State.UNDELIVERABLE, "5.2.2"),
    ),
]
NO_REPORTS = [
    report("failed", "5.1.1"),  # of somebody else's letter
    report("sang", "5.1.1", envelope=OURS.hex),
    f"From: Polina <polina@example.org>\r\nIn-Reply-To: {OWN_ID}\r\nSubject: Re\r\n\r\nПриду".encode(),
    f"From: polina@example.org\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: {OWN_ID}\r\n\r\n"
    "В отпуске".encode(),
    b"",
    bytes(range(256)) * 20,
]


@pytest.mark.parametrize(("raw", "said"), REPORTS)
def test_reports_of_delivery_are_read(raw: bytes, said: tuple[State, str]) -> None:
    receipt = reports.read(raw)
    assert receipt is not None
    assert (receipt.state, receipt.code, receipt.reference) == (*said, OURS)


@pytest.mark.parametrize("raw", NO_REPORTS)
def test_what_is_no_report_is_left_alone(raw: bytes) -> None:
    assert reports.read(raw) is None


class Imap(threading.Thread):
    """A mailbox on loopback: as much of IMAP as reading needs. Letters and what was marked as seen."""

    def __init__(self, letters: list[bytes]) -> None:
        super().__init__(daemon=True)
        self.letters = letters
        self.seen: set[int] = set()
        self.peeked: list[int] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                talk.write(b"* OK ready\r\n")
                talk.flush()
                for asked in talk:
                    tag, _, command = asked.decode().strip().partition(" ")
                    talk.write(self.answer(command) + f"{tag} OK done\r\n".encode())
                    talk.flush()
                    if command.upper().startswith("LOGOUT"):
                        break

    def answer(self, command: str) -> bytes:
        if command.upper().startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if "SEARCH" in command:
            new = [str(number) for number in range(1, len(self.letters) + 1) if number not in self.seen]
            return f"* SEARCH {' '.join(new)}\r\n".encode()
        if found := re.search(r"UID FETCH (\d+)", command):
            number = int(found[1])
            self.peeked.append(number)
            raw = self.letters[number - 1]
            return f"* {number} FETCH (UID {number} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        if found := re.search(r"UID STORE ([\d,]+)", command):
            self.seen |= {int(number) for number in found[1].split(",")}
        return b""

    def close(self) -> None:
        self._socket.close()


def test_returns_are_read_from_the_mailbox_once(smtp: Controller) -> None:
    imap = Imap(
        [report("failed", "5.1.1", message_id=OWN_ID), NO_REPORTS[2], report("delayed", "4.4.1", envelope=OURS.hex)]
    )
    imap.start()
    box = {"imap_host": "127.0.0.1", "imap_port": imap.port, "imap_tls": False, "imap_login": "b", "poll_seconds": 0.05}

    async def longer() -> list[IncomingReceipt]:
        told: list[IncomingReceipt] = []

        async def hear(batch: list[IncomingReceipt]) -> None:
            told.extend(batch)

        async with SmtpGateway().session(link(smtp.port, **box), hear):
            async with asyncio.timeout(10):
                while len(imap.seen) < 2:
                    await asyncio.sleep(0.02)
            await asyncio.sleep(0.3)  # several more looks
        return told

    told = asyncio.run(longer())
    imap.close()
    assert [(one.state, one.reference) for one in told] == [(State.UNDELIVERABLE, OURS), (State.ENROUTE, OURS)]
    assert imap.seen == {1, 3}
    assert imap.peeked == [1, 2, 3]  # the letter of a person is left, unseen


def test_letters_no_mailbox_understands_do_not_end_the_look_for_returns(
    smtp: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap, looks = Imap([]), list[str]()
    imap.start()
    look = SmtpSession._look
    monkeypatch.setattr(SmtpSession, "_look", lambda session: (looks.append("look"), look(session)))
    box = {"imap_host": "127.0.0.1", "imap_port": imap.port, "imap_tls": False, "imap_login": "ящик"}

    async def looked_twice() -> None:
        async def hear(batch: list[IncomingReceipt]) -> None: ...

        async with SmtpGateway().session(link(smtp.port, **box, poll_seconds=0.02), hear):
            async with asyncio.timeout(10):
                while len(looks) < 2:
                    await asyncio.sleep(0.02)

    asyncio.run(looked_twice())
    imap.close()


@pytest.mark.parametrize("wrong", [{"host": "mail..ru"}, {"login": "почта"}], ids=["host", "login"])
def test_letters_no_server_understands_are_told(smtp: Controller, wrong: dict[str, str]) -> None:
    async def opened() -> None:
        async def hear(batch: list[IncomingReceipt]) -> None: ...

        async with SmtpGateway().session(link(smtp.port, **wrong), hear):
            pass

    with pytest.raises(GatewayUnexpected, match="буквы"):
        asyncio.run(opened())


class Stranger(threading.Thread):
    """Whoever stands in the way: speaks IMAP behind a certificate that nobody has signed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        write_certificate(folder / "own.pem")
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "own.pem")
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.heard: list[bytes] = []

    def run(self) -> None:
        plain, _ = self._socket.accept()
        with plain, suppress(OSError), self._context.wrap_socket(plain, server_side=True) as talk:
            talk.sendall(b"* OK welcome\r\n")
            self.heard.append(talk.recv(1000))


def test_the_password_of_the_mailbox_is_not_given_to_a_server_nobody_knows(tmp_path: Path) -> None:
    stranger = Stranger(tmp_path)
    stranger.start()
    box = {"imap_host": "127.0.0.1", "imap_port": stranger.port, "imap_tls": True, "imap_login": "b"}
    with pytest.raises(ssl.SSLCertVerificationError), Mailbox(link(1, **box)).opened():
        pass
    stranger.join(5)
    assert stranger.heard == []
