"""Who did not get through is called back: one task for a number, one owner, gone when they were talked to."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.organisations.hours import ALWAYS, opening, parse_day
from opora.telephony import rules
from opora.telephony.errors import InTalk, NoLine, SeatTaken, TaskClosed, TaskTaken
from opora.telephony.models import Agent, Call, CallBack
from opora.telephony.ports import SILENCE, Kind, PbxEvent
from opora.telephony.services import (
    call_back_later,
    called_back,
    change_state,
    take_in,
    take_seat,
    take_task,
    taking,
)
from opora.telephony.tests.exchange import BEGAN, MemoryPbx
from opora.telephony.words import AgentState

NSK = ZoneInfo("Asia/Novosibirsk")


def night(pbx: MemoryPbx, call: str, caller: str = "89000000001") -> None:
    """Four in the afternoon of the exchange's day is late evening at the line."""
    after = 16 * 3600
    pbx.tell(call, Kind.ARRIVED, after, caller=caller)
    pbx.tell(call, Kind.SECRETARY, after + 20, file=f"{call}.wav")
    pbx.tell(call, Kind.ENDED, after + 40)


def test_one_task_for_a_number_however_often_he_calls(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    for number in range(3):
        take_in(pbx.missed(f"m{number}", after=number * 60))
    task = CallBack.objects.get()
    assert (task.missed, task.why, task.caller, task.owner) == (3, "missed", "79000000001", None)
    assert task.called_at == BEGAN + timedelta(minutes=2)
    take_in([pbx.tell("m1", Kind.RECORDED, 95, file="x.wav")])
    task.refresh_from_db()
    assert task.missed == 3, "a call folded again is not counted again"


def test_a_later_conversation_closes_the_task(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    take_in(pbx.missed("m"))
    take_in(pbx.whole("w", after=600))
    assert CallBack.objects.get().state == "came"


def test_a_conversation_that_is_known_first_leaves_no_task(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    take_in(pbx.whole("w", after=600))
    take_in(pbx.missed("m"))
    assert not CallBack.objects.exists()


def test_an_earlier_conversation_closes_nothing(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    take_in(pbx.missed("m", after=600))
    take_in(pbx.whole("w"))
    assert CallBack.objects.get().state == "open"


def test_our_own_call_closes_the_task(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    take_in(pbx.missed("m"))
    out = [
        pbx.tell("o", Kind.ARRIVED, 300, caller="79000000001", direction="out", reference="task-1"),
        pbx.tell("o", Kind.ANSWERED, 310, agent="201"),
    ]
    take_in(out)
    task = CallBack.objects.get()
    assert (task.state, task.done_by) == ("done", cast.alina)


def test_the_secretary_of_the_night_leaves_a_promise(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    night(pbx, "n")
    night(pbx, "hidden", caller="")
    take_in(pbx.log)
    tasks = CallBack.objects.order_by("caller")
    assert [(task.caller, task.why, task.voice) for task in tasks] == [
        ("", "secretary", "hidden.wav"),
        ("79000000001", "secretary", "n.wav"),
    ]
    opens = datetime(2026, 3, 12, 9, 0, tzinfo=NSK)
    assert {task.due_at for task in tasks} == {opens + rules.WITHIN}


def test_a_hidden_number_that_left_no_word_is_nobodys_task(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    take_in(pbx.missed("m", caller=""))
    assert not CallBack.objects.exists()


def lost(pbx: MemoryPbx, call: str, after: float = 0) -> list[PbxEvent]:
    """Answered, handed over to a line where nobody answers."""
    return [
        *pbx.whole(call, after=after)[:4],
        pbx.tell(call, Kind.TRANSFERRED, after + 40, agent="201", to="200", warm=False),
        pbx.tell(call, Kind.LEFT, after + 41, agent="201"),
        pbx.tell(call, Kind.QUEUED, after + 42),
        pbx.tell(call, Kind.ABANDONED, after + 90),
        pbx.tell(call, Kind.ENDED, after + 90),
    ]


def test_who_was_answered_and_lost_is_called_back(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    take_in(lost(pbx, "a"))
    task = CallBack.objects.get()
    assert (task.state, task.why, task.called_at) == ("open", "missed", BEGAN + timedelta(seconds=90))
    take_in([pbx.tell("a", Kind.RECORDED, 95, file="a.wav")])
    assert CallBack.objects.get().state == "open", "his own answer does not close it"
    take_in(lost(pbx, "b", after=600))
    assert (CallBack.objects.get().missed, CallBack.objects.get().state) == (2, "open")
    take_in(pbx.whole("w", after=1200))
    assert CallBack.objects.get().state == "came"


def test_whose_talk_a_dead_telephone_cut_is_called_back(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    talk = pbx.whole("a")[:4]
    take_in([*talk, pbx.tell("a", Kind.LEFT, 40, agent="201", cause=SILENCE), pbx.tell("a", Kind.ENDED, 41)])
    task = CallBack.objects.get()
    assert (task.state, task.why, task.called_at) == ("open", "missed", BEGAN + timedelta(seconds=41))
    take_in([pbx.tell("a", Kind.RECORDED, 42, file="a.wav")])
    assert CallBack.objects.get().state == "open", "the answer that was cut does not close it"
    take_in(pbx.whole("w", after=1200))
    assert CallBack.objects.get().state == "came"


def test_a_call_back_dialled_by_hand_closes_the_task(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace
) -> None:
    take_in(pbx.missed("m"))
    dialled = pbx.tell("o", Kind.ARRIVED, 300, caller="89000000001", agent="201", direction="out")
    take_in([dialled, pbx.tell("o", Kind.ANSWERED, 310)])
    task = CallBack.objects.get()
    assert (task.state, task.done_by) == ("done", cast.alina)
    assert Call.objects.get(call="o").employee == cast.alina


def test_a_portion_never_cuts_a_call_in_two(
    pbx: MemoryPbx, seats: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three calls told at once, the end of each before its answer: half of one would be a call nobody has answered."""
    monkeypatch.setattr(taking, "BATCH", 4)
    told = [pbx.whole(name, caller=f"8900000000{place}") for place, name in enumerate("abc")]
    late = [[*facts[:3], *facts[6:], *facts[3:6]] for facts in told]
    mixed = [fact for same in zip(*late, strict=True) for fact in same]
    assert take_in([*mixed, pbx.tell("", Kind.AGENT, 200, agent="201", ready=True)]) == 28
    assert not CallBack.objects.exists()
    assert list(Call.objects.values_list("result", "talked")) == [("answered", 100)] * 3
    assert [sum(fact.call == name for fact in batch) for batch in taking._batches(mixed) for name in "abc"] == [
        *(9, 0, 0),
        *(0, 9, 0),
        *(0, 0, 9),
    ]


def test_terms_are_shown_in_colours_the_earliest_first(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace, signed_in: Callable[[str], Client]
) -> None:
    for number in range(3):
        take_in(pbx.missed(f"m{number}", caller=f"8900000000{number}", after=number * 60))
    now = timezone.now()
    dues = {"79000000000": 20, "79000000001": 300, "79000000002": -5}
    for caller, minutes in dues.items():
        CallBack.objects.filter(caller=caller).update(due_at=now + timedelta(minutes=minutes))
    CallBack.objects.filter(caller="79000000001").update(owner=cast.alina)
    page = signed_in("alina").get("/telephony/").content.decode()
    rows = page.split("data-row=")[1:]
    states = [re.findall(r'class="badge" data-state="(late|today)"', row.split("</tr>")[0]) for row in rows]
    assert states == [["late"], ["today"], []]
    assert "+7 900 000-00-01" in rows[2], "her own task stands by its term too"


def test_one_owner(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    take_in(pbx.missed("m"))
    task = CallBack.objects.get()
    with enter(cast.alina.scope):
        assert take_task(task.pk, by=cast.alina).owner == cast.alina
    with enter(cast.sp2.scope):
        with pytest.raises(TaskTaken):
            take_task(task.pk, by=cast.sp2)
        with pytest.raises(TaskTaken):
            called_back(task.pk, by=cast.sp2)
    with enter(cast.op1.scope), pytest.raises(TaskClosed):
        called_back(task.pk, by=cast.op1)


def test_no_answer_comes_again_and_the_third_time_is_the_last(
    pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace
) -> None:
    take_in(pbx.missed("m"))
    task = CallBack.objects.get()
    states = []
    for _ in range(3):
        with enter(cast.alina.scope):
            states.append(call_back_later(task.pk, by=cast.alina).state)
    assert states == ["open", "open", "given_up"]
    task.refresh_from_db()
    assert task.owner == cast.alina
    with enter(cast.alina.scope), pytest.raises(TaskClosed):
        called_back(task.pk, by=cast.alina)


def test_a_seat_is_for_one(seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    with enter(cast.boris.scope), pytest.raises(SeatTaken):
        take_seat("201", by=cast.boris)
    with enter(cast.alina.scope):
        take_seat("205", by=cast.alina)
    assert set(Agent.objects.filter(employee=cast.alina).values_list("extension", flat=True)) == {"205"}
    with enter(cast.vera.scope), pytest.raises(NoLine):
        take_seat("401", by=cast.vera)


def test_a_state_waits_for_the_end_of_the_talk(pbx: MemoryPbx, seats: SimpleNamespace, cast: SimpleNamespace) -> None:
    take_in(pbx.whole("a")[:4])
    with enter(cast.alina.scope), pytest.raises(InTalk):
        change_state(AgentState.BREAK, "meal", by=cast.alina)


WEEK = (*[parse_day("9-18")] * 5, (), ())


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-11 12:00", "2026-03-11 12:00"),
        ("2026-03-11 08:00", "2026-03-11 09:00"),
        ("2026-03-11 18:00", "2026-03-12 09:00"),
        ("2026-03-13 20:00", "2026-03-16 09:00"),
        ("2026-03-06 20:00", "2026-03-10 09:00"),
    ],
)
def test_when_operators_begin(at: str, opens: str) -> None:
    holiday = datetime(2026, 3, 9).date()
    moment = datetime.fromisoformat(at).replace(tzinfo=NSK)
    found = opening(WEEK, NSK, moment, works=lambda day: day != holiday)
    assert found == datetime.fromisoformat(opens).replace(tzinfo=NSK)


def test_a_line_round_the_clock_is_always_open() -> None:
    moment = datetime(2026, 1, 1, 3, 0, tzinfo=NSK)
    assert opening(ALWAYS, NSK, moment, works=lambda day: False) == moment


def test_a_line_that_never_opens() -> None:
    moment = datetime(2026, 1, 1, 3, 0, tzinfo=NSK)
    assert opening(WEEK, NSK, moment, works=lambda day: False) is None
