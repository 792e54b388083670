"""Accounts of people at work: new ones, their cards, their entry and passwords."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from axes.utils import reset as forget_failures
from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.audit.services import record
from opora.organisations import passwords
from opora.organisations.errors import LoginTaken, ReasonMissing
from opora.organisations.limits import check_administrator_remains, check_manages_person
from opora.organisations.models import Assignment, Employee, Organisation
from opora.organisations.services.assignments import Place, assign
from opora.shared import conflict


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An account and the password that is shown once."""

    employee: Employee
    password: str


@transaction.atomic
def add_employee(
    *, fields: Mapping[str, Any], place: Place, since: date, until: date | None, by: Employee | None
) -> NewEntry:
    """Add a person with her first assignment and a one-time password. Raises LoginTaken and what ``assign`` raises."""
    try:
        with transaction.atomic():
            employee = Employee.objects.create_employee(**fields)
    except IntegrityError as fault:
        raise LoginTaken from fault
    record("employees.add", employee, by=by, details={"organisation": place.organisation.pk})
    assign(employee, place=place, since=since, until=until, by=by)
    return NewEntry(employee, passwords.issue_one_time_password(employee, by=by))


@transaction.atomic
def change_employee(employee: Employee, *, version: int, changes: Mapping[str, Any], by: Employee | None) -> Employee:
    """Change names, login, mail, phone, GUID. The audit line names the fields only: values are personal.

    Raises NotYours, OwnAccount, WorksElsewhere, ChangedMeanwhile, LoginTaken.
    """
    check_manages_person(by, employee)
    row = conflict.locked(Employee, employee.pk, version=version)
    try:
        with transaction.atomic():
            changed = conflict.apply(row, changes)
    except IntegrityError as fault:
        raise LoginTaken from fault
    if changed:
        record("employees.change", row, by=by, details={"fields": sorted(changed)})
    return row


@transaction.atomic
def close_entry(employee: Employee, *, why: str, by: Employee | None) -> None:
    """Close the entry of an employee with a reason; her sessions end with it. Assignments stay as they are.

    Raises ReasonMissing, LastAdministrator and what ``check_manages_person`` raises.
    """
    check_manages_person(by, employee)
    if not why.strip():
        raise ReasonMissing
    for organisation in Organisation.objects.filter(
        assignments__in=Assignment.objects.current(), assignments__employee=employee
    ).distinct():
        check_administrator_remains(organisation, without=employee, after=timezone.localdate())
    row = Employee.objects.select_for_update().get(pk=employee.pk)
    if conflict.apply(row, {"is_active": False, "blocked_why": why.strip()[:200]}):
        record("employees.entry.close", row, by=by, details={"why": why.strip()[:200]})


@transaction.atomic
def open_entry(employee: Employee, *, by: Employee | None) -> None:
    """Let her in again and forget failed attempts."""
    check_manages_person(by, employee)
    row = Employee.objects.select_for_update().get(pk=employee.pk)
    forget_failures(username=row.login)
    if conflict.apply(row, {"is_active": True, "blocked_why": ""}):
        record("employees.entry.open", row, by=by)


@transaction.atomic
def unlock(employee: Employee, *, by: Employee | None) -> None:
    """Forget failed attempts, so that she may try her password again."""
    check_manages_person(by, employee)
    attempts = forget_failures(username=employee.login)
    record("employees.unlock", employee, by=by, details={"attempts": attempts})


@transaction.atomic
def reset_password(employee: Employee, *, by: Employee | None) -> str:
    """Return a one-time password; the former one and all her sessions end. The line is ``entrance.password.issued``."""
    check_manages_person(by, employee)
    row = Employee.objects.select_for_update().get(pk=employee.pk)
    forget_failures(username=row.login)
    return passwords.issue_one_time_password(row, by=by)


@transaction.atomic
def drop_second_step(employee: Employee, *, by: Employee | None) -> int:
    """Take off her codes and passkeys when she has lost them; return how many. Each leaves a line.

    The administrator makes sure first that it is she who asks; the password stays as it is.
    """
    check_manages_person(by, employee)
    found = list(Authenticator.objects.select_for_update().filter(user=employee))
    for device in found:
        device.removed_by = by
        device.delete()
    return len(found)
