"""Parts of an organisation: sites, hot lines, departments, posts in clinics."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from opora.audit.services import record
from opora.organisations.errors import OrganisationClosed, StillUsed
from opora.organisations.limits import check_manages
from opora.organisations.models import Department, Employee, HotLine, Organisation, Post, Site
from opora.shared import conflict

type Part = Site | HotLine | Department | Post


@transaction.atomic
def add_part(model: type[Part], *, organisation: Organisation, fields: Mapping[str, Any], by: Employee | None) -> Part:
    """Add a site, a hot line, a department or a post. Raises NotYours, OrganisationClosed."""
    check_manages(by, organisation)
    if organisation.closed_on:
        raise OrganisationClosed
    part = model.objects.create(organisation=organisation, **fields)
    _record("add", part, by=by, details={})
    return part


@transaction.atomic
def change_part(part: Part, *, version: int, changes: Mapping[str, Any], by: Employee | None) -> Part:
    """Change a part. Raises NotYours, ChangedMeanwhile."""
    check_manages(by, part.organisation)
    row = conflict.locked(type(part), part.pk, version=version)
    if changed := conflict.apply(row, changes):
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


def _record(verb: str, part: Part, *, by: Employee | None, details: dict[str, Any]) -> None:
    details = {"organisation": part.organisation_id, **details}
    record(f"organisations.{part._meta.model_name}.{verb}", part, by=by, details=details)
