"""Lines to providers, against a real centre of SMS."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from opora.adapters.smsc import journal
from opora.adapters.smsc.process import SmscProcess
from opora.channels.ports import Accepted, Answer, Figures, IncomingReceipt, Link, Outgoing, Refused, Unanswered
from opora.channels.words import State
from opora.informing.dispatch import lines as lines_module
from opora.informing.dispatch.batches import Carrier
from opora.informing.dispatch.lines import FIRST_FEW, REST, Line, Lines

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


class Deaf:
    """A session that takes messages and says of each what it is told to say."""

    def __init__(self) -> None:
        self.given = 0

    async def send_all(self, messages: list[UUID], say: Callable[[UUID], Answer]) -> list[Answer]:
        self.given += len(messages)
        return [say(one) for one in messages]


@pytest.mark.parametrize(
    "say",
    [lambda one: Unanswered(one, "http500"), lambda one: Refused(one, "unavailable", is_permanent=False)],
    ids=["unanswered", "unavailable"],
)
def test_who_takes_nothing_is_given_little(monkeypatch: pytest.MonkeyPatch, say: Callable[[UUID], Answer]) -> None:
    """An hour of a provider who delivers, perhaps, and never says so; then he answers and gets whole batches."""
    now = 1000.0
    monkeypatch.setattr(lines_module, "monotonic", lambda: now)
    house, session = House(), Deaf()
    here = carrier(Link(provider=1, organisation=1, slug="a", kind="http", channel="sms", settings={}))
    line: Any = Line(here, session=session)  # type: ignore[arg-type]
    house.lines._lines[1] = line

    async def turn(say: Callable[[UUID], Answer]) -> int:
        with house.lines.use([here]) as found:
            if found is None:
                return 0
            some = [UUID(int=n) for n in range(1, found.most(500) + 1)]
            found.learn(await session.send_all(some, say))
            return len(some)

    while now < 1000 + 3600:
        asyncio.run(turn(say))
        now += 1
    assert FIRST_FEW < session.given <= FIRST_FEW + 3600 / REST
    now += REST
    assert [asyncio.run(turn(lambda one: Accepted(one, ("m",)))) for _ in range(2)] == [1, 500]


@pytest.mark.parametrize(
    ("window", "per_second", "answer_seconds", "most"),
    [(50, 100, 30, 500), (1, 100, 30, 29), (1, 1, 5, 150), (10, 5, 600, 14), (200, 100, 3600, 200)],
)
def test_a_slow_provider_is_given_no_more_than_goes_before_it_is_doubted(
    window: int, per_second: int, answer_seconds: int, most: int
) -> None:
    """An hour of doubt: a batch goes within a quarter of it at worst, or is one window."""
    named = {"answer_seconds": answer_seconds}
    link = Link(1, 1, "a", "http", "sms", named, window=window, per_second=per_second)
    assert Line(carrier(link), is_proven=True).most(500) == most
