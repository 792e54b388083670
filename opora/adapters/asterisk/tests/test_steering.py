"""A real exchange offers to call back, and sends calls to a neighbour as the program has told it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from opora.adapters.asterisk.steering import AsteriskOverflows
from opora.adapters.asterisk.tests.conftest import heard, line, settings, telephone
from opora.adapters.pbxhouse.callers import citizen, employee, rating_citizen
from opora.adapters.pbxhouse.layout import Layout
from opora.telephony.fold import fold
from opora.telephony.ports import Kind, Overflow

LATER = datetime.now(UTC) + timedelta(days=1)
PAST = datetime.now(UTC) - timedelta(seconds=1)


def overflows(layout: Layout) -> AsteriskOverflows:
    known = {name: value for name, value in vars(settings(layout)).items() if name != "_pattern"}
    return AsteriskOverflows("main", known)


@pytest.mark.slow
def test_who_waits_presses_a_key_and_is_to_be_called_back(server):
    layout, caller = server.layout, "79130000031"

    async def scenario():
        async with heard(layout) as (told, exchange):
            with rating_citizen(layout, line(400), caller, key=1, seconds=2) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            return told, await exchange.since(datetime.now(UTC) - timedelta(hours=1))

    told, logged = asyncio.run(scenario())
    assert told.kinds(caller) == ["arrived", "queued", "secretary", "ended"]
    asked = next(event for event in told.of(caller) if event.kind is Kind.SECRETARY)
    assert asked.data == {"asks": True}
    assert asked.key in {event.key for event in logged}
    call = fold(told.of(caller))
    assert (call.result, call.voice, call.line) == ("secretary", "", line(400))


CASES = [
    ("nobody", line(400), "102", 0),  # the queue has no operator at all
    ("waits", line(400), "103", 5),
    ("closed", line(300), "104", 0),
]


@pytest.mark.slow
@pytest.mark.parametrize(("when", "of", "extension", "seconds"), CASES)
def test_a_call_goes_to_the_neighbour_and_stays_a_call_of_its_line(server, when, of, extension, seconds):
    layout, caller = server.layout, f"791300000{extension}"
    to = line(int(extension))
    overflows(layout).steer([line(300), line(400)], [Overflow(of, when, to, seconds, LATER)])

    async def scenario():
        async with heard(layout) as (told, _):
            with (
                employee(layout, telephone(layout, extension)),
                citizen(layout, of, caller, seconds=seconds + 5) as calling,
            ):
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            return told

    try:
        told = asyncio.run(scenario())
    finally:
        overflows(layout).steer([line(300), line(400)], [])
    call = fold(told.of(caller))
    assert (call.result, call.line, call.extension) == ("answered", of, extension)
    assert call.waited >= seconds


@pytest.mark.slow
def test_a_rule_ends_by_itself(server):
    layout, caller = server.layout, "79130000035"
    overflows(layout).steer([line(300)], [Overflow(line(300), "closed", line(104), 0, PAST)])

    async def scenario():
        async with heard(layout) as (told, _):
            with employee(layout, telephone(layout, "104")), citizen(layout, line(300), caller, seconds=2) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            return told

    assert "answered" not in asyncio.run(scenario()).kinds(caller)
