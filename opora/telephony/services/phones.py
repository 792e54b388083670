"""The telephone in the browser says that it is there; whose is gone is offered no calls until it is there again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.live.news import News, publish
from opora.telephony.models import Agent
from opora.telephony.services.agents import change_state
from opora.telephony.services.commands import tell_state
from opora.telephony.words import AgentState, Break

if TYPE_CHECKING:
    from opora.organisations.models import Employee

GONE = timedelta(seconds=150)  # it speaks every twenty seconds; a browser lets a hidden window speak once a minute


@transaction.atomic
def heard(*, by: Employee) -> None:
    """Her telephone is registered at the exchange; who was taken off the line because it was not is on it again."""
    Agent.objects.filter(employee=by).update(phone_at=timezone.now())
    if Agent.objects.filter(employee=by, state=AgentState.BREAK, reason=Break.PHONE).exists():
        change_state(AgentState.READY, by=by)


def look_after(now: datetime | None = None) -> int:
    """Take off the line whose telephone in the browser was closed or lost its link; return how many.

    Who talks is left to the exchange, which hears whether there is a voice. A telephone on the desk says nothing.
    """
    now = now or timezone.now()
    with enter(Scope.system("whose telephones are gone")):
        gone = Agent.objects.select_for_update(skip_locked=True, of=("self",)).select_related("employee")
        rows = list(gone.filter(state=AgentState.READY, employee__isnull=False, phone_at__lt=now - GONE))
        for agent in rows:
            agent.state, agent.reason, agent.call, agent.since = AgentState.BREAK, Break.PHONE, None, now
            agent.save(update_fields=["state", "reason", "call", "since"])
            if agent.employee is not None:
                tell_state(agent, Break.PHONE, by=agent.employee)
    people = [News((f"emp:{agent.employee_id}",), "call") for agent in rows]
    places = sorted({agent.organisation_id for agent in rows})
    publish([*people, *(News((f"org:{place}:line",), "line") for place in places)])
    return len(rows)
