"""USERS → employees: by GUID inside the organisation of the channel. Handbook 20 §3.4.

A newcomer cannot enter until an administrator opens her entry and gives her the role she really has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from opora.audit.services import record
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats import users
from opora.exchange.models import Parcel, Provenance
from opora.exchange.models.provenance import Family
from opora.exchange.targets.target import Stored
from opora.organisations.models import Assignment, Employee, Organisation, Role

WAITS = "Загружен из файла партнёра, вход ещё не открыт"
FIRST_ROLES = {
    Organisation.Kind.FUND: "op1",
    Organisation.Kind.INSURER: "sp1",
    Organisation.Kind.BRANCH: "sp1",
    Organisation.Kind.PROVIDER: "clinic_clerk",
}
CHANGED = ("surname", "given_name", "patronymic", "email")
LONGEST = 100


class EmployeesTarget:
    """Upsert by GUID."""

    def further(self, content: Content, parcel: Parcel) -> Iterable[Finding]:
        owned = _known(content, parcel.organisation)
        for one in content.records:
            guid = _guid(one)
            if owned.get(guid) is False:
                yield _finding(one, "USER_UUID", "Сотрудник с таким GUID работает в другой организации")
            name = users.split_name(one.values.get("USER_FULLNAME", ""))
            if max(map(len, (name.surname, name.given_name, name.patronymic))) > LONGEST:
                yield _finding(one, "USER_FULLNAME", f"Часть имени длиннее {LONGEST} знаков")

    def store(self, content: Content, parcel: Parcel) -> Stored:
        found = {one.guid: one for one in Employee.objects.filter(guid__in=[_guid(one) for one in content.records])}
        newcomers, changed, same = [], [], []
        done: dict[UUID, str] = {}
        for one in content.records:
            guid, fields = _guid(one), _fields(one)
            employee = found.get(guid)
            if employee is None:
                newcomers.append(_newcomer(guid, fields))
                done[guid] = "new"
            elif _apply(employee, fields):
                changed.append(employee)
                done[guid] = "changed"
            else:
                same.append(employee)
                done[guid] = "same"
        Employee.objects.bulk_create(newcomers)
        Employee.objects.bulk_update(changed, [*CHANGED, "version"])
        _assign([*newcomers, *(one for one in found.values() if one.guid in done)], parcel.organisation)
        _note(content.records, parcel, done)
        details = {"new": [one.pk for one in newcomers][:100], "changed": [one.pk for one in changed][:100]}
        record("employees.import", parcel, details=details)
        return Stored(len(newcomers), len(changed), len(same), is_stored=True)


def _known(content: Content, organisation: Organisation) -> dict[UUID, bool]:
    """GUID → whether the organisation alone employs her; only those we know. Past employers have no say."""
    guids = [_guid(one) for one in content.records]
    places = Assignment.objects.filter(employee__guid__in=guids)
    ever, now = (set(found.values_list("employee__guid", "organisation")) for found in (places, places.current()))
    here = {guid: (guid, organisation.pk) in ever for guid, _ in ever}
    return here | dict.fromkeys((guid for guid, place in now if place != organisation.pk), False)


def _guid(one: Record) -> UUID:
    return UUID(one.values["USER_UUID"])


def _fields(one: Record) -> dict[str, str]:
    name = users.split_name(one.values["USER_FULLNAME"])
    fields = {"surname": name.surname, "given_name": name.given_name, "patronymic": name.patronymic}
    if one.values.get("USER_EMAIL"):
        fields["email"] = one.values["USER_EMAIL"]
    return fields


def _newcomer(guid: UUID, fields: dict[str, str]) -> Employee:
    return Employee(
        guid=guid,
        login=f"exchange-{guid.hex[:20]}",
        password=make_password(None),
        is_active=False,
        blocked_why=WAITS,
        must_change_password=True,
        **fields,
    )


def _apply(employee: Employee, fields: dict[str, str]) -> bool:
    changes = {name: text for name, text in fields.items() if getattr(employee, name) != text}
    for name, text in changes.items():
        setattr(employee, name, text)
    employee.version += bool(changes)
    return bool(changes)


def _assign(employees: list[Employee], organisation: Organisation) -> None:
    """Those who never worked here begin in the lowest role of the organisation: it says whose she is, no more."""
    held = set(
        Assignment.objects.filter(employee__in=employees, organisation=organisation).values_list("employee", flat=True)
    )
    role = Role.objects.get(slug=FIRST_ROLES[Organisation.Kind(organisation.kind)])
    today = timezone.localdate()
    Assignment.objects.bulk_create(
        Assignment(employee=one, organisation=organisation, role=role, since=today)
        for one in employees
        if one.pk not in held
    )


def _note(records: list[Record], parcel: Parcel, done: dict[UUID, str]) -> None:
    rows: list[Any] = [
        Provenance(
            organisation=parcel.organisation,
            family=Family.USERS,
            key=str(_guid(one)),
            subject_id=_guid(one),
            first_parcel=parcel,
            parcel=parcel,
            place=one.place,
            done=done[_guid(one)],
        )
        for one in records
    ]
    Provenance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "family", "key"],
        update_fields=["parcel", "place", "done"],
    )


def _finding(one: Record, field: str, message: str) -> Finding:
    return Finding(field, message, one.key or None, one.place, code=users.ERROR)
