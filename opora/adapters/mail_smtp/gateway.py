"""The session over SMTP: a few connections, each in a thread of its own, and a look into the mailbox of returns.

Before DATA a broken connection means the letter was not taken, and another is tried; after it — that nobody knows.
"""

import asyncio
import imaplib
import queue
import smtplib
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import structlog

from opora.adapters.mail_smtp import reports
from opora.adapters.mail_smtp.letter import BadAddress, letter, recipient, returns_to
from opora.adapters.mail_smtp.mailbox import Mailbox
from opora.channels import reach
from opora.channels.errors import GatewayInner, GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.channels.inbox import Inbox
from opora.channels.ports import (
    Accepted,
    Answer,
    Figures,
    IncomingReceipt,
    Link,
    OnReceipts,
    Outgoing,
    Refused,
    Session,
    Unanswered,
)
from opora.channels.turns import Turns
from opora.channels.words import State

GONE = (smtplib.SMTPServerDisconnected, OSError)
LETTERS = "В адресе сервера, логине или пароле есть буквы, которых почта не понимает. Проверьте настройки провайдера."

log = structlog.get_logger(__name__)


class SmtpGateway:
    """See ``opora.channels.ports.Gateway``."""

    @asynccontextmanager
    async def session(self, link: Link, on_receipts: OnReceipts) -> AsyncIterator[Session]:
        session = SmtpSession(link, on_receipts)
        await session.open()
        try:
            yield session
        finally:
            await session.close()

    def brought(self, link: Link, body: str) -> list[IncomingReceipt]:
        raise GatewayUnexpected


class SmtpSession:
    """See ``opora.channels.ports.Session``."""

    def __init__(self, link: Link, on_receipts: OnReceipts) -> None:
        self._loop = asyncio.get_running_loop()
        clock = self._loop.time
        count = int(link.settings["connections"])
        self._link = link
        self._clock = clock
        self._turns = Turns(window=min(link.window, count), per_second=link.per_second, clock=clock)
        self._inbox = Inbox(on_receipts, clock=clock)
        self._threads = ThreadPoolExecutor(count + 1)
        self._idle: queue.LifoQueue[smtplib.SMTP] = queue.LifoQueue()
        self._mailbox = Mailbox(link)
        self._figures = Figures()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Connect once, so that a wrong password is known at once."""
        self._idle.put(await self._in_thread(self._connect))
        self._tasks = [asyncio.create_task(self._inbox.hand_over())]
        if self._link.settings["imap_host"]:
            self._tasks.append(asyncio.create_task(self._look_for_ever()))

    async def close(self) -> None:
        handing, *looking = self._tasks
        for task in looking:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._inbox.close()
        await handing
        await self._in_thread(self._hang_up)
        self._threads.shutdown()

    async def send(self, message: Outgoing) -> Answer:
        await self._turns.take()
        began = self._clock()
        try:
            answer = await self._in_thread(self._give, message)
        finally:
            self._turns.give_back()
        self._count(answer, self._clock() - began)
        return answer

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Answer]:
        return await asyncio.gather(*[self.send(message) for message in messages])

    def take_figures(self) -> Figures:
        figures, self._figures = self._figures, Figures()
        return figures

    def _count(self, answer: Answer, seconds: float) -> None:
        figures = self._figures
        if isinstance(answer, Accepted):
            figures.accepted += 1
            self._inbox.learn(
                IncomingReceipt(State.ACCEPTED, datetime.now(UTC), answer.message_id, reference=answer.reference)
            )
        elif isinstance(answer, Unanswered):
            figures.unanswered += 1
        elif answer.code == "unavailable":
            figures.unavailable += 1
        else:
            figures.refused += not answer.is_permanent
        figures.answered += 1
        figures.seconds += seconds

    def _give(self, message: Outgoing) -> Answer:
        """Give a letter away over a connection that is free; runs in a thread."""
        try:
            written = letter(message, self._link)
            octets = written.as_bytes()
        except BadAddress:
            return Refused(message.reference, "address", is_permanent=True, words="адрес записан неверно")
        for _ in range(2):
            try:
                server = self._idle.get_nowait()
            except queue.Empty:
                try:
                    server = self._connect()
                except (GatewayUnavailable, GatewayRejected, GatewayUnexpected):
                    return Refused(message.reference, "unavailable", is_permanent=False)
            answer = self._over(server, message, octets, str(written["Message-ID"]))
            if answer is not None:
                return answer
        return Refused(message.reference, "unavailable", is_permanent=False)

    def _over(self, server: smtplib.SMTP, message: Outgoing, octets: bytes, message_id: str) -> Answer | None:
        """Give a letter away over this connection; None when it broke before the letter was taken."""
        reference = message.reference
        try:
            answer = self._envelope(server, message)
        except GONE:
            _drop(server)
            return None
        if answer is None:
            try:
                code, words = server.data(octets)
            except smtplib.SMTPDataError as refused:
                code, words = refused.smtp_code, b""
            except GONE:
                _drop(server)
                return Unanswered(reference, "lost")
            if code == 250:
                self._idle.put(server)
                return Accepted(reference, (message_id.strip("<>")[:100],))
            answer = _refused(message, code, words)
        try:
            server.rset()
            self._idle.put(server)
        except GONE:
            _drop(server)
        return answer

    def _envelope(self, server: smtplib.SMTP, message: Outgoing) -> Refused | None:
        wishes, of_recipient = [], []
        if server.has_extn("dsn"):
            wishes = ["RET=HDRS", f"ENVID={message.reference.hex}"]
            of_recipient = ["NOTIFY=SUCCESS,FAILURE,DELAY"]
        code, words = server.mail(returns_to(message.reference, self._link), wishes)
        if code == 250:
            code, words = server.rcpt(recipient(message.to), of_recipient)
        return None if code in {250, 251} else _refused(message, code, words)

    def _connect(self) -> smtplib.SMTP:
        """Raises GatewayUnavailable, GatewayRejected, GatewayUnexpected."""
        settings = self._link.settings
        seconds = float(settings["answer_seconds"])
        context = ssl.create_default_context()
        reach.check_host(settings["host"])
        try:
            if settings["security"] == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings["host"], int(settings["port"]), timeout=seconds, context=context
                )
            else:
                server = smtplib.SMTP(settings["host"], int(settings["port"]), timeout=seconds)
            reach.check_peer(server.sock)
            if settings["security"] == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            if settings["login"]:
                server.login(settings["login"], self._link.secrets.get("password", ""))
        except smtplib.SMTPAuthenticationError as fault:
            raise GatewayRejected from fault
        except (ssl.SSLError, smtplib.SMTPNotSupportedError) as fault:
            raise GatewayUnexpected from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise GatewayUnavailable from fault
        except UnicodeError:  # the fault itself may hold the password
            raise GatewayUnexpected(LETTERS) from None
        return server

    def _hang_up(self) -> None:
        while not self._idle.empty():
            with suppress(smtplib.SMTPException, OSError):
                self._idle.get_nowait().quit()

    async def _look_for_ever(self) -> None:
        while True:
            try:
                await self._in_thread(self._look)
            except (OSError, imaplib.IMAP4.error, UnicodeError, GatewayInner) as fault:
                log.warning("channels.mailbox_unread", provider=self._link.provider, fault=type(fault).__name__)
            await asyncio.sleep(float(self._link.settings["poll_seconds"]))

    def _look(self) -> None:
        """Read new reports and wait until they are stored before they are marked; runs in a thread."""
        with self._mailbox.opened() as folder:
            stored: list[bytes] = []
            waiting = []
            for number, raw in folder.letters():
                receipt = reports.read(raw)
                if receipt is None:
                    folder.leave(number)
                    continue
                done: queue.SimpleQueue[bool] = queue.SimpleQueue()
                waiting.append((number, done))
                self._loop.call_soon_threadsafe(self._take, receipt, done)
            for number, done in waiting:
                with suppress(queue.Empty):
                    if done.get(timeout=30):
                        stored.append(number)
            folder.mark(stored)

    def _take(self, receipt: IncomingReceipt, done: "queue.SimpleQueue[bool]") -> None:
        self._inbox.take(receipt, done.put, answers_due=False)

    async def _in_thread[*A, T](self, act: Callable[[*A], T], *args: *A) -> T:
        return await self._loop.run_in_executor(self._threads, act, *args)


def _refused(message: Outgoing, code: int, words: bytes) -> Refused:
    """4xx is of the moment, 5xx of the letter — but 530 and 535, which are of our password."""
    is_permanent = code >= 500 and code not in {530, 535}
    return Refused(
        message.reference, f"{code}", is_permanent=is_permanent, words=words.decode("utf-8", "replace")[:200]
    )


def _drop(server: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        server.close()
