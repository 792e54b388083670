"""Commands are carried to an exchange by the process that hears it: this is its loop, it knows the port alone.

Woken by NOTIFY, it looks at the table; it looks every half a second too, so a lost word costs half a second.
Commands of one extension go one after another, those of different ones side by side.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

import psycopg
import structlog

from opora.telephony.ports import NobodyThere, Pbx, PbxRefused, PbxUnavailable
from opora.telephony.services.commands import CHANNEL, Order, answer_order, take_orders
from opora.telephony.words import Act, AgentState

LOOK_EVERY = 0.5  # seconds
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
SILENCE = "АТС не отвечает. Сделайте это на аппарате."
NO = "АТС отказала. Попробуйте ещё раз или сделайте это на аппарате."
GONE = "Звонка на АТС уже нет."
NOT_THERE = "Телефон коллеги не на связи. Гражданин остался у вас."

type InDatabase = Callable[[Callable[[], Any]], Awaitable[Any]]

log = structlog.get_logger(__name__)


class Carrier:
    """``await Carrier(exchange, "main", in_database).run()`` — cancelled, it ends; nothing else ends it.

    in_database  runs a function that asks the database, off the loop
    """

    def __init__(self, exchange: Pbx, pbx: str, in_database: InDatabase) -> None:
        self._exchange, self._pbx, self._in_database = exchange, pbx, in_database
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._carried: set[asyncio.Task[None]] = set()
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Carry for ever."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("telephony.commands_not_read", pbx=self._pbx)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self.wake.wait()
            self.wake.clear()

    async def look(self) -> list[asyncio.Task[None]]:
        """Take what waits and begin to carry it; return what has begun."""
        begun = [asyncio.create_task(self._in_turn(order)) for order in await self._in_database(self._orders)]
        for task in begun:
            self._carried.add(task)
            task.add_done_callback(self._carried.discard)
        return begun

    def _orders(self) -> list[Order]:
        return take_orders(self._pbx)

    async def hear(self, address: str) -> None:
        """Be woken by the database at ``address`` for ever; while it is away the clock wakes."""
        wait = FIRST_WAIT
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    address, autocommit=True, connect_timeout=5, application_name="opora-telephony"
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    wait = FIRST_WAIT
                    async for _ in connection.notifies():
                        self.wake.set()
            except (psycopg.Error, OSError) as fault:
                log.warning("telephony.commands_not_heard", fault=type(fault).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _in_turn(self, order: Order) -> None:
        async with self._turns[order.agent]:
            try:
                await carry(self._exchange, order)
                said = partial(answer_order, order)
            except NobodyThere:
                said = partial(answer_order, order, NOT_THERE, refused=True)
            except PbxRefused as refusal:
                log.warning("telephony.refused", act=order.act, words=str(refusal))
                said = partial(answer_order, order, GONE if "channel" in str(refusal) else NO, refused=True)
            except PbxUnavailable:
                said = partial(answer_order, order, SILENCE, refused=True)
            except Exception:
                log.exception("telephony.not_carried", act=order.act)
                said = partial(answer_order, order, NO, refused=True)
            try:
                await self._in_database(said)
            except Exception:  # the page will say that no answer has come
                log.exception("telephony.answer_not_kept", act=order.act)


async def carry(exchange: Pbx, order: Order) -> None:
    """Do one command. Raises PbxUnavailable, PbxRefused."""
    match order.act:
        case Act.HOLD:
            await exchange.hold(order.call)
        case Act.RESUME:
            await exchange.resume(order.call)
        case Act.TRANSFER:
            await exchange.transfer(order.call, order.target, warm=order.word == "warm")
        case Act.JOIN:  # she leaves, the two stay
            await exchange.leave(order.call, order.agent)
        case Act.BACK:
            await exchange.regret(order.call, order.aside)
        case Act.KEEP:
            await exchange.keep(order.call)
        case Act.HANGUP if order.is_held:
            await exchange.hangup(order.call)  # nobody would come back to the music
        case Act.HANGUP:
            await exchange.leave(order.call, order.agent)
        case Act.DIAL:
            await exchange.originate(order.agent, order.target, order.reference)
        case Act.STATE:
            is_ready = order.word == AgentState.READY
            await exchange.state(order.agent, is_ready, "" if is_ready else order.word)
