"""The platform as who acts in the journal: what it says of an answer is written under the organisation that answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from opora.access.rights import Right
from opora.access.scope import Scope
from opora.appeals.actor import Actor, holder_id
from opora.classifiers.words import Line
from opora.organisations.models import Assignment, Organisation

NAME = "Госуслуги (ПОС)"
MAY = {Right.APPEALS_HANDLE, Right.APPEALS_CLOSE, Right.APPEALS_REOPEN}


@dataclass(frozen=True, slots=True)
class Platform:
    """See ``appeals.actor.actor_of``: it knows ``holds`` and ``scope`` like an employee."""

    organisation: Organisation

    @property
    def actor(self) -> Actor:
        return Actor(self.organisation, holder_id(self.organisation), None, NAME, Line.OTHER)

    def holds(self, right: Right | str) -> bool:
        return right in MAY

    @property
    def scope(self) -> Scope:
        return Assignment(organisation=self.organisation).scope

    @property
    def audit_witness(self) -> dict[str, Any]:
        return {
            "employee_name": NAME,
            "role": "platform:pos",
            "organisation_id": self.organisation.pk,
            "organisation_name": self.organisation.name,
            "territory": self.organisation.territory_id,
        }
