"""The session over HTTP: one request a message, as many at once as the window lets, receipts by asking.

What a provider may have taken is never sent again: a time-out after the request left, a broken line, and 5xx other than
503 are *unanswered*. 429 and 503 say «not now» and are refused for the moment.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from uuid import UUID

import httpx
import structlog
from django.db import connections

from opora.access.scope import Scope, enter
from opora.adapters.sms_http import profile
from opora.channels import reach, receipts
from opora.channels.errors import GatewayInner, GatewayUnexpected
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
from opora.channels.states import FINAL
from opora.channels.turns import Turns
from opora.channels.words import State

NOT_NOW = {408, 425, 429, 503}
OUR_FAULT = {401, 403, 404, 405, 407}  # of the profile, not of the message: mend it and send again
ASKED_AT_ONCE = 20

log = structlog.get_logger(__name__)


class HttpGateway:
    """See ``opora.channels.ports.Gateway``."""

    @asynccontextmanager
    async def session(self, link: Link, on_receipts: OnReceipts) -> AsyncIterator[Session]:
        try:
            host = httpx.URL(link.settings["url"].replace("{", "").replace("}", "")).host
        except httpx.InvalidURL:
            host = ""
        if not host:
            raise GatewayUnexpected("Адрес отправки записан неверно.")
        await asyncio.to_thread(reach.check_host, host)
        limits = httpx.Limits(max_connections=link.window, max_keepalive_connections=link.window)
        seconds = float(link.settings["answer_seconds"])
        hooks = {"request": [reach.watch_async]}
        async with httpx.AsyncClient(timeout=seconds, limits=limits, trust_env=False, event_hooks=hooks) as client:
            session = HttpSession(link, on_receipts, client)
            await session.open()
            try:
                yield session
            finally:
                await session.close()

    def brought(self, link: Link, body: str) -> list[IncomingReceipt]:
        return profile.receipts(body, link)


class HttpSession:
    """See ``opora.channels.ports.Session``."""

    def __init__(self, link: Link, on_receipts: OnReceipts, client: httpx.AsyncClient) -> None:
        clock = asyncio.get_running_loop().time
        self._link = link
        self._clock = clock
        self._client = client
        self._turns = Turns(window=link.window, per_second=link.per_second, clock=clock)
        self._inbox = Inbox(on_receipts, clock=clock)
        self._figures = Figures()
        self._awaited: dict[str, UUID | None] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        self._tasks = [asyncio.create_task(self._inbox.hand_over())]
        if self._link.settings["status_url"]:
            self._awaited = dict.fromkeys(await asyncio.to_thread(_awaited, self._link))
            self._tasks.append(asyncio.create_task(self._ask_for_ever()))

    async def close(self) -> None:
        handing, *asking = self._tasks
        for task in asking:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._inbox.close()
        await handing

    async def send(self, message: Outgoing) -> Answer:
        await self._turns.take()
        try:
            return await self._send(message)
        finally:
            self._turns.give_back()

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Answer]:
        return await asyncio.gather(*[self.send(message) for message in messages])

    def take_figures(self) -> Figures:
        figures, self._figures = self._figures, Figures()
        return figures

    async def _send(self, message: Outgoing) -> Answer:
        reference, began = message.reference, self._clock()
        try:
            response = await self._ask(profile.request(message, self._link))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            self._figures.unavailable += 1
            return Refused(reference, "unavailable", is_permanent=False, words="нет связи с провайдером")
        except GatewayInner as fault:
            self._figures.unavailable += 1
            return Refused(reference, "unavailable", is_permanent=False, words=fault.sentence)
        except httpx.TimeoutException:
            self._figures.unanswered += 1
            return Unanswered(reference, "timeout")
        except (httpx.TransportError, httpx.DecodingError):
            self._figures.unanswered += 1
            return Unanswered(reference, "lost")
        self._figures.answered += 1
        self._figures.seconds += self._clock() - began
        answer = self._judged(reference, response)
        self._count(answer)
        return answer

    def _judged(self, reference: UUID, response: httpx.Response) -> Answer:
        status = response.status_code
        if status in NOT_NOW:
            self._turns.slow_down()
            return Refused(reference, f"http{status}", is_permanent=False)
        if status >= 500:
            return Unanswered(reference, f"http{status}")
        if not 200 <= status < 300:
            is_permanent = 400 <= status < 500 and status not in OUR_FAULT
            return Refused(reference, f"http{status}", is_permanent=is_permanent)
        try:
            message_id, code = profile.answer(response.text, self._link)
        except GatewayUnexpected:
            return Unanswered(reference, "unexpected")
        if code:
            return Refused(reference, code[:32], is_permanent=profile.is_permanent(code, self._link))
        self._turns.went_well()
        self._inbox.learn(IncomingReceipt(State.ACCEPTED, datetime.now(UTC), message_id, reference=reference))
        if self._link.settings["status_url"]:
            self._awaited[message_id] = reference
        return Accepted(reference, (message_id,))

    def _count(self, answer: Answer) -> None:
        self._figures.accepted += isinstance(answer, Accepted)
        self._figures.unanswered += isinstance(answer, Unanswered)
        self._figures.refused += isinstance(answer, Refused) and not answer.is_permanent

    async def _ask(self, request: profile.Request) -> httpx.Response:
        return await self._client.request(
            request.method, request.url, headers=request.headers, content=request.body or None
        )

    async def _ask_for_ever(self) -> None:
        while True:
            await asyncio.sleep(float(self._link.settings["poll_seconds"]))
            ids = list(self._awaited)
            for place in range(0, len(ids), ASKED_AT_ONCE):
                await asyncio.gather(*[self._ask_after(one) for one in ids[place : place + ASKED_AT_ONCE]])

    async def _ask_after(self, message_id: str) -> None:
        try:
            response = await self._ask(profile.question(message_id, self._link))
            told = profile.receipts(response.text, self._link) if response.is_success else []
        except (httpx.HTTPError, GatewayInner, GatewayUnexpected) as fault:
            log.warning("channels.status_unread", provider=self._link.provider, fault=type(fault).__name__)
            return
        for one in told:
            if one.message_id == message_id and one.state in FINAL and one.state != State.UNKNOWN:
                self._awaited.pop(message_id, None)
                self._inbox.take(one, _nobody, answers_due=False)


def _awaited(link: Link) -> list[str]:
    try:
        with enter(Scope.system("a session asks what became of what others sent")):
            return receipts.awaiting(link)
    finally:
        connections.close_all()


def _nobody(is_stored: bool) -> None:
    pass
