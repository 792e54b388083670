"""The door itself as who acts: an appeal registered at once is signed by its organisation and by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from opora.access.rights import Right
from opora.access.scope import Scope
from opora.appeals.actor import Actor, holder_id
from opora.classifiers.words import Line
from opora.doors.models import Door
from opora.organisations.models import Assignment, Organisation

MAY = {Right.APPEALS_REGISTER, Right.APPEALS_HANDLE}


@dataclass(frozen=True, slots=True)
class DoorActor:
    """See ``appeals.actor.actor_of``: it knows ``holds`` and ``scope`` like an employee.

    ``handler`` is who answers for the appeal now, where that is not the organisation of the door.
    """

    door: Door
    handler: Organisation | None = None

    @property
    def organisation(self) -> Organisation:
        return self.handler or self.door.organisation

    @property
    def actor(self) -> Actor:
        return Actor(self.organisation, holder_id(self.organisation), None, self.name, Line.OTHER)

    @property
    def name(self) -> str:
        return f"Дверь: {self.door.title}"[:300]

    def holds(self, right: Right | str) -> bool:
        return right in MAY

    @property
    def scope(self) -> Scope:
        return Assignment(organisation=self.organisation).scope

    @property
    def audit_witness(self) -> dict[str, Any]:
        return {
            "employee_name": self.name,
            "role": f"door:{self.door.pk}",
            "organisation_id": self.organisation.pk,
            "organisation_name": self.organisation.name,
            "territory": self.organisation.territory_id,
        }
