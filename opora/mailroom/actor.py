"""The mailroom as who acts: that a letter came or came back is told of any appeal of its organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opora.access.rights import Right
from opora.access.scope import Scope
from opora.appeals.actor import Actor, actor_of, holder_id
from opora.classifiers.words import Line
from opora.organisations.models import Assignment, Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class MailroomActor:
    """See ``appeals.actor.actor_of``: it knows ``holds`` and ``scope`` like an employee. It may tell, never answer."""

    organisation: Organisation
    employee: Employee

    @property
    def actor(self) -> Actor:
        return Actor(self.organisation, holder_id(self.organisation), None, self.name, Line.OTHER)

    @property
    def name(self) -> str:
        return f"Канцелярия: {actor_of(self.employee).name}"[:300]

    def holds(self, right: Right | str) -> bool:
        return right == Right.APPEALS_HANDLE

    @property
    def scope(self) -> Scope:
        return Assignment(organisation=self.organisation).scope

    @property
    def audit_witness(self) -> dict[str, Any]:
        return {
            "employee_name": self.name,
            "role": "mailroom",
            "organisation_id": self.organisation.pk,
            "organisation_name": self.organisation.name,
            "territory": self.organisation.territory_id,
        }
