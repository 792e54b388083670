"""Questions about organisations and people at work."""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Lower

from opora.access.scope import Scope, enter
from opora.audit.models import AuditLine
from opora.organisations.models import Assignment, Employee, Organisation

SOON = timedelta(days=14)


def reference_book(
    employee: Employee, *, kind: str = "", territory: str = "", text: str = "", closed: bool = False
) -> QuerySet[Organisation]:
    """Organisations she may look up. Shape: Organisation with territory, parent and prefetched hours and hot lines."""
    found = Organisation.objects.accessible_to(employee).select_related("territory", "parent")
    if not closed:
        found = found.current()
    if kind:
        found = found.filter(kind=kind)
    if territory:
        found = found.filter(territory=territory)
    for word in text.split()[:5]:
        known = Q(name__icontains=word) | Q(full_name__icontains=word) | Q(address__icontains=word)
        found = found.filter(known | Q(code__startswith=word))
    return found.prefetch_related("working_hours", "hot_lines", "sites__working_hours")


def houses_with(right: str) -> set[tuple[str, str]]:
    """Return territory and kind of organisations where anybody holds a right now, whoever asks. One query."""
    held = Assignment.objects.current().filter(employee__is_active=True, role__rights__contains=[right])
    with enter(Scope.system("who works at other organisations is not seen by everybody")):
        return set(held.order_by().values_list("organisation__territory", "organisation__kind").distinct())


def colleagues(
    employee: Employee, *, text: str = "", organisation: int | None = None, role: str = "", state: str = ""
) -> QuerySet[Employee]:
    """People she manages or may see. Shape: Employee with ``works_now``, her assignments of today."""
    found = Employee.objects.accessible_to(employee)
    current = Assignment.objects.current()
    if organisation:
        current = current.filter(organisation=organisation)
    if role:
        current = current.filter(role__slug=role)
    match state:
        case "closed":
            found = found.filter(is_active=False)
        case "locked":
            found = found.filter(pk__in=locked(employee))
        case "former":
            found = found.exclude(pk__in=current.values("employee"))
        case _:
            found = found.filter(is_active=True)
    if organisation or role:
        found = found.filter(pk__in=current.values("employee"))
    for word in text.split()[:4]:
        found = found.filter(
            Q(surname__istartswith=word)
            | Q(given_name__istartswith=word)
            | Q(patronymic__istartswith=word)
            | Q(login__startswith=word.lower())
        )
    return found.prefetch_related(Prefetch("assignments", works_now(), to_attr="works_now"))


def works_now() -> QuerySet[Assignment]:
    return Assignment.objects.current().select_related("role", "organisation")


def failed_logins() -> QuerySet[Any, str]:
    """Logins closed after too many failures (django-axes counts them)."""
    failures = AccessAttempt.objects.annotate(login=Lower("username")).values("login")
    closed = failures.annotate(failures=Sum("failures_since_start")).filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    return closed.values_list("login", flat=True)


def locked(employee: Employee) -> QuerySet[Employee]:
    """Colleagues whose login is closed after too many failures."""
    return Employee.objects.accessible_to(employee).filter(login__in=failed_logins())


def ending_soon(employee: Employee) -> QuerySet[Assignment]:
    """Assignments that end within two weeks, the nearest first, in the organisations she manages."""
    ending = Assignment.objects.ending(within=SOON).filter(
        organisation__in=Organisation.objects.manageable_by(employee), employee__is_active=True
    )
    return ending.select_related("employee", "role", "organisation").order_by("until", "pk")


def changes_of(subject: Any, *, reader: Employee, limit: int = 10) -> QuerySet[AuditLine]:
    """The latest lines of the access log about one card, as far as the reader may see them."""
    lines = AuditLine.objects.accessible_to(reader).filter(
        subject_kind=subject._meta.label_lower, subject_id=str(subject.pk)
    )
    return lines.exclude(action__endswith=".read").order_by("-at", "-id")[:limit]
