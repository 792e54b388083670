"""The centre itself: takes messages, writes them down, answers, and says what became of them."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opora.adapters.sms_smpp import wire
from opora.adapters.smsc.account import Account, keep_speaking
from opora.adapters.smsc.behaviours import DELIVERED, WORDS, Behaviour, of
from opora.adapters.smsc.journal import Journal, Taken

UNKNOWN_ID = "0000000000"
NETWORK_GSM = b"\x03"
BINDS = {wire.BIND_TRANSCEIVER, wire.BIND_RECEIVER, wire.BIND_TRANSMITTER}


@dataclass(frozen=True, slots=True)
class Manner:
    """How the centre behaves altogether. ``per_second`` 0 — no limit; ``reference_tlv`` — a field to be echoed."""

    system_id: str = "opora"
    password: str = "opora"  # noqa: S105 - a centre on loopback for checks
    receipt_seconds: float = 0.1
    answer_seconds: float = 0.0
    per_second: int = 0
    is_plain: bool = False
    reference_tlv: int = 0
    journal: Path | None = None
    readable: Path | None = None
    first_id: int = field(default_factory=lambda: int(datetime.now(UTC).timestamp()) * 1_000_000)


class Centre:
    """State shared by all lines."""

    def __init__(self, manner: Manner, clock: Callable[[], float]) -> None:
        self.manner = manner
        self.clock = clock
        self.journal = Journal(manner.journal, manner.readable)
        self.accounts: dict[str, Account] = {}
        self.refused: Counter[str] = Counter()
        self.last_id = manner.first_id
        self._tokens = 0.0
        self._tokens_at = clock()

    def account(self, system_id: str) -> Account:
        return self.accounts.setdefault(system_id, Account(self.clock))

    def has_room(self) -> bool:
        """Whether the rate of this second allows one more."""
        if not (rate := self.manner.per_second):
            return True
        now = self.clock()
        self._tokens = min(rate * 0.1 + 1, self._tokens + (now - self._tokens_at) * rate)
        self._tokens_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Connection(asyncio.Protocol):
    """One line of a client."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._frames = wire.Frames()
        self._answers: list[bytes] = []
        self._sequence = 0
        self._login = ""
        self._account: Account | None = None
        self._transport: asyncio.Transport | None = None
        self.unconfirmed: OrderedDict[int, bytes] = OrderedDict()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, fault: Exception | None) -> None:
        if self._account is not None:
            self._account.leave(self)

    def data_received(self, data: bytes) -> None:
        try:
            for pdu in self._frames.feed(data):
                self._take(pdu, *wire.head(pdu))
        except wire.Torn:
            self._hang_up()
        self._centre.journal.flush()  # first the journal, then the answers
        answers, self._answers = self._answers, []
        if answers:
            self.write(b"".join(answers))

    def next_number(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence

    def write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _take(self, pdu: bytes, command: int, status: int, number: int) -> None:
        if command == wire.SUBMIT_SM and self._account is not None:
            self._submitted(pdu, number, self._account)
        elif command == wire.DELIVER_SM | wire.RESPONSE and self._account is not None:
            self._account.confirmed(self, number, status)
        elif command in BINDS:
            self._bind(pdu, command, number)
        elif command in {wire.ENQUIRE_LINK, wire.UNBIND}:
            self._answers.append(wire.message(command | wire.RESPONSE, wire.OK, number))
            if command == wire.UNBIND and self._account is not None:
                self._account.leave(self)
                self._account = None
        elif not command & wire.RESPONSE:
            self._answers.append(wire.message(wire.GENERIC_NACK, wire.INVALID_COMMAND, number))

    def _bind(self, pdu: bytes, command: int, number: int) -> None:
        manner = self._centre.manner
        login, password = wire.texts(pdu, 2)
        status = wire.OK if (login, password) == (manner.system_id, manner.password) else wire.WRONG_PASSWORD
        self._answers.append(wire.message(command | wire.RESPONSE, status, number, wire.text("opora-smsc")))
        if status == wire.OK:
            self._login, self._account = login, self._centre.account(login)
            if command != wire.BIND_TRANSMITTER:
                self._account.join(self)

    def _submitted(self, pdu: bytes, number: int, account: Account) -> None:
        try:
            read: Any = wire.decode(pdu)
        except wire.SmppError:
            self._refuse(number, wire.SYSTEM_ERROR)
            return
        centre, to = self._centre, read.destination_addr
        behaviour = of(to, plain=centre.manner.is_plain)
        if behaviour.refusal != wire.OK and centre.refused[to] < behaviour.refusals:
            centre.refused[to] += 1
            self._refuse(number, behaviour.refusal)
        elif not centre.has_room():
            self._refuse(number, wire.THROTTLED)
        else:
            self._accept(read, number, behaviour, account)

    def _refuse(self, number: int, status: int) -> None:
        self._answers.append(wire.message(wire.SUBMIT_SM | wire.RESPONSE, status, number, b"\0"))

    def _accept(self, read: Any, number: int, behaviour: Behaviour, account: Account) -> None:
        centre = self._centre
        centre.last_id += 1
        message_id = f"{centre.last_id}"
        fields = {tlv.tag: tlv for tlv in read.tlvs}
        centre.journal.add(_taken(message_id, self._login, read, fields, centre.manner))
        answer = wire.message(wire.SUBMIT_SM | wire.RESPONSE, wire.OK, number, wire.text(message_id))
        wait = behaviour.answer_after
        receipts = _receipts(message_id, read, fields, behaviour, centre.manner) if read.registered_delivery else []
        if behaviour.receipt_first:
            for place, pdu in enumerate(receipts):
                account.tell(pdu, 0.001 * place)
            centre.journal.flush()
            account.speak()
            receipts, wait = [], 0.05
        if wait is not None:
            self._answer(answer, wait + centre.manner.answer_seconds)
        for place, pdu in enumerate(receipts, start=1):
            account.tell(pdu, centre.manner.receipt_seconds * place)

    def _answer(self, answer: bytes, wait: float) -> None:
        if wait:
            asyncio.get_running_loop().call_later(wait, self.write, answer)
        else:
            self._answers.append(answer)

    def _hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _taken(message_id: str, login: str, read: Any, fields: dict[int, wire.Tlv], manner: Manner) -> Taken:
    mark, own, payload = (fields.get(tag) for tag in (wire.USER_REFERENCE, manner.reference_tlv, wire.MESSAGE_PAYLOAD))
    body = payload.value if payload else read.short_message
    sar = fields.get(wire.SAR_NUMBER)
    is_part = read.esm_class & wire.HAS_UDH and len(body) >= 6
    return Taken(
        message_id=message_id,
        system_id=login,
        to=read.destination_addr,
        mark=int.from_bytes(mark.value) if mark else 0,
        reference=own.value.hex() if own else "",
        part=body[5] if is_part else int.from_bytes(sar.value) if sar else 1,
        octets=body[6:] if is_part else body,
    )


def _receipts(
    message_id: str, read: Any, fields: dict[int, wire.Tlv], behaviour: Behaviour, manner: Manner
) -> list[bytes]:
    ids = [(message_id, state) for state in behaviour.states]
    if behaviour.unknown_first:
        ids.insert(0, (UNKNOWN_ID, DELIVERED))
    echoed = [fields[tag] for tag in (wire.USER_REFERENCE, manner.reference_tlv) if tag in fields]
    return [_receipt(found, state, read, echoed, behaviour) for found, state in ids]


def _receipt(message_id: str, state: int, read: Any, echoed: list[wire.Tlv], behaviour: Behaviour) -> bytes:
    tlvs, text = [], b""
    if behaviour.with_fields:
        tlvs = [
            wire.Tlv(wire.RECEIPTED_ID, wire.text(message_id)),
            wire.Tlv(wire.MESSAGE_STATE, bytes([state])),
            *echoed,
        ]
    error = 0 if state == DELIVERED else 11
    if behaviour.with_fields and error:
        tlvs.append(wire.Tlv(wire.NETWORK_ERROR, NETWORK_GSM + error.to_bytes(2)))
    if behaviour.with_text:
        now = f"{datetime.now(UTC):%y%m%d%H%M}"
        text = (
            f"id:{message_id} sub:001 dlvrd:{int(state == DELIVERED):03} submit date:{now} done date:{now}"
            f" stat:{WORDS[state]} err:{error:03} text:"
        ).encode()
    return wire.DeliverSm(
        read.destination_addr, read.source_addr, text, esm_class=wire.IS_RECEIPT, tlvs=tlvs, source_addr_ton=1
    ).encode()


async def serve(manner: Manner, host: str, port: int, *, ready: Callable[[int], None], stop: asyncio.Event) -> Centre:
    """Serve until ``stop``; ``ready`` is told the port. Returns the centre with its counts."""
    loop = asyncio.get_running_loop()
    centre = Centre(manner, loop.time)
    server = await loop.create_server(lambda: Connection(centre), host, port)
    speaking = asyncio.create_task(keep_speaking(centre.accounts))
    ready(server.sockets[0].getsockname()[1])
    await stop.wait()
    speaking.cancel()
    with suppress(asyncio.CancelledError):
        await speaking
    server.close()
    server.close_clients()
    return centre
