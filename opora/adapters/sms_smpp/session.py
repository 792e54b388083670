"""A session with a centre of SMS: the line is made anew when it breaks, and no message is ever given away twice.

What was written to a line that broke, or was not answered in time, may have been taken: it is *unanswered*, and it is
the receipt that will tell. Only what the centre itself refused for the moment is offered again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from opora.adapters.sms_smpp import incoming, wire
from opora.adapters.sms_smpp.line import Line, open_line
from opora.adapters.sms_smpp.outgoing import pdus
from opora.channels.errors import GatewayUnavailable
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
    Unanswered,
)
from opora.channels.turns import Turns
from opora.channels.words import State
from opora.shared.errors import DomainError

FIRST_WAIT, LONGEST_WAIT = 0.2, 15.0
MOST_LATE = 50_000
MOST_TRIES = 20  # of a message the centre finds too many for the moment
LOST, TIMEOUT, UNAVAILABLE = "lost", "timeout", "unavailable"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Part:
    """One submit_sm on its way. ``said`` becomes the id, the status it was refused with, or why nobody answered."""

    pdu: bytes
    reference: UUID
    said: "asyncio.Future[Said]"
    written_at: float = 0.0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a part: exactly one of the three is set."""

    message_id: str = ""
    status: int = 0
    silence: str = ""


def judged(reference: UUID, parts: Sequence[Said]) -> Answer:
    """Fold the answers to the parts of one message.

    What was accepted in part is neither sent again nor arrives whole: a refusal for good.
    """
    refused = next((said.status for said in parts if said.status in wire.PERMANENT), 0)
    if refused:
        return Refused(reference, f"{refused}", is_permanent=True)
    if all(said.message_id for said in parts):
        return Accepted(reference, tuple(said.message_id for said in parts))
    if silence := next((said.silence for said in parts if said.silence in {LOST, TIMEOUT}), ""):
        return Unanswered(reference, silence)
    code = next((f"{said.status}" if said.status else said.silence for said in parts if not said.message_id), "")
    is_torn = any(said.message_id for said in parts)
    return Refused(reference, code, is_permanent=is_torn, words="принята только часть" if is_torn else "")


class SmppSession:
    """See ``opora.channels.ports.Session``."""

    def __init__(self, link: Link, on_receipts: OnReceipts) -> None:
        loop = asyncio.get_running_loop()
        self._link = link
        self._clock = loop.time
        self._turns = Turns(window=link.window, per_second=link.per_second, clock=loop.time)
        self._inbox = Inbox(on_receipts, clock=loop.time)
        self._line: Line | None = None
        self._up = asyncio.Event()
        self._down_since = loop.time()
        self._due: OrderedDict[int, Part] = OrderedDict()
        self._late: OrderedDict[int, UUID] = OrderedDict()
        self._figures = Figures()
        self._answer_seconds = float(link.settings["answer_seconds"])
        self._tasks: list[asyncio.Task[None]] = []
        self._resting: dict[asyncio.Task[None], Part] = {}
        self._is_over = False

    async def open(self) -> None:
        """Bind for the first time. Raises GatewayUnavailable, GatewayRejected, GatewayUnexpected."""
        try:
            await self._connect()
        except DomainError:
            self._figures.unavailable += 1
            raise
        self._tasks = [asyncio.create_task(self._look_after()), asyncio.create_task(self._inbox.hand_over())]

    async def close(self) -> None:
        """Wait for answers that are due, store the receipts that came, take leave."""
        until = self._clock() + self._answer_seconds
        while (self._due or self._resting) and self._up.is_set() and self._clock() < until:
            await asyncio.sleep(0.01)
        self._is_over = True
        for task, part in list(self._resting.items()):
            task.cancel()
            part.said.set_result(Said(status=wire.THROTTLED))
        self._give_up_all()
        self._inbox.release(all_of_them=True)
        looking, handing = self._tasks
        looking.cancel()
        self._inbox.close()
        await handing
        if self._line is not None:
            await self._line.unbind()
        with suppress(asyncio.CancelledError):
            await looking

    async def send(self, message: Outgoing) -> Answer:
        """Give one message away; see the port."""
        return judged(message.reference, [await said for said in await self._write(message)])

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Answer]:
        """Give many away; see the port."""
        written = [(message, await self._write(message)) for message in messages]
        return [judged(message.reference, [await said for said in parts]) for message, parts in written]

    def take_figures(self) -> Figures:
        figures, self._figures = self._figures, Figures()
        return figures

    async def _write(self, message: Outgoing) -> "list[asyncio.Future[Said]]":
        loop = asyncio.get_running_loop()
        said = []
        for pdu in pdus(message, self._link):
            part = Part(pdu, message.reference, loop.create_future())
            await self._turns.take()
            await self._put_on_line(part)
            said.append(part.said)
        return said

    async def _put_on_line(self, part: Part) -> None:
        """Write a part that has its turn; without a line for too long it is refused, not lost.

        The time is that of the line, not of the part: a batch does not outlive its claim, each part waiting in turn.
        """
        if not self._up.is_set():
            try:
                async with asyncio.timeout(self._down_since + self._answer_seconds - self._clock()):
                    await self._up.wait()
            except TimeoutError:
                self._figures.unavailable += 1
                self._turns.give_back()
                part.said.set_result(Said(silence=UNAVAILABLE))
                return
        line = self._line
        assert line is not None  # noqa: S101 - ``_up`` says so
        number = line.next_number()
        part.written_at = self._clock()
        self._due[number] = part
        line.write(wire.with_number(part.pdu, number))

    def _came(self, line: Line, pdu: bytes, command: int, status: int, number: int) -> None:
        if command == wire.SUBMIT_SM | wire.RESPONSE or command == wire.GENERIC_NACK:
            self._answered(pdu, status, number)
        elif command == wire.DELIVER_SM:
            self._told(line, pdu, number)
        elif not command & wire.RESPONSE:
            line.write(wire.message(wire.GENERIC_NACK, wire.INVALID_COMMAND, number))

    def _answered(self, pdu: bytes, status: int, number: int) -> None:
        part = self._due.pop(number, None)
        if part is None:
            self._answered_late(pdu, status, number)
            return
        self._figures.answered += 1
        self._figures.seconds += self._clock() - part.written_at
        if status in wire.BUSY and part.tries < MOST_TRIES and not self._is_over:
            self._offer_again(part)
            return
        self._turns.give_back()
        if status == wire.OK:
            self._figures.accepted += 1
            self._turns.went_well()
            message_id = self._id_of(pdu)
            part.said.set_result(Said(message_id=message_id))
            self._inbox.learn(self._own(State.ACCEPTED, message_id, part.reference))
        else:
            self._figures.refused += status not in wire.PERMANENT
            part.said.set_result(Said(status=status))

    def _answered_late(self, pdu: bytes, status: int, number: int) -> None:
        reference = self._late.pop(number, None)
        if reference is None:
            return
        if status == wire.OK:
            self._inbox.learn(self._own(State.ACCEPTED, self._id_of(pdu), reference))
        else:
            self._inbox.learn(self._own(State.REJECTED, "", reference, code=f"{status}"))

    def _id_of(self, pdu: bytes) -> str:
        """Return the id; a centre that accepts without one gets a word, for an empty id would look like a refusal."""
        return incoming.answered_id(wire.first_text(pdu), self._link)[:100] or "none"

    def _own(self, state: State, message_id: str, reference: UUID, code: str = "") -> IncomingReceipt:
        return IncomingReceipt(state, datetime.now(UTC), message_id, reference=reference, code=code)

    def _offer_again(self, part: Part) -> None:
        """Offer after a rest what the centre refused as too much; the part keeps its place in the window."""
        part.tries += 1
        rest = self._turns.slow_down()

        async def later() -> None:
            await asyncio.sleep(rest * (1 + part.tries % 4 / 4))
            await self._put_on_line(part)

        task = asyncio.create_task(later())
        self._resting[task] = part
        task.add_done_callback(self._resting.pop)

    def _told(self, line: Line, pdu: bytes, number: int) -> None:
        try:
            read = wire.decode(pdu)
            receipt = incoming.receipt(read, self._link, datetime.now(UTC))  # type: ignore[arg-type]
        except (wire.SmppError, AttributeError):
            line.write(wire.message(wire.DELIVER_SM | wire.RESPONSE, wire.SYSTEM_ERROR, number, b"\0"))
            return

        def confirm(is_stored: bool) -> None:
            status = wire.OK if is_stored else wire.TRY_LATER
            line.write(wire.message(wire.DELIVER_SM | wire.RESPONSE, status, number, b"\0"))

        if receipt is None or self._inbox.is_full:
            confirm(receipt is None)  # a person's own SMS is taken and left to the operator's cabinet
        else:
            self._inbox.take(receipt, confirm, answers_due=bool(self._due))

    def _ended(self, line: Line) -> None:
        if line is self._line:
            self._line = None
            self._up.clear()
            self._down_since = self._clock()
            self._give_up_all()

    def _give_up_all(self) -> None:
        for part in self._due.values():
            self._give_up(part, LOST)
        self._due.clear()
        self._late.clear()  # numbers begin anew with the next line

    def _give_up(self, part: Part, why: str) -> None:
        self._figures.unanswered += 1
        self._turns.give_back()
        if not part.said.done():
            part.said.set_result(Said(silence=why))

    async def _connect(self) -> None:
        self._line = await open_line(self._link, self._came, self._ended)
        if not self._line.is_up:
            self._line = None
            raise GatewayUnavailable
        self._up.set()

    async def _look_after(self) -> None:
        """Keep the line alive, make it anew, and give up what is not answered in time."""
        every = float(self._link.settings["enquire_seconds"])
        step = min(0.25, self._answer_seconds / 4, every / 4)
        wait = FIRST_WAIT
        while not self._is_over:
            if self._line is None:
                try:
                    await self._connect()
                    wait = FIRST_WAIT
                    log.info("channels.line_up", provider=self._link.provider)
                except DomainError as fault:
                    self._figures.unavailable += 1
                    log.warning("channels.line_down", provider=self._link.provider, fault=fault.code)
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, LONGEST_WAIT)
                continue
            await asyncio.sleep(step)
            self._give_up_late()
            self._inbox.release()
            if self._line is not None:
                self._line.look_alive(self._clock(), every)

    def _give_up_late(self) -> None:
        before = self._clock() - self._answer_seconds
        while self._due:
            number, part = next(iter(self._due.items()))
            if part.written_at > before:
                break
            del self._due[number]
            self._late[number] = part.reference
            if len(self._late) > MOST_LATE:
                self._late.popitem(last=False)
            self._give_up(part, TIMEOUT)
