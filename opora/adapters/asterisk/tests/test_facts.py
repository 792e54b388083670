"""Facts made of what a real Asterisk 22 said and wrote into its log; the numbers are invented."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opora.adapters.asterisk import facts, log
from opora.adapters.asterisk.settings import AsteriskSettings
from opora.adapters.asterisk.wire import Blocks, Torn, action
from opora.telephony.fold import fold
from opora.telephony.ports import Kind

FIXTURES = Path(__file__).parent / "fixtures"
SETTINGS = AsteriskSettings("main", "127.0.0.1", 5038, "opora", "", log=FIXTURES / "log")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def live():
    said = (FIXTURES / "dialogue.ami").read_bytes()
    blocks = Blocks()
    read = [block for start in range(0, len(said), 1000) for block in blocks.feed(said[start : start + 1000])]
    hearing = facts.Hearing(SETTINGS)
    return [event for block in read if (event := hearing.fact(block))]


@pytest.fixture(scope="module")
def logged():
    return log.read(SETTINGS, LONG_AGO)


def calls(events):
    """Kinds of every call in the order they arrived."""
    told: dict[str, list[str]] = {}
    for event in events:
        told.setdefault(event.call, []).append(str(event.kind))
    return list(told.values())


def test_a_dialogue_becomes_calls_as_people_see_them(live):
    states, answered, left, night, hidden, handed = calls(live)
    assert states == ["agent", "agent"]
    assert answered == ["arrived", "queued", "ringing", "answered", "left", "rated", "recorded", "ended"]
    assert left == ["arrived", "queued", "ringing", "left", "abandoned", "ended"]
    assert night == hidden == ["arrived", "secretary", "ended"]
    assert handed[:4] == ["arrived", "queued", "ringing", "answered"]
    assert handed[4:] == ["ringing", "answered", "transferred", "left", "recorded", "left", "ended"]


def test_who_calls_where_and_who_answers(live):
    arrived = [(event.line, event.caller) for event in live if event.kind == Kind.ARRIVED]
    first, second, night = (
        ("88005550101", "79130000001"),
        ("88005550101", "79130000002"),
        ("88005550102", "79130000003"),
    )
    assert arrived == [first, second, night, ("88005550102", ""), ("88005550101", "79130000004")]
    assert [event.agent for event in live if event.kind == Kind.ANSWERED] == ["101", "101", "102"]
    (handed,) = [event for event in live if event.kind == Kind.TRANSFERRED]
    assert dict(handed.data) == {"to": "102", "warm": True}


def test_the_log_tells_the_same_facts_by_the_same_keys(live, logged):
    def told(events):
        return {e.key: (e.call, e.kind, e.line, e.caller, e.agent, dict(e.data)) for e in events}

    assert told(live) == told(logged)
    moments = {event.key: event.at for event in logged}
    assert max(abs(event.at - moments[event.key]) for event in live) < timedelta(seconds=1)


@pytest.mark.parametrize("hours", [7, -3, 5.5])
def test_the_clock_on_the_wall_of_the_exchange_may_be_anywhere(hours):
    block = {
        "Event": "CEL",
        "EventName": "ANSWER",
        "UniqueID": "1.1",
        "LinkedID": "1.0",
        "Timestamp": "1795382524.000900",
    }
    happened = datetime(2026, 11, 22, 21, 22, 3, tzinfo=UTC)  # the word of it came in the next second
    wall = happened + timedelta(hours=hours)
    row = facts.live_row({**block, "EventTime": f"{wall:%Y-%m-%d %H:%M:%S}"})
    assert row is not None
    assert happened <= row.at < happened + timedelta(seconds=1)


def row_told(name, channel, second, said, **fields):
    return {
        "Event": "CEL",
        "EventName": name,
        "EventTime": f"2026-11-22 21:22:{second:02}",
        "Timestamp": f"{datetime(2026, 11, 22, 21, 22, tzinfo=UTC).timestamp() + said:.6f}",
        "Channel": channel,
        "UniqueID": "1.0" if "city" in channel else "1.1",
        "LinkedID": "1.0",
        **fields,
    }


def test_words_that_come_late_keep_the_order_of_the_exchange():
    """A loaded exchange: from the queue to the end of the talk in one second, half of it told in the next."""
    city, employee = "PJSIP/city-1", "PJSIP/101-2"
    blocks = [
        row_told("CHAN_START", city, 3, 3.10, Exten="100", CallerIDnum="79130000001"),
        row_told("APP_START", city, 3, 3.20, Application="Queue", AppData="100,tT"),
        row_told("CHAN_START", employee, 3, 3.95),
        row_told("ANSWER", employee, 3, 4.01),
        row_told("HANGUP", employee, 3, 4.02),
        row_told("USER_DEFINED", city, 4, 4.03, UserDefType="OPORA_RATED", Extra='{"extra":"5"}'),
    ]
    hearing = facts.Hearing(SETTINGS)
    told = [hearing.fact(block) for block in blocks]
    kinds = ["arrived", "queued", "ringing", "answered", "left", "rated"]
    assert [event.kind for event in sorted(told, key=lambda event: event.at)] == kinds
    assert {int(event.at.timestamp()) % 60 for event in told[:-1]} == {3}, (
        "a key names the second, the log has the same"
    )
    assert len({event.at for event in told}) == len(told), "equal moments would be put into the order of kinds"
    call = fold([told[place] for place in (4, 2, 0, 5, 3, 1)])
    assert (call.now, call.extension, call.talked) == ("after", "101", 0)


def test_reading_from_a_moment_leaves_out_what_was_before(logged):
    middle = logged[len(logged) // 2].at
    assert log.read(SETTINGS, middle) == [event for event in logged if event.at >= middle]


def test_a_long_log_is_found_by_halves(tmp_path, logged):
    row = (FIXTURES / "log" / log.CEL).read_text().splitlines()[0]
    moment = row.split('","')[1]
    (tmp_path / "cel-custom").mkdir()
    file = tmp_path / log.CEL
    file.write_text(
        "".join(row.replace(moment, f"{second}.5") + "\n" for second in range(1_700_000_000, 1_700_020_000))
    )
    file.with_name(file.name + ".1").write_text(row.replace(moment, "1699999999.5") + "\n")
    lines = list(log._lines(file, log._row_moment, datetime.fromtimestamp(1_700_019_000, UTC)))
    assert len(lines) == 1000
    assert len(list(log._lines(file, log._row_moment, LONG_AGO))) == 20_001


def test_calls_that_stood_when_the_exchange_died_are_ended_by_its_start(tmp_path):
    rows = (FIXTURES / "log" / log.CEL).read_text().splitlines(keepends=True)
    half = next(number for number, row in enumerate(rows) if '"LINKEDID_END"' in row)
    (tmp_path / "cel-custom").mkdir()
    (tmp_path / log.CEL).write_text("".join(rows[:half]) + '"HANGUP","179')  # torn by the crash
    (tmp_path / log.QUEUES).write_text("4000000000|NONE|NONE|NONE|QUEUESTART|\n")
    told = log.read(AsteriskSettings("main", "", 0, "", "", log=tmp_path), LONG_AGO)
    assert (told[-1].kind, dict(told[-1].data)) == (Kind.ENDED, {"cause": "restart"})


def test_an_event_that_is_not_whole_is_refused_by_its_reader():
    with pytest.raises(KeyError):
        facts.Hearing(SETTINGS).fact({"Event": "CEL", "EventName": "ANSWER"})
    with pytest.raises(ValueError):
        facts.Hearing(SETTINGS).fact({"Event": "CEL", "EventTime": "yesterday", "Timestamp": "1"})


def test_a_score_is_a_key_from_one_to_five(logged):
    row = facts.Row("OPORA_RATED", LONG_AGO, "", "", "PJSIP/city-1", "", "", "1.1", "1.1", '{"extra":"9"}')
    assert facts.fact(row, SETTINGS) is None


def test_a_value_with_the_end_of_a_line_is_no_second_action():
    with pytest.raises(ValueError):
        action("Originate", {"Exten": "1\r\n\r\nAction: Command"})


def test_what_is_not_ami_is_torn():
    with pytest.raises(Torn):
        list(Blocks().feed(b"x" * (2 << 20)))
