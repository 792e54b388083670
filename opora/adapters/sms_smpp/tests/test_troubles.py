"""A centre that dies, breaks lines, is slow, says «too fast»: nothing is given away twice, everything is answered."""

import asyncio
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

from opora.adapters.sms_smpp.gateway import SmppGateway
from opora.adapters.smsc import journal
from opora.adapters.smsc.process import SmscProcess
from opora.channels.ports import Accepted, Answer, IncomingReceipt, Outgoing, Refused, Unanswered

TEXT = "Приглашаем на диспансеризацию"


async def nothing(batch: list[IncomingReceipt]) -> None:
    pass


def numbers(count: int, prefix: str = "7913") -> list[Outgoing]:
    return [Outgoing(uuid4(), f"{prefix}{number:07}", TEXT) for number in range(count)]


async def until_taken(path: Path, count: int) -> None:
    """Wait until the centre has written down so many messages: it is then in the middle of its work."""
    async with asyncio.timeout(60):
        while not path.exists() or path.read_bytes().count(b"\n") < count:
            await asyncio.sleep(0.005)


def test_a_centre_killed_in_the_middle_gets_nothing_twice(tmp_path: Path) -> None:
    """Two kills during 3000 messages: what nobody answered is said to be so, the rest goes over a new line."""
    messages = numbers(3000)
    answers: list[Answer] = []

    async def run(smsc: SmscProcess) -> None:
        async with SmppGateway().session(smsc.link(per_second=1500, window=50, answer_seconds=20), nothing) as session:
            sending = asyncio.create_task(session.send_all(messages))
            for taken in (500, 1500):
                await until_taken(tmp_path / "journal", taken)
                smsc.kill()
                await asyncio.to_thread(smsc.start)
            answers.extend(await sending)

    # It answers late, so that something is on its way whenever it is killed.
    with SmscProcess(journal=tmp_path / "journal", plain=True, receipt_seconds=0.02, answer_seconds=0.02) as smsc:
        asyncio.run(run(smsc))
    assert len(answers) == len(messages)
    said = Counter(type(answer) for answer in answers)
    assert said[Unanswered] + said[Accepted] == len(messages), said
    assert 0 < said[Unanswered] <= 2 * 50
    took = Counter(one.to for one in journal.read(tmp_path / "journal"))
    assert max(took.values()) == 1
    accepted = {answer.reference for answer in answers if isinstance(answer, Accepted)}
    by_reference = {message.reference: message.to for message in messages}
    assert {by_reference[reference] for reference in accepted} <= set(took)


def test_a_batch_without_a_line_is_refused_within_one_wait() -> None:
    """A batch that waited for each of its parts in turn would be given away hours after it was claimed, and again."""

    async def run(smsc: SmscProcess) -> tuple[list[Answer], float]:
        async with SmppGateway().session(smsc.link(answer_seconds=1), nothing) as session:
            smsc.kill()
            async with asyncio.timeout(10):
                while session._up.is_set():  # type: ignore[attr-defined]
                    await asyncio.sleep(0.01)
            began = time.monotonic()
            return await session.send_all(numbers(50)), time.monotonic() - began

    with SmscProcess(plain=True) as smsc:
        answers, seconds = asyncio.run(run(smsc))
    assert seconds < 20
    assert all(isinstance(one, Refused) and not one.is_permanent for one in answers)


def test_receipts_wait_for_the_next_line(tmp_path: Path) -> None:
    """Another process of ours hears what became of messages that the first one gave away."""
    heard: list[IncomingReceipt] = []

    async def hear(batch: list[IncomingReceipt]) -> None:
        heard.extend(batch)

    async def run(smsc: SmscProcess) -> list[Answer]:
        async with SmppGateway().session(smsc.link(), nothing) as session:
            answers = await session.send_all(numbers(20))
        async with SmppGateway().session(smsc.link(), hear):
            async with asyncio.timeout(10):
                while len(heard) < 20:
                    await asyncio.sleep(0.01)
        return answers

    with SmscProcess(plain=True, receipt_seconds=0.6) as smsc:
        answers = asyncio.run(run(smsc))
    ids = {answer.message_id for answer in answers if isinstance(answer, Accepted)}
    assert {one.message_id for one in heard} == ids
    assert {one.reference for one in heard} == {None}  # a new session remembers nothing: the database does


def test_a_centre_that_finds_us_too_fast_gets_all_the_same() -> None:
    async def run(smsc: SmscProcess) -> tuple[list[Answer], float]:
        began = time.perf_counter()
        async with SmppGateway().session(smsc.link(window=100), nothing) as session:
            answers = await session.send_all(numbers(300))
        return answers, time.perf_counter() - began

    with SmscProcess(plain=True, per_second=200) as smsc:
        answers, seconds = asyncio.run(run(smsc))
    assert all(isinstance(answer, Accepted) for answer in answers)
    assert seconds > 1


def test_without_a_line_a_message_is_refused_for_now() -> None:
    async def run(smsc: SmscProcess) -> Answer:
        async with SmppGateway().session(smsc.link(answer_seconds=0.5), nothing) as session:
            smsc.kill()
            await asyncio.sleep(0.1)
            (message,) = numbers(1)
            return await session.send(message)

    with SmscProcess() as smsc:
        answer = asyncio.run(run(smsc))
    assert isinstance(answer, Refused)
    assert (answer.code, answer.is_permanent) == ("unavailable", False)


def test_a_slow_centre_shows_in_the_figures() -> None:
    async def run(smsc: SmscProcess) -> float:
        async with SmppGateway().session(smsc.link(window=10), nothing) as session:
            await session.send_all(numbers(20))
            figures = session.take_figures()
        return figures.seconds / figures.answered

    with SmscProcess(plain=True, answer_seconds=0.3) as smsc:
        assert 0.3 <= asyncio.run(run(smsc)) < 1


def test_a_silent_centre_is_noticed_and_left() -> None:
    """A peer that keeps the line and says nothing: enquire_link goes unanswered, the line is given up."""

    async def run() -> list[Answer]:
        from opora.adapters.sms_smpp import wire

        lines: list[asyncio.StreamWriter] = []

        async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            lines.append(writer)
            asked = await reader.read(200)
            _, _, number = wire.head(asked)
            writer.write(wire.message(wire.BIND_TRANSCEIVER | wire.RESPONSE, 0, number, b"mute\0"))
            while await reader.read(1000):
                pass
            writer.close()

        server = await asyncio.start_server(mute, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        link = SmscProcess(port=port).link(enquire_seconds=0.2, answer_seconds=5)
        async with SmppGateway().session(link, nothing) as session:
            answers = await session.send_all(numbers(3))
            async with asyncio.timeout(5):
                while len(lines) < 2:  # it calls again
                    await asyncio.sleep(0.05)
        server.close()
        return answers

    answers = asyncio.run(run())
    assert {answer.why for answer in answers if isinstance(answer, Unanswered)} == {"lost"}


def test_nonsense_on_the_line_ends_it() -> None:
    async def run() -> Answer:
        async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            from opora.adapters.sms_smpp import wire

            asked = await reader.read(200)
            _, _, number = wire.head(asked)
            writer.write(wire.message(wire.BIND_TRANSCEIVER | wire.RESPONSE, 0, number, b"x\0"))
            await reader.read(1000)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        server = await asyncio.start_server(babble, "127.0.0.1", 0)
        link = SmscProcess(port=server.sockets[0].getsockname()[1]).link(answer_seconds=3)
        async with SmppGateway().session(link, nothing) as session:
            answer = await session.send(numbers(1)[0])
        server.close()
        return answer

    assert isinstance(asyncio.run(run()), Unanswered)
