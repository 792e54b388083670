"""An employee takes a place on the line, and says what she is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.telephony.errors import InTalk, NoLine, NotSeated, SeatTaken
from opora.telephony.models import Agent, Line
from opora.telephony.services import extensions
from opora.telephony.services.commands import tell_state
from opora.telephony.words import AgentState, Break

if TYPE_CHECKING:
    from opora.organisations.models import Employee


def pbx_of(employee: Employee) -> str:
    """Return the exchange of her organisation's lines. Raises NoLine."""
    found = Line.objects.accessible_to(employee).filter(closed_on=None).values_list("pbx", flat=True).first()
    if found is None:
        raise NoLine
    return str(found)


@transaction.atomic
def take_seat(extension: str, *, by: Employee) -> Agent:
    """Sit at an extension of her organisation; the former place is left. Raises NoLine, NotYourExtension, SeatTaken."""
    pbx, now, house = pbx_of(by), timezone.now(), by.scope.organisation
    assert house is not None  # whose line she has found  # noqa: S101
    extensions.check(pbx, extension, house)
    leave_seat(by=by)
    with enter(Scope.system("the extension is hers now, whosever it was")):
        agent = Agent.objects.select_for_update().filter(pbx=pbx, extension=extension).first()
        if agent is not None and agent.employee_id not in (None, by.pk):
            raise SeatTaken
        try:
            with transaction.atomic():
                agent = agent or Agent.objects.create(organisation_id=house, pbx=pbx, extension=extension)
        except IntegrityError:  # a colleague was faster
            raise SeatTaken from None
        if agent.organisation_id != house:
            Agent.objects.filter(pk=agent.pk).update(organisation=house)
            agent.organisation_id = house
    agent.employee, agent.state, agent.since = by, AgentState.READY, now
    agent.reason, agent.call, agent.phone_at = "", None, None
    agent.save()
    record("telephony.seat.take", agent, by=by)
    tell_state(agent, AgentState.READY, by=by)
    return agent


@transaction.atomic
def leave_seat(*, by: Employee) -> None:
    """Stand up from the place, if she has one."""
    agent = Agent.objects.select_for_update().filter(employee=by).first()
    if agent is None:
        return
    agent.employee, agent.state, agent.reason, agent.call, agent.since = None, AgentState.AWAY, "", None, timezone.now()
    agent.phone_at = None
    agent.save()
    record("telephony.seat.leave", by=by)
    tell_state(agent, AgentState.AWAY, by=by)


@transaction.atomic
def change_state(state: AgentState, reason: str = "", *, by: Employee) -> Agent:
    """Be ready, write down, or take a break with its reason. Raises NotSeated, InTalk."""
    agent = Agent.objects.select_for_update().filter(employee=by).first()
    if agent is None:
        raise NotSeated
    if agent.state == AgentState.TALK:
        raise InTalk
    agent.reason = (reason if reason in dict(Break.chosen()) else Break.OTHER) if state == AgentState.BREAK else ""
    agent.state, agent.since = state, timezone.now()
    if state != AgentState.WRAP:
        agent.call = None
    agent.save(update_fields=["state", "reason", "since", "call"])
    tell_state(agent, agent.reason or agent.state, by=by)
    return agent
