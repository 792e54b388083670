"""What every command does around its own work: the lock of the card, its history, its version, its audit line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from opora.audit.services import record
from opora.insured.errors import AlreadyThere
from opora.insured.models import Person, PersonChange
from opora.shared import dates

if TYPE_CHECKING:
    from opora.organisations.models import Employee

type Values = Mapping[str, Any]


def locked_person(person_id: int) -> Person:
    """Return the card under its lock: commands on one person stand in a line. Raises Person.DoesNotExist."""
    return Person.objects.select_for_update(of=("self",)).select_related("territory").get(pk=person_id)


def changed(person: Person, action: str, changes: list[PersonChange], *, by: Employee, **details: Any) -> None:
    """Keep the history of one command, count the version of the card and leave the audit line; nothing for nothing.

    To be called before a row that may carry the card out of the employee's sight: the history goes with the card.
    """
    if not changes:
        return
    PersonChange.objects.bulk_create(changes)
    person.version += 1
    person.updated_at = timezone.now()
    Person.objects.filter(pk=person.pk).update(version=models.F("version") + 1, updated_at=person.updated_at)
    fields = sorted({f"{change.row}.{change.field}" for change in changes})
    record(action, person, by=by, details={"fields": fields, **details})


def differences(row: models.Model, values: Values) -> dict[str, Any]:
    """Return the values that differ from those of the row."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def change_row(
    person: Person, row: models.Model, values: Values, *, by: Employee, action: str, kind: str
) -> list[PersonChange]:
    """Set what differs, with its history. Returns the lines of history; none when nothing differs."""
    new = differences(row, values)
    lines = [line(person, kind, name, shown(row, name), said(row, name, value), by=by) for name, value in new.items()]
    changed(person, action, lines, by=by, row=row.pk)
    for name, value in new.items():
        setattr(row, name, value)
    if new:
        save_once(row, update_fields=list(new))
    return lines


def add_row(person: Person, row: models.Model, *, by: Employee, action: str, kind: str) -> None:
    """Save a new row of the card with its history. Raises AlreadyThere."""
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    spoken = [(name, shown(row, name)) for name in names if name not in {"person", "added_at"}]
    changed(person, action, [line(person, kind, name, "", said, by=by) for name, said in spoken if said], by=by)
    save_once(row)


def save_once(row: models.Model, update_fields: list[str] | None = None) -> None:
    """Save; a second row with the same key is AlreadyThere."""
    try:
        with transaction.atomic():
            row.save(update_fields=update_fields)
    except IntegrityError as fault:
        if "unique" in str(fault) or "duplicate" in str(fault):
            raise AlreadyThere from fault
        raise


def line(person: Person, kind: str, field: str, before: str, after: str, *, by: Employee) -> PersonChange:
    return PersonChange(
        person=person,
        by_id=by.pk,
        by_name=by.full_name,
        source="карточка",
        row=kind,
        field=field,
        before=before,
        after=after,
    )


def shown(row: models.Model, name: str) -> str:
    """Return the value of a field in words, as history keeps it."""
    return said(row, name, getattr(row, name))


def said(row: models.Model, name: str, value: Any) -> str:
    """Return ``value`` in the words of a field: labels of choices, Russian days, «да» and «нет»."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    field = row._meta.get_field(name)
    if choices := getattr(field, "choices", None):
        return str(dict(choices).get(value, value))
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return dates.show(value)
    return str(value)
