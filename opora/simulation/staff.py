"""People at work in a scenario: enough of every role that answers, nobody who can sign in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from opora.organisations.models import Assignment, Employee, Organisation, Role
from opora.simulation.people import Plan, make_block

NOBODY = "!"  # a password nobody knows
NEEDED: Mapping[str, Mapping[str, int]] = {
    Organisation.Kind.FUND: {"op1": 3, "op2": 2, "supervisor": 1},
    Organisation.Kind.INSURER: {"sp1": 8, "sp2": 3, "sp3": 2, "supervisor": 1, "courier": 2},
}


def ensure_staff(organisations: Sequence[Organisation], *, since: date, seed: int) -> None:
    """Give each organisation its colleagues, at work since a day; those who are there stay."""
    roles = {role.slug: role for role in Role.objects.all()}
    named = names(seed)
    for organisation in organisations:
        for slug, number in NEEDED[organisation.kind].items():
            for place in range(1, number + 1):
                _employ(f"{slug}.{organisation.code}.{place}", next(named), roles[slug], organisation, since)


def _employ(login: str, name: tuple[str, str, str], role: Role, organisation: Organisation, since: date) -> None:
    if not role.fits(organisation):
        return
    surname, given, patronymic = name
    employee, made = Employee.objects.get_or_create(
        login=login,
        defaults={"surname": surname, "given_name": given, "patronymic": patronymic, "password": NOBODY},
    )
    if made:
        Assignment.objects.create(employee=employee, organisation=organisation, role=role, since=since)


def names(seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield names of people of working age, the same in every database."""
    plan = Plan(seed=seed)
    block = make_block(plan, 0, plan.places(1)[0])
    age = block.families.age(plan)
    people = block.people.columns
    for person in np.flatnonzero((age > 23) & (age < 60) & (people["patronymic"] != "")).tolist():
        yield people["surname"][person], people["given_name"][person], people["patronymic"][person]
