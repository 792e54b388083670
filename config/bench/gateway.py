"""informing.gateway — messages and their receipts through our session, against a bare client at the same centre.

The centre is a process of its own (``opora smsc``) and delivers at once. The bare client is the library's
(``smpp34``): it keeps the window full, counts receipts and does nothing else. Ours writes each text anew, names every
receipt and hands them over in batches. Both are timed until the last receipt.
"""

import asyncio
import time
from collections.abc import Iterator
from uuid import UUID

import smpp34

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from opora.adapters.sms_smpp.gateway import SmppGateway
from opora.adapters.smsc.process import SmscProcess
from opora.channels.ports import Accepted, IncomingReceipt, Outgoing
from opora.channels.words import State

MESSAGES, WINDOW = 20_000, 200
PATIENCE = 120
TEXT = "Приглашаем на диспансеризацию в вашу поликлинику"


@work(
    "informing.gateway",
    unit="1/с",
    bar=(">= 0.5", "figure >= 1000"),
    note="20 000 СМС с отчётами по SMPP на этой машине; предел — клиент библиотеки smpp34, тот же центр",
    needs_people=False,
)
def gateway(bench: Bench) -> Iterator[Round]:
    """Send, then let the bare client send as many; every message must be accepted and told of exactly once."""
    with SmscProcess(plain=True, receipt_seconds=0.05) as smsc:
        for number in bench.rounds:
            bench.say(f"informing.gateway: сеанс {number + 1}")
            ours = asyncio.run(_ours(smsc))
            bench.say(f"informing.gateway: предел {number + 1}")
            limit = asyncio.run(bare(smsc.port, MESSAGES))
            yield Round(MESSAGES / ours, MESSAGES / limit)


async def _ours(smsc: SmscProcess) -> float:
    told: dict[UUID, int] = {}

    async def hear(batch: list[IncomingReceipt]) -> None:
        for one in batch:
            if one.state == State.DELIVERED and one.reference is not None:
                told[one.reference] = told.get(one.reference, 0) + 1

    messages = [Outgoing(UUID(int=number + 1), f"7900{number:07}", TEXT) for number in range(MESSAGES)]
    async with SmppGateway().session(smsc.link(window=WINDOW), hear) as session:
        began = time.perf_counter()
        answers = await session.send_all(messages)
        async with asyncio.timeout(PATIENCE):
            while len(told) < MESSAGES:
                await asyncio.sleep(0.005)
        seconds = time.perf_counter() - began
    if not all(isinstance(answer, Accepted) for answer in answers) or max(told.values()) > 1:
        raise BenchRefused("Не все сообщения приняты и подтверждены по разу")
    return seconds


async def bare(port: int, messages: int) -> float:
    """Return seconds a bare client takes for so many messages, to the last receipt."""
    client = smpp34.Client(
        "127.0.0.1", port, "opora", "opora", bind_type="TRX", window_size=WINDOW, inbound_capacity=100_000
    )
    line = await client.connect()
    body = TEXT.encode("utf-16-be")
    numbers = iter(range(messages))

    async def hear() -> None:
        heard = 0
        while heard < messages:
            heard += isinstance(await line.next(), smpp34.DeliverSmEvent)

    async def send() -> None:
        for number in numbers:
            answer = await line.submit_sm(
                f"7900{number:07}", body, source_addr="Opora", source_addr_ton=5, data_coding=8, registered_delivery=1
            )
            if not answer.is_success:
                raise BenchRefused("Центр отказал")

    began = time.perf_counter()
    hearing = asyncio.create_task(hear())
    await asyncio.gather(*[send() for _ in range(WINDOW)])
    async with asyncio.timeout(PATIENCE):
        await hearing
    seconds = time.perf_counter() - began
    await line.unbind()
    return seconds
