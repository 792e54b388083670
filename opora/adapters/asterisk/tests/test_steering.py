"""A real exchange offers to call back, keeps hours and sends calls to a neighbour as the program has told it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from opora.adapters.asterisk.steering import AsteriskSteering, written
from opora.adapters.asterisk.tests.conftest import heard, line, settings, telephone
from opora.adapters.pbxhouse.callers import citizen, employee, rating_citizen
from opora.adapters.pbxhouse.layout import Layout
from opora.telephony.fold import fold
from opora.telephony.ports import Hours, Kind, Overflow

LATER = datetime.now(UTC) + timedelta(days=1)
PAST = datetime.now(UTC) - timedelta(seconds=1)
LONG_AGO = PAST - timedelta(days=1)
LINES = [line(300), line(400)]


def steering(layout: Layout) -> AsteriskSteering:
    known = {name: value for name, value in vars(settings(layout)).items() if name != "_pattern"}
    return AsteriskSteering("main", known)


def unknown() -> list[Hours]:
    """What was told of the lines is over: the exchange does what its own settings say."""
    return [Hours(number, (), PAST) for number in LINES]


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


@pytest.mark.slow
@pytest.mark.flaky(reruns=1)
@pytest.mark.parametrize(("caller", "digits"), [("anonymous", ""), ("12345", "12345")])
def test_who_cannot_be_called_back_is_promised_nothing_and_waits_on(server, caller, digits):
    layout = server.layout

    async def scenario():
        async with heard(layout) as (told, exchange):
            with rating_citizen(layout, line(400), caller, key=1, seconds=2) as calling:
                call = (await told.fact(Kind.QUEUED, digits)).call
                await asyncio.sleep(4)
                assert calling.process.poll() is None, "he was sent away"
                await exchange.hangup(call)
                await told.fact(Kind.ENDED, digits)
            return told

    told = asyncio.run(scenario())
    assert told.kinds(digits).count("queued") == 1, "his place is kept"
    assert "secretary" not in told.kinds(digits)


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
    steering(layout).steer(unknown(), [Overflow(of, when, to, seconds, LATER)])

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
        steering(layout).steer(unknown(), [])
    call = fold(told.of(caller))
    assert (call.result, call.line, call.extension) == ("answered", of, extension)
    assert call.waited >= seconds


@pytest.mark.slow
def test_a_rule_ends_by_itself(server):
    layout, caller = server.layout, "79130000035"
    steering(layout).steer(unknown(), [Overflow(line(300), "closed", line(104), 0, PAST)])

    async def scenario():
        async with heard(layout) as (told, _):
            with employee(layout, telephone(layout, "104")), citizen(layout, line(300), caller, seconds=2) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            return told

    assert "answered" not in asyncio.run(scenario()).kinds(caller)


def opened(number: str, *, now: bool) -> Hours:
    """A line that works around this moment, or that has worked and will work again."""
    spans = [(LONG_AGO, LATER)] if now else [(LONG_AGO, PAST), (LATER, LATER + timedelta(hours=1))]
    return Hours(number, spans, LATER + timedelta(days=7))


@pytest.mark.slow
@pytest.mark.parametrize("now", [True, False])
def test_hours_that_the_program_has_told_stand_above_those_of_the_exchange(server, now):
    """Line 107 is open and 300 closed by the exchange's own settings: told the other way, they go the other way."""
    layout, number = server.layout, 107 if not now else 300
    caller = f"7913000004{int(now)}"
    steering(layout).steer([opened(line(number), now=now)], [])

    async def scenario():
        async with heard(layout) as (told, _):
            with citizen(layout, line(number), caller, seconds=2.5) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            return told

    try:
        told = asyncio.run(scenario())
    finally:
        steering(layout).steer([Hours(line(number), (), PAST)], [])
    assert ("queued" in told.kinds(caller), "secretary" in told.kinds(caller)) == (now, not now)


@pytest.mark.slow
def test_a_line_closes_by_itself_while_the_program_says_nothing(server):
    layout = server.layout
    soon = datetime.now(UTC) + timedelta(seconds=8)
    steering(layout).steer([Hours(line(300), [(LONG_AGO, soon)], LATER)], [])

    async def scenario():
        async with heard(layout) as (told, _):
            with citizen(layout, line(300), "79130000045", seconds=2) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.QUEUED, "79130000045")
            await asyncio.sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds()) + 0.2)
            with citizen(layout, line(300), "79130000046", seconds=2.5) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.SECRETARY, "79130000046")

    try:
        asyncio.run(scenario())
    finally:
        steering(layout).steer(unknown(), [])


def test_more_spans_than_a_line_of_the_protocol_holds_are_told_in_time() -> None:
    spans = [(PAST + timedelta(hours=hour), PAST + timedelta(hours=hour, minutes=30)) for hour in range(60)]
    value = written([Hours("100", spans, LATER)], [])["hours/100"]
    assert len(value) < 1000
    assert value.startswith(f"{int(spans[40][0].timestamp())}:")
