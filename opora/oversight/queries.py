"""Questions to the access log. Every one names a period, so that months outside of it are not touched."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.organisations.models import Employee

MANY = 200
NEWEST_FIRST = ("-at", "-id")


def found(reader: Employee, wanted: Mapping[str, Any]) -> QuerySet[AuditLine]:
    """Return the lines ``reader`` may see that answer a valid SearchForm. Shape: AuditLine, in no order yet.

    Rests on the indexes audit_by_organisation, _territory, _employee, _subject, _action; conditions are ``=`` and
    ranges alone, because under row security an index serves leakproof operators only.
    """
    lines = AuditLine.objects.accessible_to(reader)
    lines = lines.filter(at__gte=_midnight(wanted["since"]), at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    if action := wanted.get("action"):
        lines = lines.filter(**_action(action))
    if organisation := wanted.get("organisation"):
        lines = lines.filter(organisation_id=organisation.pk)
    for name in ("result", "ip", "subject_kind", "subject_id"):
        if value := wanted.get(name):
            lines = lines.filter(**{name: value})
    if employee := wanted.get("employee"):
        lines = lines.filter(employee_id=employee)
    if who := (wanted.get("who") or "").strip():
        lines = lines.filter(employee_id__in=people_called(reader, who))
    return lines


def people_called(reader: Employee, who: str) -> list[int]:
    """Return the numbers of colleagues whose login or names begin so, at most MANY."""
    people = Employee.objects.accessible_to(reader)
    for word in who.split()[:3]:
        people = people.filter(
            Q(surname__istartswith=word)
            | Q(given_name__istartswith=word)
            | Q(patronymic__istartswith=word)
            | Q(login__startswith=word.lower())
        )
    return list(people.order_by("pk").values_list("pk", flat=True).distinct()[:MANY])


def _action(action: str) -> dict[str, str]:
    """One action, or a whole room («insured.»): ``.`` is followed by ``/`` in the alphabet of the index."""
    if action.endswith("."):
        return {"action__gte": action, "action__lt": action[:-1] + "/"}
    return {"action": action}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
