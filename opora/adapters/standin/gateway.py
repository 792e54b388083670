"""The session of the stand-in: rows of ``channels.Given`` instead of a network."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connections

from opora.access.scope import Scope, enter
from opora.audit.services import uuid7
from opora.channels.errors import GatewayUnavailable, GatewayUnexpected
from opora.channels.inbox import Inbox
from opora.channels.models import Given
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
)
from opora.channels.turns import Turns
from opora.channels.words import State

NOBODY = "нет"  # an address that is refused for good, as an account that does not exist
STILL_TOLD = timedelta(days=1)
TICK = 0.05


class StandinGateway:
    """See ``opora.channels.ports.Gateway``."""

    @asynccontextmanager
    async def session(self, link: Link, on_receipts: OnReceipts) -> AsyncIterator[Session]:
        if link.settings["is_down"]:
            raise GatewayUnavailable("Заглушка настроена отвечать, что недоступна.")
        session = StandinSession(link, on_receipts)
        await session.open()
        try:
            yield session
        finally:
            await session.close()

    def brought(self, link: Link, body: str) -> list[IncomingReceipt]:
        raise GatewayUnexpected


class StandinSession:
    """See ``opora.channels.ports.Session``. Rows are written in a thread of its own, which keeps one connection."""

    def __init__(self, link: Link, on_receipts: OnReceipts) -> None:
        clock = asyncio.get_running_loop().time
        self._link = link
        self._clock = clock
        self._turns = Turns(window=link.window, per_second=link.per_second, clock=clock)
        self._inbox = Inbox(on_receipts, clock=clock)
        self._thread = ThreadPoolExecutor(1)
        self._figures = Figures()
        self._due: list[tuple[float, UUID, UUID]] = []  # moment, row, reference
        self._count = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        now = self._clock()
        self._due = [(now, row, reference) for row, reference in await self._in_thread(self._unanswered)]
        self._tasks = [asyncio.create_task(self._answer_for_ever()), asyncio.create_task(self._inbox.hand_over())]

    async def close(self) -> None:
        answering, handing = self._tasks
        answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering
        self._inbox.close()
        await handing
        await self._in_thread(_hang_up)
        self._thread.shutdown()

    async def send(self, message: Outgoing) -> Answer:
        (answer,) = await self.send_all([message])
        return answer

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Answer]:
        began = self._clock()
        for _ in messages:
            await self._turns.take()
            self._turns.give_back()
        rows = [self._row(message) for message in messages if message.to != NOBODY]
        await self._in_thread(lambda: self._keep(rows))
        kept = {row.reference: row for row in rows}
        answers: list[Answer] = []
        for message in messages:
            row = kept.get(message.reference)
            answers.append(self._accepted(row) if row else Refused(message.reference, "nobody", is_permanent=True))
        self._figures.answered += len(messages)
        self._figures.seconds += (self._clock() - began) * len(messages)
        return answers

    def take_figures(self) -> Figures:
        figures, self._figures = self._figures, Figures()
        return figures

    def _accepted(self, row: Given) -> Accepted:
        self._figures.accepted += 1
        self._inbox.learn(IncomingReceipt(State.ACCEPTED, row.at, row.id.hex, reference=row.reference))
        self._due.append((self._clock() + self._link.settings["receipt_seconds"], row.id, row.reference))
        return Accepted(row.reference, (row.id.hex,))

    def _row(self, message: Outgoing) -> Given:
        return Given(
            id=uuid7(),
            at=datetime.now(UTC),
            provider_id=self._link.provider,
            organisation_id=self._link.organisation,
            reference=message.reference,
            to=message.to,
            subject=message.subject[:300],
            text=message.text,
            state=State.ACCEPTED,
        )

    async def _answer_for_ever(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            now = self._clock()
            ripe = [one for one in self._due if one[0] <= now]
            if ripe:
                self._due = [one for one in self._due if one[0] > now]
                await self._answer(ripe)

    async def _answer(self, ripe: list[tuple[float, UUID, UUID]]) -> None:
        every = int(self._link.settings["fail_every"])
        fine = State.READ if self._link.settings["reads"] else State.DELIVERED
        said: dict[UUID, State] = {}
        for _, row, reference in ripe:
            self._count += 1
            state = State.UNDELIVERABLE if every and self._count % every == 0 else fine
            said[row] = state
            told = IncomingReceipt(state, datetime.now(UTC), row.hex, reference=reference)
            self._inbox.take(told, _none, answers_due=False)
        await self._in_thread(lambda: self._mark(said))

    def _keep(self, rows: list[Given]) -> None:
        with enter(Scope.system("the stand-in keeps what it was given")):
            Given.objects.bulk_create(rows)

    def _mark(self, said: dict[UUID, State]) -> None:
        with enter(Scope.system("the stand-in marks what it answered")):
            for state in set(said.values()):
                Given.objects.filter(pk__in=[row for row in said if said[row] == state]).update(state=state)

    def _unanswered(self) -> list[tuple[UUID, UUID]]:
        with enter(Scope.system("the stand-in answers what was left")):
            left = Given.objects.filter(
                provider=self._link.provider, state=State.ACCEPTED, at__gt=datetime.now(UTC) - STILL_TOLD
            )
            return list(left.values_list("pk", "reference"))

    async def _in_thread[T](self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)


def _hang_up() -> None:
    connections.close_all()


def _none(is_stored: bool) -> None:
    pass
