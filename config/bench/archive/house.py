"""Who works in the archive: a fund, three insurers, a branch in another territory, and its small fund."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.organisations.models import Assignment, Employee, Organisation, Role
from opora.simulation.directory import ensure_directory
from opora.simulation.journal.stream import PER_DAY, Stream
from opora.simulation.journal.work import load_journal
from opora.simulation.people.finish import refresh
from opora.simulation.people.plan import Plan
from opora.simulation.people.words import territories
from opora.simulation.people.work import load_people

SINCE = date(2020, 1, 1)
INSURERS, CLINICS, SEED = 3, 8, 1
YEAR = timedelta(days=364)  # whole weeks: copies keep the rhythm of the week
STAFF = {"op1": 40, "op2": 20, "sp1": 40, "sp2": 20, "sp3": 6, "supervisor": 2}


@dataclass(frozen=True, slots=True)
class House:
    """Codes of the two territories and who looks at the journal: ``insurer`` and ``fund`` of the large one, ``branch``
    of the same insurer in the small one."""

    territory: str
    away: str
    insurer: Employee
    fund: Employee
    branch: Employee
    supervisor: Employee
    second: Employee


def found() -> House:
    """Return the house that ``make`` has made."""
    home, away = territories()[:2]
    with enter(Scope.system("the bench works as somebody")):

        def who(role: str, kind: str, territory: str) -> Employee:
            rows = Assignment.objects.filter(role__slug=role, organisation__kind=kind)
            first = rows.filter(organisation__territory=territory).select_related("employee").order_by("pk")[0]
            return Employee.objects.get(pk=first.employee_id)

        return House(
            territory=home.okato,
            away=away.okato,
            insurer=who("sp1", "insurer", home.okato),
            fund=who("op1", "fund", home.okato),
            branch=who("sp1", "branch", away.okato),
            supervisor=who("supervisor", "fund", home.okato),
            second=who("sp2", "insurer", home.okato),
        )


def make(people: int, appeals: int) -> None:
    """Make the house, its insured people and the model: a year of some ``appeals`` until today."""
    home, away = territories()[:2]
    with enter(Scope.system("the house of the bench")):
        directory = ensure_directory(home, insurers=INSURERS, clinics=CLINICS)
        ensure_directory(away, insurers=0, clinics=0)
        first = Organisation.objects.get(pk=directory.insurers[0])
        Organisation.objects.get_or_create(
            kind=Organisation.Kind.BRANCH,
            code=f"{away.enp_region}911",
            defaults={"name": "Филиал", "territory_id": away.okato, "parent": first},
        )
        _hire()
    plan = Plan(seed=SEED, territories=(home,), insurers=INSURERS, clinics=CLINICS)
    refresh(load_people(plan, people))
    today = timezone.localdate()
    scale = appeals / (PER_DAY * YEAR.days)
    load_journal(Stream(home.okato, today - YEAR + timedelta(days=1), today, scale=scale, seed=SEED))


def _hire() -> None:
    surnames = iter(np.repeat(("Соколова", "Лисицына", "Щербак", "Гончаренко", "Ёлкина", "Дроздова"), 500).tolist())
    kinds = [Organisation.Kind.FUND, Organisation.Kind.INSURER, Organisation.Kind.BRANCH]
    for organisation in Organisation.objects.filter(kind__in=kinds).order_by("code"):
        for role in Role.objects.filter(slug__in=STAFF):
            if not role.fits(organisation):
                continue
            for number in range(STAFF[role.slug]):
                employee, made = Employee.objects.get_or_create(
                    login=f"{role.slug}.{organisation.code}.{number}",
                    defaults={"surname": next(surnames), "given_name": "Ольга", "password": "!"},
                )
                if made:
                    Assignment.objects.create(employee=employee, organisation=organisation, role=role, since=SINCE)
