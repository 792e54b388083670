"""Facts come in once, in any order, through lost links; rows of a neighbour are not there."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import timezone

from opora.access.scope import enter
from opora.live import news
from opora.telephony.models import Agent, Call, CallBack, CallEvent, Known, Spell
from opora.telephony.ports import Kind
from opora.telephony.services import close_lost, take_in
from opora.telephony.services.taking import asked_since
from opora.telephony.tests.exchange import BEGAN, MemoryPbx


def test_a_call_is_taken_and_is_somebodys(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    assert take_in(pbx.whole("a")) == 9
    call = Call.objects.get()
    assert (call.organisation, call.served, call.employee) == (
        seats.alina.organisation,
        seats.alina.organisation,
        cast.alina,
    )
    assert (call.waited, call.talked, call.result) == (10, 100, "answered")


@pytest.mark.parametrize("seed", range(4))
def test_any_order_in_any_batches_gives_the_same_row(pbx: MemoryPbx, seats: SimpleNamespace, seed: int) -> None:
    """What was known of the call at every step does not change what it is at the end."""
    rnd = random.Random(seed)
    facts = pbx.whole("a") + pbx.missed("b", caller="", after=5)
    take_in(facts)
    fields = [field.attname for field in Call._meta.fields if field.attname not in {"id", "call"}]
    rows = {call.call: [getattr(call, name) for name in fields] for call in Call.objects.all()}
    again = [*facts]
    rnd.shuffle(again)
    other = [_renamed(fact) for fact in again]
    while other:
        size = rnd.randint(1, 4)
        take_in(other[:size] + rnd.choices(other[:size], k=2))
        other = other[size:]
    for name in ("a", "b"):
        call = Call.objects.get(call=f"{name}-again")
        assert [getattr(call, field) for field in fields] == rows[name]


def test_a_repeat_is_harmless_even_with_another_moment(pbx: MemoryPbx, lines: SimpleNamespace) -> None:
    facts = pbx.missed("a")
    assert take_in([*facts, *facts]) == 4
    assert take_in([replace(fact, at=fact.at - timedelta(days=40)) for fact in facts]) == 0
    assert CallEvent.objects.count() == 4


def test_a_moment_without_zone_is_refused(pbx: MemoryPbx, lines: SimpleNamespace) -> None:
    fact = pbx.tell("a", Kind.ARRIVED)
    with pytest.raises(ValueError, match="zone"):
        take_in([replace(fact, at=fact.at.replace(tzinfo=None))])


def test_facts_are_not_rewritten(pbx: MemoryPbx, lines: SimpleNamespace) -> None:
    take_in(pbx.missed("a"))
    with pytest.raises(Error, match="Cannot update"), transaction.atomic():
        CallEvent.objects.update(line="")


def test_a_line_nobody_entered_and_a_hidden_number(pbx: MemoryPbx, lines: SimpleNamespace) -> None:
    pbx.line = "777"
    take_in(pbx.missed("a", caller="anonymous"))
    call = Call.objects.get()
    assert (call.line, call.organisation, call.caller, call.result) == (None, None, "", "abandoned")
    assert not CallBack.objects.exists()


def test_a_neighbour_sees_nothing_of_a_call(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    take_in(pbx.whole("a"))
    for login, seen in {"alina": 1, "boris": 1, "vera": 0, "op1": 0}.items():
        with enter(getattr(cast, login).scope):
            assert Call.objects.count() == seen, login
            assert Call.objects.accessible_to(getattr(cast, login)).count() == seen
            assert CallEvent.objects.count() == 0


def test_who_served_a_neighbours_call_sees_it(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    take_in(pbx.whole("a", agent="301"))
    with enter(cast.op1.scope):
        call = Call.objects.get()
        assert (call.served_id, call.employee_id) == (seats.op1.organisation_id, cast.op1.pk)
        assert call.organisation_id == seats.alina.organisation_id


def test_an_agent_talks_then_writes_down(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    facts = pbx.whole("a")
    take_in(facts[:4])
    agent = Agent.objects.get(extension="201")
    assert (agent.state, agent.since) == ("talk", BEGAN + timedelta(seconds=10))
    take_in(facts[4:])
    agent.refresh_from_db()
    assert (agent.state, agent.since, agent.call.call) == ("wrap", BEGAN + timedelta(seconds=110), "a")
    spells = Spell.objects.filter(extension="201").values_list("state", "until")
    assert [state for state, _ in spells] == ["ready", "talk", "wrap"]
    assert [until is None for _, until in spells] == [False, False, True]


def test_an_exchange_tells_the_state_of_an_agent(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    later = pbx.tell("", Kind.AGENT, 60, agent="201", ready=False, reason="meal")
    take_in([later, pbx.tell("", Kind.AGENT, 30, agent="201", ready=True)])
    agent = Agent.objects.get(extension="201")
    assert (agent.state, agent.reason) == ("break", "meal")
    take_in([pbx.tell("", Kind.AGENT, 40, agent="201", ready=True)])
    agent.refresh_from_db()
    assert agent.state == "break", "an older word came later"


def test_a_call_without_end_is_closed_and_its_end_still_counts(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    facts = pbx.whole("a")
    take_in(facts[:4])
    assert close_lost("main", BEGAN + timedelta(minutes=30)) == 0
    assert close_lost("main", BEGAN + timedelta(hours=3)) == 1
    assert Call.objects.get().result == "unknown"
    assert Agent.objects.get(extension="201").state == "wrap"
    take_in(facts[4:])
    assert (Call.objects.get().result, Call.objects.get().talked) == ("answered", 100)


def test_news_name_nobody(pbx: MemoryPbx, seats: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[news.News] = []
    monkeypatch.setattr("opora.telephony.services.taking.publish", told.extend)
    take_in(pbx.whole("a")[:3])
    channels = {channel for one in told for channel in one.channels}
    assert channels == {f"emp:{seats.alina.employee_id}", f"org:{seats.alina.organisation_id}:line"}
    assert all("79000000001" not in one.text() for one in told)


def test_what_was_missed_while_the_link_was_away(
    lines: SimpleNamespace, pbx: MemoryPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call begins, the link breaks, the exchange goes on, its log is asked: the calls are whole."""
    monkeypatch.setattr("opora.telephony.tests.exchange.BEGAN", timezone.now() - timedelta(minutes=5))
    take_in([pbx.tell("a", Kind.ARRIVED, 0, caller="89000000001")])
    pbx.missed("b", after=5)
    pbx.tell("a", Kind.ENDED, 20)

    assert take_in(asyncio.run(pbx.since(asked_since("main")))) == 5
    assert sorted(Call.objects.values_list("call", "result")) == [("a", "abandoned"), ("b", "abandoned")]


def test_a_long_silence_is_read_from_where_it_began(
    lines: SimpleNamespace, pbx: MemoryPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listener dies with a call alive; its end is written by us; the listener comes back after a weekend."""
    died = timezone.now() - timedelta(days=3)
    monkeypatch.setattr("opora.telephony.tests.exchange.BEGAN", died)
    take_in([pbx.tell("a", Kind.ARRIVED, -60, caller="89000000001")])
    Known.objects.update(taken_at=died)
    assert close_lost("main", died + timedelta(hours=3)) == 1
    Known.objects.filter(key__startswith="opora:").update(taken_at=died + timedelta(hours=3))
    pbx.tell("a", Kind.ENDED, 20)
    pbx.missed("b", caller="89000000002", after=60)

    assert take_in(asyncio.run(pbx.since(asked_since("main")))) == 5
    assert dict(Call.objects.values_list("call", "result")) == {"a": "abandoned", "b": "abandoned"}
    assert asked_since("main", died + timedelta(days=90)) == died + timedelta(days=60)


def test_a_listener_that_died_over_the_log_reads_on_from_there(
    lines: SimpleNamespace, pbx: MemoryPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opora.telephony.tests.exchange.BEGAN", timezone.now() - timedelta(hours=9))
    half = pbx.missed("a")
    pbx.missed("b", caller="89000000002", after=3600)
    take_in(half)  # a minute ago by our clock; the rest was not taken

    assert take_in(asyncio.run(pbx.since(asked_since("main")))) == 4
    assert set(Call.objects.values_list("call", flat=True)) == {"a", "b"}


def _renamed(fact: Any) -> Any:
    return replace(fact, key=f"again-{fact.key}", call=f"{fact.call}-again")
