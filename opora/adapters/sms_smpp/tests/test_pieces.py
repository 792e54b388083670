"""The pieces without a network: receipts as centres write them, frames, turns."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.adapters.sms_smpp import incoming, wire
from opora.adapters.sms_smpp.session import LOST, TIMEOUT, UNAVAILABLE, Said, judged
from opora.adapters.smsc.process import SmscProcess
from opora.channels.ports import Accepted, Link, Refused, Unanswered
from opora.channels.turns import Turns
from opora.channels.words import State

NOW = datetime(2026, 11, 22, 9, 31, 30, tzinfo=UTC)
LINK = SmscProcess().link()


def deliver(words: str = "", *tlvs: wire.Tlv, esm_class: int = 4, coding: int = 0) -> wire.DeliverSm:
    body = words.encode("utf-16-be" if coding == 8 else "latin-1")
    return wire.DeliverSm("79130000001", "Opora", body, esm_class=esm_class, data_coding=coding, tlvs=list(tlvs))


def tlv(tag: int, value: bytes) -> wire.Tlv:
    return wire.Tlv(tag, value)


USUAL = "id:4b8c1f sub:001 dlvrd:001 submit date:2611220930 done date:2611220931 stat:DELIVRD err:000 text:Hello"
A1 = tlv(wire.RECEIPTED_ID, b"a1\0")
AT_31 = datetime(2026, 11, 22, 9, 31, tzinfo=UTC)
AT_30_59 = datetime(2026, 11, 22, 9, 30, 59, tzinfo=UTC)
FAILED = (tlv(wire.MESSAGE_STATE, b"\x05"), tlv(wire.NETWORK_ERROR, b"\x03\x00\x0b"))
WRITTEN = [
    (deliver(USUAL), ("4b8c1f", State.DELIVERED, "", AT_31)),
    (deliver("ID:7 Stat:undeliv Err:041 done date:261122093059"), ("7", State.UNDELIVERABLE, "41", AT_30_59)),
    (deliver("id:7 stat:EXPIRED done date:2611221631"), ("7", State.EXPIRED, "", NOW)),  # the clock of Novosibirsk
    (deliver("id:8 stat:SOMETHING err:9"), ("8", State.UNKNOWN, "9", NOW)),
    (deliver("id:9 stat:DELIVRD", coding=8), ("9", State.DELIVERED, "", NOW)),
    (deliver("", A1, *FAILED), ("a1", State.UNDELIVERABLE, "11", NOW)),
    (deliver("", A1, tlv(wire.MESSAGE_STATE, b"\x02"), esm_class=0), ("a1", State.DELIVERED, "", NOW)),
    (deliver("", tlv(wire.MESSAGE_PAYLOAD, b"id:12 stat:REJECTD")), ("12", State.REJECTED, "", NOW)),
]


@pytest.mark.parametrize(("pdu", "read"), WRITTEN)
def test_receipts_as_centres_write_them(pdu: wire.DeliverSm, read: tuple[str, State, str, datetime]) -> None:
    found = incoming.receipt(pdu, LINK, NOW)
    assert found is not None
    assert (found.message_id, found.state, found.code, found.at) == read
    assert found.destination == "79130000001"


def test_an_sms_of_a_person_is_no_receipt() -> None:
    assert incoming.receipt(deliver("СТОП".encode().decode("latin-1"), esm_class=0), LINK, NOW) is None


WRITINGS = [("answer_hex", "4B8C1F", "4951071"), ("receipt_hex", "4951071", "4b8c1f")]


@pytest.mark.parametrize(("ids", "answer", "told"), WRITINGS)
def test_ids_in_two_ways_of_writing_meet(ids: str, answer: str, told: str) -> None:
    link = SmscProcess().link(ids=ids)
    found = incoming.receipt(deliver(f"id:{told} stat:DELIVRD"), link, NOW)
    assert found is not None
    assert found.message_id == incoming.answered_id(answer, link)


@given(st.lists(st.binary(max_size=60), max_size=8), st.lists(st.integers(1, 50), min_size=1, max_size=30))
def test_frames_come_whole_however_the_stream_is_cut(bodies: list[bytes], cuts: list[int]) -> None:
    sent = [wire.message(4, 0, number, body) for number, body in enumerate(bodies)]
    stream, frames, found, place, turn = b"".join(sent), wire.Frames(), [], 0, 0
    while place < len(stream):
        step = cuts[turn % len(cuts)]
        found += frames.feed(stream[place : place + step])
        place, turn = place + step, turn + 1
    assert found == sent


@pytest.mark.parametrize("length", [0, 15, wire.LONGEST + 1, 0x48545450])
def test_a_length_that_cannot_be_is_torn(length: int) -> None:
    with pytest.raises(wire.Torn):
        list(wire.Frames().feed(length.to_bytes(4) + bytes(20)))


OURS = UUID(int=7)
JUDGED = [
    ([Said("a"), Said("b")], Accepted(OURS, ("a", "b"))),
    ([Said("a"), Said(silence=TIMEOUT)], Unanswered(OURS, TIMEOUT)),
    ([Said(status=8), Said(silence=LOST)], Unanswered(OURS, LOST)),
    ([Said("a"), Said(status=11)], Refused(OURS, "11", is_permanent=True)),
    ([Said("a"), Said(status=8)], Refused(OURS, "8", is_permanent=True, words="принята только часть")),
    ([Said(status=8)], Refused(OURS, "8", is_permanent=False)),
    ([Said(silence=UNAVAILABLE)], Refused(OURS, UNAVAILABLE, is_permanent=False)),
]


@pytest.mark.parametrize(("parts", "answer"), JUDGED)
def test_parts_make_one_answer(parts: list[Said], answer: object) -> None:
    assert judged(OURS, parts) == answer


def test_the_window_lets_in_as_many_as_are_given_back() -> None:
    async def run() -> None:
        turns = Turns(window=2, per_second=1e6, clock=asyncio.get_running_loop().time)
        await turns.take()
        await turns.take()
        third, fourth = asyncio.create_task(turns.take()), asyncio.create_task(turns.take())
        await asyncio.sleep(0.01)
        assert not third.done()
        turns.give_back()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert third.done()
        assert not fourth.done()
        fourth.cancel()
        await asyncio.sleep(0)
        turns.give_back()
        turns.give_back()
        await asyncio.wait_for(turns.take(), 1)
        await asyncio.wait_for(turns.take(), 1)

    asyncio.run(run())


def test_a_rest_grows_with_each_complaint_and_ends_when_all_is_well() -> None:
    async def run() -> None:
        now = 0.0
        turns = Turns(window=1, per_second=1, clock=lambda: now)
        assert turns.slow_down() == 0.1
        assert turns.slow_down() == 0.1  # the same rest: others of the window were told the same
        now = 1.0
        assert turns.slow_down() == 0.2
        now = 9.0
        turns.went_well()
        assert turns.slow_down() == 0.1

    asyncio.run(run())


def test_a_link_keeps_its_password_out_of_sight() -> None:
    assert isinstance(LINK, Link)
    assert "password" not in repr(LINK)
