"""Observation on the page of a person: by ``informing:health`` alone; each reading leaves a line of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opora.audit.services import record
from opora.informing.observing import queries

if TYPE_CHECKING:
    from opora.insured.models import Person
    from opora.organisations.models import Employee

BUDGET = 5


def observation(person: Person, employee: Employee) -> dict[str, Any]:
    record("informing.health.read", person, by=employee, details={"part": "card"})
    return queries.of_person(person, employee)
