"""The session against a real centre, a process of its own."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from opora.adapters.sms_smpp.gateway import SmppGateway
from opora.adapters.smsc import journal
from opora.adapters.smsc.process import SmscProcess
from opora.channels.errors import GatewayRejected, GatewayUnavailable
from opora.channels.ports import (
    Accepted,
    Answer,
    IncomingReceipt,
    Link,
    Outgoing,
    Refused,
    Session,
    Unanswered,
    mark_of,
)
from opora.channels.words import State

TEXT = "Приглашаем на диспансеризацию"
S = State


@pytest.fixture(scope="module")
def smsc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmscProcess]:
    with SmscProcess(journal=tmp_path_factory.mktemp("smsc") / "journal", receipt_seconds=0.05) as process:
        yield process


def to(number: str, text: str = TEXT, **fields: Any) -> Outgoing:
    return Outgoing(uuid4(), number, text, **fields)


class Told(list[IncomingReceipt]):
    """Receipts as they came."""

    async def __call__(self, batch: list[IncomingReceipt]) -> None:
        self.extend(batch)

    def of(self, message: Outgoing) -> list[State]:
        return [one.state for one in self if one.reference == message.reference]

    async def until(self, is_enough: Callable[["Told"], bool], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not is_enough(self):
                await asyncio.sleep(0.01)


def talk[T](link: Link, act: Callable[[Session, Told], Awaitable[T]], told: Told | None = None) -> T:
    async def run() -> T:
        heard = Told() if told is None else told
        async with SmppGateway().session(link, heard) as session:
            return await act(session, heard)

    return asyncio.run(run())


def final(count: int) -> Callable[[Told], bool]:
    return lambda told: sum(one.state != S.ACCEPTED for one in told) >= count


def taken(smsc: SmscProcess, number: str) -> list[journal.Taken]:
    assert smsc.journal is not None
    return [one for one in journal.read(smsc.journal) if one.to == number]


ENDINGS = [
    ("000", "accepted", [S.ACCEPTED, S.DELIVERED]),
    ("901", "accepted", [S.ACCEPTED, S.UNDELIVERABLE]),
    ("902", "accepted", [S.ACCEPTED, S.EXPIRED]),
    ("903", "accepted", [S.ACCEPTED, S.REJECTED]),
    ("904", "refused for good", []),
    ("905", "accepted", [S.ACCEPTED, S.DELIVERED, S.DELIVERED]),
    ("906", "accepted", [S.ACCEPTED, S.DELIVERED, S.UNDELIVERABLE]),
    ("907", "accepted", [S.ACCEPTED, S.ENROUTE, S.DELIVERED]),
    ("909", "accepted", [S.ACCEPTED, S.DELIVERED]),  # the receipt came first
    ("910", "accepted", [S.ACCEPTED, S.DELIVERED]),  # before it one that is nobody's
    ("913", "accepted", [S.ACCEPTED, S.DELIVERED]),  # too fast at the first time
    ("914", "accepted", [S.ACCEPTED, S.DELIVERED]),  # in words
    ("915", "accepted", [S.ACCEPTED, S.DELIVERED]),  # in fields
    ("916", "refused for now", []),
    ("917", "accepted", [S.ACCEPTED, S.EXPIRED, S.DELIVERED]),
]


def in_words(answer: Answer) -> str:
    if isinstance(answer, Refused):
        return "refused for good" if answer.is_permanent else "refused for now"
    return type(answer).__name__.lower()


def test_each_number_does_what_it_does(smsc: SmscProcess) -> None:
    messages = {ending: to(f"79130001{ending}") for ending, _, _ in ENDINGS}

    async def act(session: Session, told: Told) -> list[Answer]:
        answers = await session.send_all(list(messages.values()))
        await told.until(final(sum(len(states) - 1 for _, _, states in ENDINGS if states) + 1))
        return answers

    told = Told()
    answers = dict(zip(messages, talk(smsc.link(), act, told), strict=True))
    for ending, answer, states in ENDINGS:
        assert (in_words(answers[ending]), told.of(messages[ending])) == (answer, states), ending
    nobodys = [one for one in told if one.reference is None]
    assert [(one.message_id, one.destination) for one in nobodys] == [("0000000000", "79130001910")]
    code = next(one.code for one in told if one.state == S.EXPIRED)
    assert code == "11"


def test_an_answer_after_the_time_out_comes_as_a_receipt(smsc: SmscProcess) -> None:
    late, never = to("79130002911"), to("79130002912")

    told = Told()
    answers = talk(smsc.link(answer_seconds=0.4), both_or_unknown(late, never), told)
    assert answers == [Unanswered(late.reference, "timeout"), Unanswered(never.reference, "timeout")]
    assert S.ACCEPTED in told.of(late)
    # Nobody ever said the id of «never»: its receipt is found by the address and the mark.
    orphan = next(one for one in told if one.destination == never.to)
    assert (orphan.state, orphan.reference, orphan.mark) == (S.DELIVERED, None, mark_of(never.reference))


def both_or_unknown(late: Outgoing, never: Outgoing) -> Callable[[Session, Told], Awaitable[list[Answer]]]:
    async def act(session: Session, told: Told) -> list[Answer]:
        answers = await session.send_all([late, never])
        await told.until(lambda told: S.ACCEPTED in told.of(late) and any(one.destination == never.to for one in told))
        return answers

    return act


WAYS = [("udh", 3), ("sar", 3), ("payload", 1)]


@pytest.mark.parametrize(("way", "parts"), WAYS)
def test_a_long_text_arrives_whole(smsc: SmscProcess, way: str, parts: int) -> None:
    number = f"7913000300{parts}{way == 'sar':d}"
    message = to(number, "Приглашаем на диспансеризацию 😀 " * 5)

    async def act(session: Session, told: Told) -> Answer:
        answer = await session.send(message)
        await told.until(final(parts))
        return answer

    answer = talk(smsc.link(long=way), act)
    assert isinstance(answer, Accepted)
    assert len(set(answer.message_ids)) == parts
    arrived = sorted(taken(smsc, number), key=lambda one: one.part)
    assert b"".join(one.octets for one in arrived).decode("utf-16-be") == message.text


def test_a_text_without_cyrillic_goes_in_the_alphabet_of_gsm(smsc: SmscProcess) -> None:
    talk(smsc.link(), lambda session, told: session.send(to("79130004001", "Price @ 5 €")))
    (found,) = taken(smsc, "79130004001")
    assert found.octets == b"Price \x00 5 \x1be"


def test_a_wrong_password_is_told_at_once(smsc: SmscProcess) -> None:
    link = smsc.link()
    with pytest.raises(GatewayRejected):
        talk(Link(**{name: getattr(link, name) for name in link.__slots__} | {"secrets": {"password": "no"}}), none)


def test_nobody_at_the_address(smsc: SmscProcess) -> None:
    with pytest.raises(GatewayUnavailable):
        talk(smsc.link(port=1), none)


async def none(session: Session, told: Told) -> None:
    pass


def test_the_rate_is_kept(smsc: SmscProcess) -> None:
    async def act(session: Session, told: Told) -> float:
        began = time.perf_counter()
        await session.send_all([to(f"79130005{number:03}") for number in range(100)])
        return time.perf_counter() - began

    assert 0.4 < talk(smsc.link(per_second=200), act) < 2


def test_receipts_nobody_could_store_are_said_again(smsc: SmscProcess) -> None:
    stored: list[IncomingReceipt] = []
    refused: list[int] = []

    async def run() -> None:
        async def store(batch: list[IncomingReceipt]) -> None:
            if any(one.state == S.DELIVERED for one in batch) and len(refused) < 1:
                refused.append(len(batch))
                raise RuntimeError("no database")
            stored.extend(batch)

        async with SmppGateway().session(smsc.link(), store) as session:
            message = to("79130006001")
            await session.send(message)
            async with asyncio.timeout(10):
                while not any(one.state == S.DELIVERED and one.reference == message.reference for one in stored):
                    await asyncio.sleep(0.01)

    asyncio.run(run())
    assert refused
    assert Counter(one.state for one in stored if one.reference) == {S.ACCEPTED: 1, S.DELIVERED: 1}


def test_a_validity_period_is_written(smsc: SmscProcess) -> None:
    until = datetime.now(UTC) + timedelta(hours=3)
    answer = talk(smsc.link(), lambda session, told: session.send(to("79130007001", valid_until=until)))
    assert isinstance(answer, Accepted)


def test_figures_count_answers_and_their_time(smsc: SmscProcess) -> None:
    async def act(session: Session, told: Told) -> Any:
        await session.send_all([to("79130008001"), to("79130008904"), to("79130008916")])
        return session.take_figures(), session.take_figures()

    figures, after = talk(smsc.link(), act)
    assert (figures.accepted, figures.refused, figures.answered) == (1, 1, 3)
    assert 0 < figures.seconds < 3
    assert after.answered == 0
