"""Who works where, as what, from when to when."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.audit.services import record
from opora.organisations.errors import (
    AlreadyEnded,
    AssignmentOverlaps,
    AssignmentRunsBackward,
    ForeignPart,
    OrganisationClosed,
    RoleDoesNotFit,
)
from opora.organisations.limits import check_administrator_remains, check_is_another, check_manages
from opora.organisations.models import Assignment, Department, Employee, Organisation, Post, Role


@dataclass(frozen=True, slots=True)
class Place:
    """Where she works and as what."""

    organisation: Organisation
    role: Role
    department: Department | None = None
    post: Post | None = None


@transaction.atomic
def assign(employee: Employee, *, place: Place, since: date, until: date | None, by: Employee | None) -> Assignment:
    """Give an employee a place of work; both days are inclusive, ``until`` None — until it is ended.

    Raises NotYours, OwnAccount, OrganisationClosed, RoleDoesNotFit, ForeignPart, AssignmentRunsBackward,
    AssignmentOverlaps.
    """
    check_manages(by, place.organisation)
    check_is_another(by, employee)
    _check_place(place, since=since, until=until)
    assignment = Assignment(
        employee=employee,
        organisation=place.organisation,
        role=place.role,
        department=place.department,
        post=place.post,
        since=since,
        until=until,
    )
    try:
        with transaction.atomic():
            assignment.save()
    except IntegrityError as fault:
        raise _refusal(fault) from fault
    record("employees.assign", employee, by=by, details=_details(assignment))
    return assignment


@transaction.atomic
def end_assignment(assignment: Assignment, *, on: date, by: Employee | None) -> None:
    """Set the last day of an assignment (inclusive); one that has not begun by then is dropped.

    Raises NotYours, OwnAccount, AlreadyEnded, LastAdministrator.
    """
    check_manages(by, assignment.organisation)
    check_is_another(by, assignment.employee)
    row = (
        Assignment.objects.select_for_update(of=("self",)).select_related("role", "organisation").get(pk=assignment.pk)
    )
    today = timezone.localdate()
    if row.until is not None and row.until < today:
        raise AlreadyEnded
    check_administrator_remains(row.organisation, without=assignment.employee, after=on)
    details = _details(row)
    if row.since > on and row.since > today:
        row.delete()
        record("employees.assignment.drop", assignment.employee, by=by, details=details)
        return
    if on < row.since:
        raise AssignmentRunsBackward
    row.until = on
    row.save(update_fields=["until"])
    record("employees.assignment.end", assignment.employee, by=by, details=details | {"until": on.isoformat()})


def _check_place(place: Place, *, since: date, until: date | None) -> None:
    closed_on = place.organisation.closed_on
    if closed_on and (until is None or until >= closed_on):
        raise OrganisationClosed
    if not place.role.fits(place.organisation):
        kind = place.organisation.get_kind_display().lower()
        raise RoleDoesNotFit(f"Роль «{place.role}» не бывает в организации этого вида ({kind}).")
    if until is not None and until < since:
        raise AssignmentRunsBackward
    if any(
        part is not None and part.organisation_id != place.organisation.pk for part in (place.department, place.post)
    ):
        raise ForeignPart


def _details(assignment: Assignment) -> dict[str, str | int | None]:
    return {
        "organisation": assignment.organisation_id,
        "role": assignment.role.slug,
        "since": assignment.since.isoformat(),
        "until": assignment.until.isoformat() if assignment.until else None,
    }


def _refusal(fault: IntegrityError) -> Exception:
    name = getattr(getattr(fault.__cause__, "diag", None), "constraint_name", "")
    known = {
        "assignment_same_role_once_at_a_time": AssignmentOverlaps,
        "assignment_role_fits_organisation": RoleDoesNotFit,
        "assignment_runs_forward": AssignmentRunsBackward,
    }
    return known[name]() if name in known else fault
