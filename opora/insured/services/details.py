"""Categories, documents and former names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from opora.insured.errors import PeriodReversed
from opora.insured.models import FormerName, IdentityDocument, PersonCategory
from opora.insured.services.changes import add_row, change_row, changed, line, locked_person

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@transaction.atomic
def add_category(
    person_id: int, *, code: str, by: Employee, since: date | None = None, until: date | None = None
) -> PersonCategory:
    """Add a category. Raises AlreadyThere, PeriodReversed."""
    person = locked_person(person_id)
    _forward(since, until)
    category = PersonCategory(person=person, code=code, since=since, until=until)
    add_row(person, category, by=by, action="insured.category.add", kind="category")
    return category


@transaction.atomic
def change_category(category_id: int, *, changes: dict[str, Any], by: Employee) -> PersonCategory:
    """Correct or end a category. Raises PeriodReversed."""
    person = locked_person(PersonCategory.objects.values_list("person_id", flat=True).get(pk=category_id))
    category = PersonCategory.objects.get(pk=category_id)
    _forward(changes.get("since", category.since), changes.get("until", category.until))
    change_row(person, category, changes, by=by, action="insured.category.change", kind="category")
    return category


@transaction.atomic
def add_document(
    person_id: int,
    *,
    kind: str,
    number: str,
    by: Employee,
    series: str = "",
    issued_on: date | None = None,
    issuer: str = "",
    is_current: bool = True,
) -> IdentityDocument:
    """Add a document; a current one takes the place of the former one of its kind. Raises AlreadyThere."""
    person = locked_person(person_id)
    if is_current:
        for former in person.documents.filter(kind=kind, is_current=True):
            change_row(person, former, {"is_current": False}, by=by, action="insured.document.change", kind="document")
    document = IdentityDocument(
        person=person, kind=kind, series=series, number=number, issued_on=issued_on, issuer=issuer,
        is_current=is_current,
    )  # fmt: skip
    add_row(person, document, by=by, action="insured.document.add", kind="document")
    return document


@transaction.atomic
def change_document(document_id: int, *, changes: dict[str, Any], by: Employee) -> IdentityDocument:
    """Correct a document or say that it is no longer valid. Raises AlreadyThere."""
    person = locked_person(IdentityDocument.objects.values_list("person_id", flat=True).get(pk=document_id))
    document = IdentityDocument.objects.get(pk=document_id)
    change_row(person, document, changes, by=by, action="insured.document.change", kind="document")
    return document


@transaction.atomic
def add_former_name(
    person_id: int,
    *,
    surname: str,
    given_name: str,
    by: Employee,
    patronymic: str = "",
    until: date | None = None,
) -> FormerName:
    """Keep a name he had before, so that search finds him by it. Raises AlreadyThere."""
    person = locked_person(person_id)
    name = FormerName(person=person, surname=surname, given_name=given_name, patronymic=patronymic, until=until)
    add_row(person, name, by=by, action="insured.former_name.add", kind="former_name")
    return name


@transaction.atomic
def remove_former_name(name_id: int, *, by: Employee) -> None:
    """Take away a name he never had; the history keeps what it was."""
    name = FormerName.objects.get(pk=name_id)
    person = locked_person(name.person_id)
    was = " ".join(part for part in (name.surname, name.given_name, name.patronymic) if part)
    lines = [line(person, "former_name", "surname", was, "", by=by)]
    changed(person, "insured.former_name.remove", lines, by=by, row=name.pk)
    name.delete()


def _forward(since: date | None, until: date | None) -> None:
    if since and until and until < since:
        raise PeriodReversed
