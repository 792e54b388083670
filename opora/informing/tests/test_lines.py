"""Lines to providers, against a real centre of SMS."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from opora.adapters.smsc import journal
from opora.adapters.smsc.process import SmscProcess
from opora.channels.ports import Accepted, Figures, IncomingReceipt, Link, Outgoing
from opora.channels.words import State
from opora.informing.dispatch.batches import Carrier
from opora.informing.dispatch.lines import Line, Lines

PATIENCE = 20


class House:
    """What the lines tell: receipts and figures, no database."""

    def __init__(self) -> None:
        self.delivered: list[UUID | None] = []
        self.away: list[int] = []
        self.lines = Lines(self.take_receipts, self.note_figures)

    async def take_receipts(self, carrier: Carrier, come: list[IncomingReceipt]) -> None:
        self.delivered += [one.reference for one in come if one.state == State.DELIVERED]

    async def note_figures(self, link: Link, figures: Figures) -> None:
        self.away += [link.provider] * figures.unavailable


def carrier(link: Link) -> Carrier:
    return Carrier(link, 1.0, Decimal(1))


def message(number: int) -> Outgoing:
    return Outgoing(UUID(int=number), f"7900{number:07}", "Ждём вас")


async def until(is_true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_true():
            await asyncio.sleep(0.01)


def up(house: House, wanted: Carrier) -> Line | None:
    house.lines.keep([wanted])
    with house.lines.use([wanted]) as line:
        return line


def test_a_changed_provider_is_spoken_to_anew(tmp_path: Path) -> None:
    """The batch on the old line comes to its end there; the next goes where the new settings say."""
    old, new = tmp_path / "old", tmp_path / "new"

    async def play(first: SmscProcess, second: SmscProcess) -> None:
        house = House()
        before = carrier(first.link(provider=5))
        after = carrier(replace(before.link, settings=second.link().settings))
        async with house.lines.open():
            await until(lambda: up(house, before))
            with house.lines.use([before]) as line:
                assert line is not None
                assert line.session is not None
                house.lines.keep([after])
                assert up(house, after) is None, "the old line has not ended yet"
                assert isinstance((await line.session.send_all([message(1)]))[0], Accepted)
            await until(lambda: up(house, after))
            with house.lines.use([after]) as line:
                assert line is not None
                assert line.session is not None
                await line.session.send_all([message(2)])
        assert sorted(one.int for one in house.delivered if one) == [1, 2]

    with (
        SmscProcess(journal=old, plain=True, receipt_seconds=0) as first,
        SmscProcess(journal=new, plain=True, receipt_seconds=0) as second,
    ):
        asyncio.run(play(first, second))
    assert [[one.to for one in journal.read(path)] for path in (old, new)] == [["79000000001"], ["79000000002"]]


def test_one_that_is_away_holds_nobody_up(tmp_path: Path) -> None:
    async def play(smsc: SmscProcess) -> None:
        house = House()
        here, away = carrier(smsc.link(provider=1)), carrier(smsc.link(provider=2, port=1))
        async with house.lines.open():
            house.lines.keep([away, here])
            await until(lambda: up(house, here))
            await until(lambda: house.away)
            with house.lines.use([away, here]) as line:
                assert line is not None
                assert line.carrier is here
        assert house.away == [2]

    with SmscProcess(plain=True) as smsc:
        asyncio.run(play(smsc))
