"""A real Asterisk and callers of sipp. Without the packages: WITHOUT_ASTERISK=1 (see docs/asterisk.md)."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from opora.adapters.asterisk.errors import PbxRefused
from opora.adapters.asterisk.exchange import Asterisk
from opora.adapters.asterisk.link import Link
from opora.adapters.asterisk.log import CEL
from opora.adapters.asterisk.tests.conftest import PATIENCE, heard, line, settings, telephone
from opora.adapters.pbxhouse.callers import citizen, employee, rating_citizen
from opora.adapters.pbxhouse.layout import LOOPBACK, Agent, Line
from opora.adapters.pbxhouse.server import Server, free_port
from opora.telephony.fold import fold
from opora.telephony.ports import Kind, NobodyThere, PbxUnavailable

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]  # sipp and Asterisk keep time of their own

ANSWERED = ["arrived", "queued", "ringing", "answered"]


def test_a_call_waits_is_answered_and_rated_and_the_log_tells_the_same(server):
    layout, caller = server.layout, "79130000001"

    async def scenario():
        async with heard(layout) as (told, exchange):
            answering = employee(layout, telephone(layout, "101"), rings=0.3, ends=0.5)
            with answering, rating_citizen(layout, line(200), caller, key=5, seconds=2.5) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            return told, await exchange.since(datetime.now(UTC) - timedelta(hours=1))

    told, logged = asyncio.run(scenario())
    assert told.kinds(caller) == [*ANSWERED, "left", "rated", "recorded", "ended"]
    rows = {event.kind: event for event in told.of(caller)}
    assert (rows[Kind.ARRIVED].line, rows[Kind.ARRIVED].caller) == (line(200), caller)
    assert rows[Kind.ANSWERED].agent == rows[Kind.RINGING].agent == "101"
    assert rows[Kind.RATED].data == {"score": 5}
    again = {event.key: event for event in logged}
    for event in told.of(caller):
        same = again[event.key]
        assert (same.kind, same.call, same.line, same.caller, same.agent, same.data) == (
            event.kind,
            event.call,
            event.line,
            event.caller,
            event.agent,
            event.data,
        )
        assert abs(same.at - event.at) < timedelta(seconds=1)


def test_a_citizen_who_does_not_wait_has_abandoned_once(server):
    layout, caller = server.layout, "79130000002"

    async def scenario():
        async with heard(layout) as (told, exchange):
            with citizen(layout, line(102), caller, seconds=1.2) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            await told.fact(Kind.ABANDONED, caller)
            await told.take_in(await exchange.since(datetime.now(UTC) - timedelta(hours=1)))
            return told

    told = asyncio.run(scenario())
    assert sorted(told.kinds(caller)) == ["abandoned", "arrived", "ended", "left", "queued", "ringing"]


def test_what_happened_while_the_link_was_cut_is_read_from_the_log(server):
    layout, caller = server.layout, "79130000003"

    async def scenario():
        async with cable(layout.ports.ami) as wire, heard(layout, port=wire.port) as (told, _):
            with employee(layout, telephone(layout, "103"), ends=1.5), citizen(layout, line(103), caller, seconds=30):
                await told.fact(Kind.RINGING, caller)
                await wire.cut()
                await asyncio.sleep(0.1)
                assert not told.listener.is_up.is_set()
                before = told.kinds(caller)
                async with asyncio.timeout(PATIENCE):
                    while '"LINKEDID_END"' not in (layout.log / CEL).read_text().split(caller, 1)[1]:
                        await asyncio.sleep(0.05)
                await wire.mend()
            await told.fact(Kind.ENDED, caller)
            return before, told

    before, told = asyncio.run(scenario())
    assert "ended" not in before
    assert [kind for kind in told.kinds(caller) if kind != "left"] == [*ANSWERED, "recorded", "ended"]


def test_a_night_call_leaves_its_voice_with_the_secretary(server):
    layout, caller = server.layout, "79130000004"

    async def scenario():
        async with heard(layout) as (told, _):
            with citizen(layout, line(300), caller, seconds=2.5) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            return told, await told.fact(Kind.SECRETARY, caller)

    told, left = asyncio.run(scenario())
    assert told.kinds(caller) == ["arrived", "secretary", "ended"]
    voice = layout.folder / "spool" / "recording" / left.data["file"]
    assert voice.stat().st_size > 8000  # half a second at the least


def test_hold_then_a_warm_transfer_to_a_colleague(server):
    layout, caller = server.layout, "79130000005"

    async def scenario():
        async with heard(layout) as (told, exchange), AsyncExitStack() as people:
            people.enter_context(employee(layout, telephone(layout, "105")))
            people.enter_context(employee(layout, telephone(layout, "106")))
            people.enter_context(citizen(layout, line(105), caller, seconds=60))
            call = (await told.fact(Kind.ANSWERED, caller)).call
            await exchange.hold(call)
            await told.fact(Kind.HELD, caller)
            await asyncio.sleep(0.3)
            await exchange.resume(call)
            await told.fact(Kind.RESUMED, caller)
            await asyncio.sleep(0.5)
            await exchange.transfer(call, "106", warm=True)
            async with asyncio.timeout(PATIENCE):
                while "106" not in {event.agent for event in told.of(caller) if event.kind == Kind.ANSWERED}:
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)  # they speak
            await hang_up(layout, "105")
            await told.fact(Kind.TRANSFERRED, caller)
            await exchange.hangup(call)
            await told.fact(Kind.ENDED, caller)
            return told

    told = asyncio.run(scenario())
    handed = [event for event in told.of(caller) if event.kind == Kind.TRANSFERRED]
    # Hung up while Asterisk still joins the two, it does not always name the colleague: her answer does.
    assert [(event.agent, event.data["warm"]) for event in handed] == [("105", True)]
    assert {event.agent for event in told.of(caller) if event.kind == Kind.ANSWERED} == {"105", "106"}


def test_a_receiver_put_down_on_a_held_citizen_is_rung_back(server):
    layout, caller = server.layout, "79130000011"

    async def scenario():
        async with heard(layout) as (told, exchange), AsyncExitStack() as people:
            people.enter_context(employee(layout, telephone(layout, "104"), ends=1.5))
            people.enter_context(citizen(layout, line(104), caller, seconds=60))
            call = (await told.fact(Kind.ANSWERED, caller)).call
            await exchange.hold(call)
            await told.facts(Kind.ANSWERED, caller, 2)  # she has put it down, it has rung again
            await told.fact(Kind.ENDED, caller)  # she puts it down once more, and nobody is on hold
            return told

    told = asyncio.run(scenario())
    assert [event.agent for event in told.of(caller) if event.kind == Kind.ANSWERED] == ["104", "104"]
    kinds = [kind for kind in told.kinds(caller) if kind not in {"recorded", "ended"}]
    assert kinds == [*ANSWERED, "held", "left", "ringing", "answered", "left"]
    call = fold(told.of(caller))
    assert (call.now, call.result, call.is_lost) == ("ended", "answered", False)


def test_who_does_not_come_back_to_a_held_citizen_leaves_him_to_the_line(server):
    layout, caller = server.layout, "79130000012"

    async def scenario():
        async with heard(layout) as (told, exchange), AsyncExitStack() as people:
            with employee(layout, telephone(layout, "104"), ends=1.5):
                people.enter_context(citizen(layout, line(104), caller, seconds=60))
                call = (await told.fact(Kind.ANSWERED, caller)).call
                await exchange.hold(call)
                await told.fact(Kind.LEFT, caller)
            await told.facts(Kind.QUEUED, caller, 2)  # her telephone is silent
            people.enter_context(employee(layout, telephone(layout, "104")))
            await told.facts(Kind.ANSWERED, caller, 2)
            await exchange.hold(call)
            await told.facts(Kind.HELD, caller, 2)
            await exchange.hangup(call)  # by the button: nobody is brought back
            await told.fact(Kind.ENDED, caller)
            await asyncio.sleep(1.5)
            return told

    told = asyncio.run(scenario())
    call = fold(told.of(caller))
    assert (call.now, call.result, call.extension, call.is_lost) == ("ended", "answered", "104", False)
    assert told.kinds(caller)[-1] == "ended"


def test_a_blind_transfer_and_a_hang_up_from_outside(server):
    layout, caller = server.layout, "79130000006"

    async def scenario():
        async with heard(layout) as (told, exchange), AsyncExitStack() as people:
            people.enter_context(employee(layout, telephone(layout, "106")))
            people.enter_context(employee(layout, telephone(layout, "107")))
            people.enter_context(citizen(layout, line(106), caller, seconds=30))
            call = (await told.fact(Kind.ANSWERED, caller)).call
            await asyncio.sleep(0.3)
            await exchange.transfer(call, "107", warm=False)
            async with asyncio.timeout(PATIENCE):
                while told.kinds(caller).count("answered") < 2:
                    await asyncio.sleep(0.05)
            await exchange.hangup(call)
            await told.fact(Kind.ENDED, caller)
            await exchange.hangup(call)  # already over: no error
            return told

    told = asyncio.run(scenario())
    (handed,) = [event for event in told.of(caller) if event.kind == Kind.TRANSFERRED]
    assert (handed.agent, dict(handed.data)) == ("106", {"to": "107", "warm": False})


def test_nobody_is_handed_over_to_a_telephone_that_is_not_there(tmp_path, server):
    """106 is a telephone in a browser that is closed, and the only one of its line; 105 answers by itself."""
    caller, port = "79130000013", free_port(udp=True)
    lines, agents = [Line(line(1), ["105"]), Line(line(2), ["106"])], [Agent("105", port), Agent("106")]

    async def scenario(own):
        async with heard(own.layout) as (told, exchange), AsyncExitStack() as people:
            people.enter_context(employee(own.layout, port))
            people.enter_context(citizen(own.layout, line(1), caller, seconds=60))
            call = (await told.fact(Kind.ANSWERED, caller)).call
            for to, warm in (("106", False), ("106", True), (line(2), False), ("199", False)):
                with pytest.raises(NobodyThere):
                    await exchange.transfer(call, to, warm=warm)
            talks = fold(told.of(caller))
            await asyncio.sleep(1)  # the key of who stands in a queue names the second
            # She was there a moment ago, and is there no more when her telephone is to ring.
            exchange._answers = _yes
            await exchange.transfer(call, "106", warm=False)
            await told.facts(Kind.QUEUED, caller, 2)
            await told.facts(Kind.ANSWERED, caller, 2)
            back = fold(told.of(caller))
            await exchange.hangup(call)
            await told.fact(Kind.ENDED, caller)
            return talks, back

    with Server(lines=lines, agents=agents, folder=tmp_path / "pbx") as own:
        talks, back = asyncio.run(scenario(own))
    assert (talks.now, talks.extension, talks.transfers) == ("talking", "105", 0)
    assert (back.now, back.extension, back.transfers) == ("talking", "105", 1)


async def _yes(*_: object) -> bool:
    return True


def test_a_call_back_rings_the_employee_first_and_keeps_its_reference(server):
    layout, caller = server.layout, "79130000007"

    async def scenario():
        async with heard(layout) as (told, exchange), AsyncExitStack() as people:
            people.enter_context(employee(layout, telephone(layout, "104"), ends=2))
            people.enter_context(employee(layout, layout.ports.trunk))
            call = await exchange.originate("104", caller, "promise-17")
            arrived = await told.fact(Kind.ARRIVED, caller)
            await told.fact(Kind.ENDED, caller)
            return told, call, arrived

    told, call, arrived = asyncio.run(scenario())
    assert (arrived.call, arrived.agent) == (call, "104")
    assert dict(arrived.data) == {"direction": "out", "reference": "promise-17"}
    assert [event.agent for event in told.of(caller) if event.kind == Kind.ANSWERED] == ["104"]


def test_a_break_has_its_reason(server):
    async def scenario():
        async with heard(server.layout) as (told, exchange):
            await exchange.state("107", ready=False, reason="обед")
            await exchange.state("107", ready=True, reason="")
            async with asyncio.timeout(PATIENCE):
                while len(states := [e for e in told.rows.values() if e.kind == Kind.AGENT and e.agent == "107"]) < 2:
                    await asyncio.sleep(0.02)
            return states

    assert [dict(state.data) for state in asyncio.run(scenario())] == [
        {"ready": False, "reason": "обед"},
        {"ready": True, "reason": ""},
    ]


def test_a_restart_of_the_exchange_ends_the_calls_it_cut_off(tmp_path, server):
    caller, port = "79130000008", free_port(udp=True)

    async def scenario(own):
        async with heard(own.layout) as (told, _):
            with employee(own.layout, port), citizen(own.layout, line(1), caller, seconds=60):
                await told.fact(Kind.ANSWERED, caller)
                await asyncio.to_thread(own.kill)
                await asyncio.to_thread(own.start)
            ended = await told.fact(Kind.ENDED, caller)
            with citizen(own.layout, line(1), "79130000009", seconds=0.8):
                await told.fact(Kind.ENDED, "79130000009")  # and life goes on
            return ended

    with Server(lines=[Line(line(1), ["101"])], agents=[Agent("101", port)], folder=tmp_path / "pbx") as own:
        assert dict(asyncio.run(scenario(own)).data) == {"cause": "restart"}


def test_a_wrong_password_and_a_dead_exchange_are_told_apart(server):
    wrong = settings(server.layout)
    wrong = type(wrong)(wrong.name, wrong.host, wrong.port, wrong.login, "wrong")
    with pytest.raises(PbxRefused):
        asyncio.run(Asterisk(wrong).hangup("1"))
    with pytest.raises(PbxUnavailable):
        asyncio.run(Asterisk(settings(server.layout, port=free_port())).hangup("1"))


async def hang_up(layout, extension):
    """The employee puts her telephone down."""
    async with Link(settings(layout)) as link:
        for channel in await link.listed("CoreShowChannels"):
            if channel["Channel"].startswith(f"PJSIP/{extension}-"):
                await link.ask("Hangup", Channel=channel["Channel"])


class Cable:
    """A wire to the exchange that can be cut and mended."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.port = free_port()
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._join, LOOPBACK, self.port)

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._to)
        self._writers += [writer, far_writer]
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def cable(to: int):
    """A cable for the time of a block."""
    wire = Cable(to)
    await wire.mend()
    yield wire
    await wire.cut()


def test_the_log_is_read_when_the_link_already_hears(server):
    """A listener that knows only the port starts both at once: whatever falls between the two is lost."""
    layout, caller = server.layout, "79130000010"

    async def scenario():
        exchange, heard_at = Asterisk(settings(layout)), []

        async def hear():
            async for event in exchange.events():
                heard_at.append(event.caller)
                if event.kind == Kind.ENDED:
                    return

        hearing = asyncio.create_task(hear())
        await asyncio.sleep(0)
        logged = await exchange.since(datetime.now(UTC) - timedelta(hours=1))
        with citizen(layout, line(107), caller, seconds=0.3):
            async with asyncio.timeout(PATIENCE):
                await hearing
        return logged, heard_at

    logged, heard_at = asyncio.run(scenario())
    assert caller in heard_at
    assert caller not in {event.caller for event in logged}
