"""The people the bench works with, and an employee who works with them."""

from datetime import date

import numpy as np
from django.db import connection

from config.bench.errors import BenchRefused
from opora.access.scope import Scope, enter
from opora.insured.models import Person
from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory
from opora.simulation.people.finish import refresh
from opora.simulation.people.plan import Plan, people_at
from opora.simulation.people.work import load_people

SEED = 1
MOST_TRIES_FOR_ONE = 50  # an insurer of one territory of twelve sees every thirtieth

LONG_AGO = date(2020, 1, 1)  # since when those of the bench work: today is another day in another zone


def populate(scale: float) -> int:
    """Bring the people of the scale into the database of the bench and return how many stand there."""
    wanted = people_at(scale)
    standing = _standing()
    if standing < wanted:
        refresh(load_people(Plan(seed=SEED), wanted))
        standing = _standing()
    return standing


def _standing() -> int:
    with enter(Scope.system("the bench counts its people")):
        return Person.objects.count()


def colleague(role: str = "op1") -> Employee:
    """Return an employee of the bench: an operator of the first fund, or of its first insurer for ``sp…``."""
    kind = Organisation.Kind.INSURER if role.startswith("sp") else Organisation.Kind.FUND
    with enter(Scope.system("the bench works as somebody")):
        employee, made = Employee.objects.get_or_create(
            login=f"bench.{role}", defaults={"surname": "Замеров", "given_name": "Пётр", "password": "!"}
        )
        if made:
            busiest = Person.objects.values_list("territory", flat=True).order_by("pk").first()
            organisation = Organisation.objects.filter(kind=kind, territory=busiest).order_by("code")[0]
            Assignment.objects.create(
                employee=employee, organisation=organisation, role=Role.objects.get(slug=role), since=LONG_AGO
            )
    return employee


def territory_of(code: str, *, time_zone: str = "UTC") -> Territory:
    """Return the territory of a work; in a base that is kept many works stand side by side, each in its own."""
    found, _ = Territory.objects.get_or_create(code=code, defaults={"name": f"Замер {code}", "time_zone": time_zone})
    return found


def identifiers(count: int, seed: int, employee: Employee) -> list[int]:
    """Return up to ``count`` people she may see, scattered over the whole register; the same for the same seed."""
    with enter(employee.scope), connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM insured_person")
        first, last = cursor.fetchone()
        tried = np.random.default_rng(seed).integers(first, last + 1, count * MOST_TRIES_FOR_ONE)
        cursor.execute("SELECT id FROM insured_person WHERE id = ANY(%s) LIMIT %s", [tried.tolist(), count])
        found = [row[0] for row in cursor.fetchall()]
    if not found:
        raise BenchRefused("Замерять не на ком: в базе замера нет людей")
    return found
