"""Questions about suits of recourse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from opora.complaints.models import Recourse, RecourseEvent, RecoursePayment
from opora.complaints.words import RecourseEventKind, RecourseOutcome
from opora.insured.models import Person
from opora.organisations.models import Employee, Organisation
from opora.shared.dates import show
from opora.shared.templatetags.ru import money

STATES = {"court": "В суде", "decided": "Решённые", "withdrawn": "Снятые"}
_TOTAL = F("care") + F("expertise") + F("costs")


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words; ``before`` — what stood, as (what, value)."""

    event: RecourseEvent
    title: str
    about: str
    before: list[tuple[str, str]]


def register(
    employee: Employee, *, state: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Recourse]:
    """Return the suits she may see, filed in some days. Shape: Recourse with who sues, and ``came`` in roubles."""
    rows = Recourse.objects.accessible_to(employee).select_related("insurer")
    days = {"filed_on__gte": since, "filed_on__lte": until}
    rows = rows.filter(**{name: day for name, day in days.items() if day})
    rows = rows.filter(withdrawn_at=None) if state != "withdrawn" else rows.exclude(withdrawn_at=None)
    if state in {"court", "decided"}:
        rows = rows.filter(outcome="") if state == "court" else rows.exclude(outcome="")
    paid = F("payments__care") + F("payments__expertise") + F("payments__costs")
    return rows.annotate(came=Sum(paid, filter=Q(payments__withdrawn_at=None)))


def sums(found: QuerySet[Recourse]) -> dict[str, Any]:
    """Return how many suits there are, what they ask for and what came. Two queries."""
    plain = found.model.objects.filter(pk__in=found.order_by().values("pk"))
    asked = plain.aggregate(number=Count("pk"), asked=Sum(_TOTAL))
    came = RecoursePayment.objects.filter(recourse__in=plain, withdrawn_at=None).aggregate(came=Sum(_TOTAL))
    return {"number": asked["number"], "asked": asked["asked"] or Decimal(0), "came": came["came"] or Decimal(0)}


def person_of(row: Recourse, employee: Employee) -> Person | None:
    """Return who was harmed, if she may see him; somebody insured elsewhere since is not named."""
    if row.person_id is None:
        return None
    return Person.objects.accessible_to(employee).filter(pk=row.person_id).first()


def history(row: Recourse) -> list[Told]:
    """Return what happened to a suit, the latest first. Two queries."""
    events = list(row.events.all())
    clinics = {one.details["former"].get("provider_id") for one in events if "former" in one.details} - {None}
    names = {str(one.pk): one.name for one in Organisation.objects.filter(pk__in=clinics)}
    return [_told(one, names) for one in events]


def _told(event: RecourseEvent, clinics: Mapping[str, str]) -> Told:
    outcome, total = event.details.get("outcome"), event.details.get("total")
    about = str(RecourseOutcome(outcome).label) if outcome else f"{money(Decimal(total))} ₽" if total else ""
    former = event.details.get("former", {})
    before = [(_title(name), _value(name, value, clinics)) for name, value in former.items()]
    return Told(event, str(RecourseEventKind(event.kind).label), about, before)


def _title(name: str) -> str:
    return str(Recourse._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _value(name: str, value: str | None, clinics: Mapping[str, str]) -> str:
    if not value:
        return "пусто"
    match name:
        case "filed_on" | "decided_on":
            return show(date.fromisoformat(value))
        case "care" | "expertise" | "costs":
            return f"{money(Decimal(value))} ₽"
        case "outcome":
            return str(RecourseOutcome(value).label)
        case "provider_id":
            return clinics.get(value, "другая клиника")
        case "person_id":
            return "другой человек"
    return value
