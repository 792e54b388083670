"""Parts of an organisation: sites, hot lines, departments, posts in clinics."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from opora.audit.services import record
from opora.organisations.errors import AlreadyThere, OrganisationClosed, StillUsed
from opora.organisations.limits import check_manages
from opora.organisations.models import Department, Employee, HotLine, Organisation, Post, Site
from opora.shared import conflict

UNIQUE_VIOLATION = "23505"

type Part = Site | HotLine | Department | Post


@transaction.atomic
def add_part(model: type[Part], *, organisation: Organisation, fields: Mapping[str, Any], by: Employee | None) -> Part:
    """Add a site, a hot line, a department or a post. Raises NotYours, OrganisationClosed, AlreadyThere."""
    check_manages(by, organisation)
    if organisation.closed_on:
        raise OrganisationClosed
    part = model(organisation=organisation, **fields)
    with _once():
        part.save()
    _record("add", part, by=by, details={})
    return part


@transaction.atomic
def change_part(part: Part, *, version: int, changes: Mapping[str, Any], by: Employee | None) -> Part:
    """Change a part. Raises NotYours, ChangedMeanwhile, AlreadyThere."""
    check_manages(by, part.organisation)
    row = conflict.locked(type(part), part.pk, version=version)
    with _once():
        changed = conflict.apply(row, changes)
    if changed:
        _record("change", row, by=by, details={"changed": changed})
    return row


@transaction.atomic
def remove_part(part: Part, *, by: Employee | None) -> None:
    """Remove a part nobody refers to; one that has a history is closed by its dates instead. Raises StillUsed."""
    check_manages(by, part.organisation)
    _record("remove", part, by=by, details={"was": str(part)})
    try:
        with transaction.atomic():
            part.delete()
    except ProtectedError as fault:
        raise StillUsed from fault


@contextmanager
def _once() -> Iterator[None]:
    """Say it in words when the organisation has such a part already."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        if getattr(fault.__cause__, "sqlstate", "") == UNIQUE_VIOLATION:
            raise AlreadyThere from fault
        raise


def _record(verb: str, part: Part, *, by: Employee | None, details: dict[str, Any]) -> None:
    details = {"organisation": part.organisation_id, **details}
    record(f"organisations.{part._meta.model_name}.{verb}", part, by=by, details=details)
