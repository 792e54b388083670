"""Two people save one card at the same moment, each on a connection of her own: real commits, cleared afterwards."""

from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pgtrigger
import pytest
from django.db import connection

from opora.access.scope import Scope, enter
from opora.audit.models import AuditLine
from opora.insured import services
from opora.insured.models import Contact, Person, PersonChange, Policy, SurnameWord
from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory
from opora.shared.conflict import ChangedMeanwhile

SYSTEM = Scope.system("test")


@pytest.fixture
def two(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Alina and Zoya of Alfa before the same card, committed."""
    with django_db_blocker.unblock():
        with enter(SYSTEM):
            land = Territory.objects.create(code="98000", name="Край двух", time_zone="Asia/Novosibirsk")
            alfa = Organisation.objects.create(kind="insurer", code="98001", name="СМО Альфа", territory=land)
            staff = [Employee.objects.create(login=f"race-{n}", surname="Гонкина", given_name="Аля") for n in "12"]
            for employee in staff:
                role = Role.objects.get(slug="sp1")
                Assignment.objects.create(employee=employee, organisation=alfa, role=role, since=date(2020, 1, 1))
            person = Person.objects.create(territory=land, surname="Одна", birth_on=date(1990, 1, 1), sex=2)
            Policy.objects.create(person=person, kind=3, number="1", insurer=alfa, since=date(2020, 1, 1))
            phones = [Contact.objects.create(person=person, kind="phone", value=value) for value in ("111", "222")]
        for employee in staff:
            assert employee.scope.insurer == alfa.pk  # read before the race, each object keeps it
        yield SimpleNamespace(staff=staff, person=person, phones=phones)
        with enter(SYSTEM), pgtrigger.ignore("insured.PersonChange:append_only", "audit.AuditLine:append_only"):
            PersonChange.objects.filter(person=person).delete()
            forget_lines(staff)
            SurnameWord.objects.filter(key__in=["одна", "первая", "вторая"]).delete()
            person.delete()
            Assignment.objects.filter(organisation=alfa).delete()
            Employee.objects.filter(pk__in=[employee.pk for employee in staff]).delete()
            alfa.delete()
            land.delete()


def forget_lines(staff: list[Employee]) -> None:
    """Row security lets nobody delete lines of the access log: not even the owner, until it is off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditline DISABLE ROW LEVEL SECURITY")
        AuditLine.objects.filter(employee_id__in=[employee.pk for employee in staff]).delete()
        cursor.execute("ALTER TABLE audit_auditline ENABLE ROW LEVEL SECURITY")


def race(staff: list[Employee], *acts: Callable[[Employee], object]) -> list[Exception | None]:
    """Let everybody act at once; return what each got."""
    ready = Barrier(len(acts))
    results: list[Exception | None] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            with enter(staff[place].scope):
                ready.wait(10)
                acts[place](staff[place])
        except Exception as fault:
            results[place] = fault
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def saves(person: Person, **changes: Any) -> Callable[[Employee], object]:
    return lambda by: services.change_person(person.pk, version=1, changes=changes, by=by)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(3))
def test_one_of_two_savers_wins_and_the_other_is_told(two: SimpleNamespace, turn: int) -> None:
    results = race(two.staff, saves(two.person, surname="Первая"), saves(two.person, surname="Вторая"))

    assert sorted(type(result) for result in results if result) == [ChangedMeanwhile]
    with enter(SYSTEM):
        saved = Person.objects.get(pk=two.person.pk)
        assert saved.version == 2
        assert PersonChange.objects.get(person=saved).after == saved.surname


@pytest.mark.slow
def test_commands_on_one_card_stand_in_a_line(two: SimpleNamespace) -> None:
    first, second = two.phones
    results = race(
        two.staff,
        lambda by: services.prefer_contact(first.pk, by=by),
        lambda by: services.prefer_contact(second.pk, by=by),
    )

    assert results == [None, None]
    with enter(SYSTEM):
        assert two.person.contacts.filter(is_preferred=True).count() == 1
        assert Person.objects.get(pk=two.person.pk).version >= 3
