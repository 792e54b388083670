"""Questions about public informing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from opora.informing.models import PublicEvent, PublicInforming
from opora.informing.public.words import PublicEventKind, PublicKind, PublicSubject
from opora.organisations.models import Employee
from opora.shared.dates import show


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words; ``before`` — what stood, as (what, value)."""

    event: PublicEvent
    title: str
    before: list[tuple[str, str]]


def told(
    employee: Employee,
    *,
    since: date | None = None,
    until: date | None = None,
    kind: str = "",
    is_withdrawn: bool = False,
) -> QuerySet[PublicInforming]:
    """Return rows she may see. Shape: PublicInforming with whose it is."""
    rows = PublicInforming.objects.accessible_to(employee).select_related("insurer")
    wanted = {"on__gte": since, "on__lte": until, "kind": kind}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.exclude(withdrawn_at=None) if is_withdrawn else rows.filter(withdrawn_at=None)


def times(found: QuerySet[PublicInforming]) -> int:
    """Return how many events the rows stand for. One query."""
    return found.order_by().aggregate(times=Sum("times"))["times"] or 0


def history(row: PublicInforming) -> list[Told]:
    """Return what happened to a row, the latest first. One query."""
    return [
        Told(
            event,
            str(PublicEventKind(event.kind).label),
            [(_title(name), _value(name, value)) for name, value in event.details.get("former", {}).items()],
        )
        for event in row.events.all()
    ]


def _title(name: str) -> str:
    return str(PublicInforming._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _value(name: str, value: str) -> str:
    match name:
        case "on":
            return show(date.fromisoformat(value))
        case "kind":
            return str(PublicKind(value).label)
        case "subject":
            return str(PublicSubject(value).label)
    return value
