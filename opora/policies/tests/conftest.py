"""Requests of Polina and her neighbours, two couriers of Alfa, a planner, and a house that is known by its place."""

from collections.abc import Callable
from datetime import UTC, date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.insured.models import Person, PersonCategory, Policy
from opora.organisations.models import Assignment, Employee, Role
from opora.policies import services
from opora.policies.models import Courier, Delivery
from opora.policies.services import Address

HOME = Address("г. Новосибирск", "ул. Ленина", "1", "5", 55.0302, 82.9204)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001000500"
    "0a2db40000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def couriers(cast: SimpleNamespace, place: SimpleNamespace) -> SimpleNamespace:
    """Kira and Pavel of Alfa, every day from nine to six, from the same office."""
    role = Role.objects.get(slug="courier")
    made = {}
    for login, surname in (("kira", "Курьерова"), ("pavel", "Посыльный")):
        employee = Employee.objects.create(login=login, surname=surname, given_name="Кира")
        Assignment.objects.create(employee=employee, organisation=place.alfa, role=role, since=date(2020, 1, 1))
        Courier.objects.create(
            employee=employee,
            insurer=place.alfa,
            territory="50000",
            since=9 * 60,
            until=18 * 60,
            weekdays=127,
            lat=55.02,
            lon=82.92,
        )
        setattr(cast, login, employee)
        made[login] = employee
    return SimpleNamespace(**made)


@pytest.fixture
def insured(place: SimpleNamespace, polina: Person) -> Callable[[], Person]:
    """Another person with limited mobility, insured by Alfa."""
    PersonCategory.objects.create(person=polina, code="limited_mobility")

    def make() -> Person:
        number = Person.objects.count()
        person = Person.objects.create(
            territory=place.nsk, surname=f"Соседова-{number}", given_name="Анна", birth_on=date(1950, 1, 1), sex=2
        )
        Policy.objects.create(
            person=person, kind=3, number=f"54{number:014}", insurer=place.alfa, since=date(2015, 5, 1)
        )
        PersonCategory.objects.create(person=person, code="limited_mobility")
        person.refresh_from_db()
        return person

    return make


@pytest.fixture
def asked(cast: SimpleNamespace, insured: Callable[[], Person]) -> Callable[..., Delivery]:
    def ask(person: Person | None = None, *, address: Address = HOME, **more: Any) -> Delivery:
        given = {"category": "limited_mobility", "source": "phone", "phone": "+79000000001", **more}
        whom = person or insured()
        with enter(cast.alina.scope):
            return services.ask(whom, address=address, by=cast.alina, **given)

    return ask


@pytest.fixture
def tomorrow() -> date:
    """The last day whose routes a courier sees, tomorrow of the database; no hour of it has passed here."""
    return timezone.localdate(timezone=UTC) + timedelta(days=1)
