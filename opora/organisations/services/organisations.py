"""Organisations come, change and close."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from opora.audit.services import record
from opora.organisations.errors import CodeTaken, HasBranches, NotYours, OwnOrganisation
from opora.organisations.limits import check_manages
from opora.organisations.models import Assignment, Employee, Organisation
from opora.shared import conflict


@transaction.atomic
def add_organisation(*, fields: Mapping[str, Any], by: Employee | None) -> Organisation:
    """Add an organisation that ``by`` will manage: the fund — any of its territory, an insurer — its branches.

    Raises NotYours, CodeTaken.
    """
    organisation = Organisation(**fields)
    if by is not None and not _may_add(by, organisation):
        raise NotYours("Организации территории заводит администратор фонда, филиалы — администратор страховой.")
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as fault:
        raise _refusal(fault) from fault
    record("organisations.add", organisation, by=by, details={"kind": organisation.kind, "code": organisation.code})
    return organisation


@transaction.atomic
def change_organisation(
    organisation: Organisation, *, version: int, changes: Mapping[str, Any], by: Employee | None
) -> Organisation:
    """Change the card of an organisation. Raises NotYours, ChangedMeanwhile, CodeTaken."""
    check_manages(by, organisation)
    row = conflict.locked(Organisation, organisation.pk, version=version)
    try:
        with transaction.atomic():
            changed = conflict.apply(row, changes)
    except IntegrityError as fault:
        raise _refusal(fault) from fault
    if changed:
        record("organisations.change", row, by=by, details={"changed": changed})
    return row


@transaction.atomic
def close_organisation(organisation: Organisation, *, on: date, why: str, by: Employee | None) -> None:
    """Close an organisation from the day ``on``: its assignments end the day before, those not begun are dropped.

    Raises NotYours, OwnOrganisation, HasBranches.
    """
    check_manages(by, organisation)
    if by is not None and by.scope.organisation == organisation.pk:
        raise OwnOrganisation
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.branches.current(on).exists():
        raise HasBranches
    still = Assignment.objects.filter(organisation=row)
    dropped, _ = still.filter(since__gte=on).delete()
    ended = still.end_before(on)
    changed = conflict.apply(row, {"closed_on": on})
    details = {"changed": changed, "why": why, "assignments_ended": ended, "assignments_dropped": dropped}
    record("organisations.close", row, by=by, details=details)


@transaction.atomic
def reopen_organisation(organisation: Organisation, *, by: Employee | None) -> None:
    """Take back a closing. Assignments that ended stay ended."""
    check_manages(by, organisation)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if changed := conflict.apply(row, {"closed_on": None}):
        record("organisations.reopen", row, by=by, details={"changed": changed})


def _may_add(by: Employee, organisation: Organisation) -> bool:
    if by.scope.sees == "all":
        return True
    if by.scope.sees == "territory":
        return organisation.territory_id == by.scope.territory
    return organisation.kind == Organisation.Kind.BRANCH and organisation.parent_id == by.scope.organisation


def _refusal(fault: IntegrityError) -> Exception:
    name = getattr(getattr(fault.__cause__, "diag", None), "constraint_name", "")
    return CodeTaken() if name == "organisation_code_once" else fault
