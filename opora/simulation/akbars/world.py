"""The insurer of the scenario, its clinics, people and colleagues. Everything is found before it is made."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection

from opora.access.scope import Scope, enter
from opora.channels.models import Provider
from opora.insured.models import Person
from opora.organisations.models import Assignment, Employee, HotLine, Organisation, Role
from opora.shared.sql import question, text
from opora.simulation.akbars.errors import OtherPeople
from opora.simulation.akbars.targets import Targets
from opora.simulation.directory import Directory, ensure_directory
from opora.simulation.people.finish import refresh
from opora.simulation.people.plan import Plan
from opora.simulation.people.words import territories
from opora.simulation.people.work import load_people

SQL = Path(__file__).parent / "sql"
HOME, CODE, CLINICS = "92000", "16990", 40
NEWCOMERS = 0.10  # insured in the course of the year, of those insured on its eve; assumed
HAVE_LEFT = 0.0065  # of the people made, those who have no policy any more
OPERATORS = 12
SMS_PRICE = Decimal("2.40")  # assumed
WORLD = Scope.system("the year of an insurer is made up")

_insured = question(SQL, "insured")


@dataclass(frozen=True, slots=True)
class World:
    """Who acts in the year: ``clinics`` treat grown-ups, ``operators`` phone, ``gateway`` carries SMS."""

    targets: Targets
    seed: int
    insurer: Organisation
    clinics: tuple[int, ...]
    operators: tuple[int, ...]
    gateway: int


def found(targets: Targets, seed: int) -> World:
    """Return the world with its organisations; people are brought by ``populate``."""
    home = next(one for one in territories() if one.okato == HOME)
    with enter(WORLD):
        directory = ensure_directory(home, insurers=0, clinics=CLINICS)
        insurer, made = Organisation.objects.get_or_create(
            kind=Organisation.Kind.INSURER,
            code=CODE,
            defaults={"name": "СМО «Год 2024»", "territory_id": HOME, "address": "г. Казань, ул. Ленина, д. 1"},
        )
        if made:
            HotLine.objects.create(organisation=insurer, phone="+78000000016", is_round_the_clock=True)
        gateway, _ = Provider.objects.get_or_create(
            organisation=insurer,
            slug="year-sms",
            defaults={
                "title": "СМС года 2024",
                "kind": "standin",
                "channel": "sms",
                "segment_price": SMS_PRICE,
                "is_active": False,
            },
        )
        operators = tuple(_operator(insurer, number) for number in range(1, OPERATORS + 1))
    return World(targets, seed, insurer, directory.clinics[:-1], operators, gateway.pk)


def populate(world: World, *, done: Callable[[int], None] = lambda _: None) -> None:
    """Bring the people: exactly the published number insured on the eve of the year, newcomers after it.

    Raises OtherPeople where others live in the territory.
    """
    targets = world.targets
    with enter(WORLD):
        if Person.objects.filter(territory=HOME).exclude(insurer=world.insurer).exclude(insurer=None).exists():
            raise OtherPeople
    home = next(one for one in territories() if one.okato == HOME)
    plan = Plan(seed=world.seed, as_of=targets.insured_on, insurers=1, clinics=CLINICS, territories=(home,))
    clinics = tuple(
        Organisation.objects.providers().filter(territory=HOME).order_by("code").values_list("pk", flat=True)
    )
    directory = Directory(HOME, (world.insurer.pk,), clinics)
    loaded = load_people(plan, people_needed(targets), done=done, directory=directory)
    refresh(loaded)
    with enter(WORLD), connection.cursor() as cursor:
        given: dict[str, Any] = {
            "insurer": world.insurer.pk,
            "day": targets.insured_on,
            "insured": targets.insured,
            "seed": world.seed,
        }
        if insured_on(world, targets.insured_on) > targets.insured:
            cursor.execute(text(SQL / "newcomers.sql"), given)


def people_needed(targets: Targets) -> int:
    return math.ceil(targets.insured * (1 + NEWCOMERS) / (1 - HAVE_LEFT))


def insured_on(world: World, day: date) -> int:
    return int(_insured(insurer=world.insurer.pk, day=day)[0].people)


def _operator(insurer: Organisation, number: int) -> int:
    employee, made = Employee.objects.get_or_create(
        login=f"year2024.{number}",
        defaults={"surname": f"Годова {number}", "given_name": "Анна", "password": "!"},
    )
    if made:
        role = Role.objects.get(slug="sp1")
        Assignment.objects.create(employee=employee, organisation=insurer, role=role, since=date(2024, 1, 1))
    return int(employee.pk)
