"""Who may manage whom. ``by`` None is the console of the server: it may everything but leave nobody in charge.

Source: domain handbook 10 §3, rows 1–2 (deny by default; insurers are kept apart).
"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from opora.access.rights import Right
from opora.access.scope import Scope, Sees, enter
from opora.organisations.errors import (
    LastAdministrator,
    NotYours,
    OnlyFundEditsRoles,
    OwnAccount,
    WorksElsewhere,
)
from opora.organisations.models import Assignment, Employee, Organisation


def check_manages(by: Employee | None, organisation: Organisation) -> None:
    """Raise NotYours unless ``by`` manages the organisation."""
    if by is not None and not Organisation.objects.manageable_by(by).filter(pk=organisation.pk).exists():
        raise NotYours


def check_manages_person(by: Employee | None, employee: Employee) -> None:
    """Raise OwnAccount for oneself, NotYours for a stranger, WorksElsewhere where another employer has a say too."""
    if by is None:
        return
    check_is_another(by, employee)
    if not Employee.objects.accessible_to(by).filter(pk=employee.pk).exists():
        raise NotYours
    if works_elsewhere(by, employee):
        raise WorksElsewhere


def works_elsewhere(by: Employee, employee: Employee) -> bool:
    """Whether the employee works, or is about to work, where ``by`` manages nothing."""
    if by.scope.sees == Sees.ALL:
        return False
    manageable = set(Organisation.objects.manageable_by(by).values_list("pk", flat=True))
    with enter(Scope.system("another employer's assignment must be known, not shown")):
        places = set(_not_over(timezone.localdate()).filter(employee=employee).values_list("organisation", flat=True))
    return bool(places - manageable)


def check_is_another(by: Employee | None, employee: Employee) -> None:
    """Raise OwnAccount: nobody raises her own rights or closes herself out."""
    if by is not None and by.pk == employee.pk:
        raise OwnAccount


def check_administrator_remains(organisation: Organisation, *, without: Employee, after: date) -> None:
    """Raise LastAdministrator if ``without`` alone administers the organisation past the day ``after``.

    The organisation's row is locked, so that two administrators cannot close each other at once.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    administrators = _not_over(after, inclusive=False).filter(
        organisation=organisation, role__rights__contains=[Right.EMPLOYEES_EDIT], employee__is_active=True
    )
    holders = set(administrators.values_list("employee", flat=True))
    administers_now = (
        Assignment.objects.current()
        .filter(organisation=organisation, employee=without, role__rights__contains=[Right.EMPLOYEES_EDIT])
        .exists()
    )
    if administers_now and not holders - {without.pk}:
        raise LastAdministrator(f"{without.short_name} — последний администратор, {organisation}. Назначьте другого.")


def check_edits_roles(by: Employee | None) -> None:
    """Raise OnlyFundEditsRoles unless ``by`` administers a fund: roles are common to all organisations."""
    if by is not None and not edits_roles(by):
        raise OnlyFundEditsRoles


def edits_roles(by: Employee) -> bool:
    at_fund = by.assignment is not None and by.assignment.organisation.kind == Organisation.Kind.FUND
    return by.holds(Right.ROLES_EDIT) and at_fund


def _not_over(day: date, *, inclusive: bool = True) -> QuerySet[Assignment]:
    """Assignments still to run on the day (or past it), begun or not."""
    until = Q(until__gte=day) if inclusive else Q(until__gt=day)
    return Assignment.objects.filter(Q(until=None) | until)
