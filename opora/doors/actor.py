"""The door itself as who acts: an appeal registered at once is signed by its organisation and by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from opora.access.rights import Right
from opora.access.scope import Scope
from opora.appeals.actor import Actor, holder_id
from opora.classifiers.words import Line
from opora.doors.models import Door
from opora.organisations.models import Assignment

MAY = {Right.APPEALS_REGISTER, Right.APPEALS_HANDLE}


@dataclass(frozen=True, slots=True)
class DoorActor:
    """See ``appeals.actor.actor_of``: it knows ``holds`` and ``scope`` like an employee."""

    door: Door

    @property
    def actor(self) -> Actor:
        organisation = self.door.organisation
        return Actor(organisation, holder_id(organisation), None, self.name, Line.OTHER)

    @property
    def name(self) -> str:
        return f"Дверь: {self.door.title}"[:300]

    def holds(self, right: Right | str) -> bool:
        return right in MAY

    @property
    def scope(self) -> Scope:
        return Assignment(organisation=self.door.organisation).scope

    @property
    def audit_witness(self) -> dict[str, Any]:
        organisation = self.door.organisation
        return {
            "employee_name": self.name,
            "role": f"door:{self.door.pk}",
            "organisation_id": organisation.pk,
            "organisation_name": organisation.name,
            "territory": organisation.territory_id,
        }
