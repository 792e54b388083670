"""What the desk asks of the rooms below."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from opora.access.scope import Scope
from opora.audit.models import AuditLine
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.shared.prepared import prepared

REMEMBERED = timedelta(days=14)
SHOWN = 8
LOOKED_AT = 120  # lines: one card opened may leave several


@dataclass(frozen=True, slots=True)
class Opened:
    """A card she has opened and when she did last."""

    person: Person
    at: datetime


def lately_opened(employee: Employee) -> list[Opened]:
    """Cards she opened within two weeks, the latest first. Two queries, both by index, whatever the size of the log."""
    latest: dict[int, datetime] = {}
    for key, at in _read(employee.pk, timezone.now() - REMEMBERED):
        if key.isdecimal():
            latest.setdefault(int(key), at)
    people = {one.pk: one for one in _people(employee.scope, list(latest)[: SHOWN * 2])}
    return [Opened(people[key], at) for key, at in latest.items() if key in people][:SHOWN]


@prepared
def _read(employee: int, since: datetime) -> QuerySet[AuditLine, tuple[str, datetime]]:
    lines = AuditLine.objects.filter(employee_id=employee, action="insured.card.read", at__gte=since)
    return lines.order_by("-at").values_list("subject_id", "at")[:LOOKED_AT]


@prepared
def _people(scope: Scope, keys: list[int]) -> QuerySet[Person]:
    return Person.objects.within(scope).filter(pk__in=keys)
