"""The telephone in the browser that is gone: nobody is «на линии» for long whom no call can reach."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.organisations.models import Employee
from opora.simulation.demo_telephony import return_to_line
from opora.simulation.staff import NOBODY
from opora.telephony.models import Agent, Command
from opora.telephony.services import change_state, phones, take_in, take_seat
from opora.telephony.services.phones import GONE
from opora.telephony.tests.exchange import MemoryPbx
from opora.telephony.words import AgentState

type SignIn = Callable[[str | None], Client]
THERE = "/telephony/phone/there/"


@pytest.fixture
def alina(seats: SimpleNamespace) -> Agent:
    return seats.alina


def later() -> int:
    """How many were taken off the line a while after their last word."""
    return phones.look_after(timezone.now() + GONE + timedelta(seconds=1))


def state(agent: Agent) -> tuple[str, str]:
    agent.refresh_from_db()
    return agent.state, agent.reason


def words(agent: Agent) -> list[str]:
    """What the exchange is told of her, in order."""
    return list(Command.objects.filter(extension=agent.extension).order_by("asked_at").values_list("word", flat=True))


def test_who_closed_her_telephone_is_off_the_line_until_it_is_back(alina: Agent, signed_in: SignIn) -> None:
    desk = signed_in("alina")
    assert desk.post(THERE).status_code == 204
    assert phones.look_after() == 0
    assert later() == 1
    assert later() == 0
    assert (state(alina), words(alina)) == (("break", "phone"), ["phone"])
    assert "звонки к вам не идут" in desk.get("/telephony/").content.decode()
    assert desk.post(THERE).status_code == 204
    assert (state(alina), words(alina)) == (("ready", ""), ["phone", "ready"])


def test_a_telephone_on_the_desk_says_nothing_and_stays(alina: Agent) -> None:
    assert later() == 0
    assert state(alina) == ("ready", "")


def test_her_own_break_is_not_ended_by_the_telephone(alina: Agent, cast: SimpleNamespace, signed_in: SignIn) -> None:
    with enter(cast.alina.scope):
        change_state(AgentState.BREAK, "meal", by=cast.alina)
    signed_in("alina").post(THERE)
    assert later() == 0
    assert state(alina) == ("break", "meal")
    with enter(cast.alina.scope):
        change_state(AgentState.BREAK, "phone", by=cast.alina)
    assert state(alina) == ("break", "other"), "that is not hers to say"


def test_a_talk_is_left_to_the_exchange(pbx: MemoryPbx, alina: Agent, cast: SimpleNamespace, signed_in: SignIn) -> None:
    signed_in("alina").post(THERE)
    facts = pbx.whole("a")
    take_in(facts[:4])
    assert later() == 0
    assert state(alina) == ("talk", "")
    take_in(facts[4:])
    assert state(alina) == ("wrap", ""), "no calls go to who writes down"
    with enter(cast.alina.scope):
        change_state(AgentState.READY, by=cast.alina)
    assert later() == 1


def test_a_new_place_begins_anew(alina: Agent, cast: SimpleNamespace, signed_in: SignIn) -> None:
    signed_in("alina").post(THERE)
    with enter(cast.alina.scope):
        take_seat("209", by=cast.alina)
    assert later() == 0


def test_people_of_the_demonstration_return_to_the_line(pbx: MemoryPbx, alina: Agent) -> None:
    facts = pbx.whole("a")
    take_in(facts[:4])
    take_in(facts[4:])
    alina.refresh_from_db()
    soon, later_on = alina.since + timedelta(seconds=5), alina.since + timedelta(seconds=30)
    assert return_to_line(later_on) == 0, "she presses it herself"
    Employee.objects.filter(pk=alina.employee_id).update(password=NOBODY)
    assert (return_to_line(soon), return_to_line(later_on), return_to_line(later_on)) == (0, 1, 0)
    assert state(alina) == ("ready", "")
