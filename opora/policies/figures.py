"""Deliveries counted: indicator 2, months by category, rows behind each number.

Source: domain handbook 04 §1, indicator 2 «courier delivery of policies for listed groups».
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from opora.policies.models import Delivery, DeliveryEvent, HandOver
from opora.policies.words import EventKind

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

HEAD = ("Заявка", "Категория", "Адрес", "Принята", "Вручено", "Чем подтверждено", "Курьер", "Визитов впустую")


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Indicator 2 of a period: ``delivered`` policies, ``not_home`` visits in vain, ``declined`` and ``refused``
    requests; ``is_done`` is the indicator itself.
    """

    delivered: int
    not_home: int
    declined: int
    refused: int

    @property
    def is_done(self) -> bool:
        return self.delivered > 0


def deliveries_between(organisation: Organisation, since: date, until: date) -> Deliveries:
    """Count deliveries of an insurer (of a territory for its fund) by the day of the hand-over.

    Both days are local and inclusive; the scope must see the organisation. Two queries.
    """
    mine = Delivery.objects.filter(**_whose(organisation))
    delivered = HandOver.objects.filter(delivery__in=mine, on__range=(since, until)).count()
    kinds = (EventKind.NOT_HOME, EventKind.DECLINED, EventKind.REFUSED)
    events = DeliveryEvent.objects.filter(delivery__in=mine, at__date__range=(since, until))
    counts = events.aggregate(**{str(kind): Count("pk", filter=Q(kind=kind)) for kind in kinds})
    return Deliveries(delivered, counts["not_home"], counts["declined"], counts["refused"])


def months(employee: Employee, year: int) -> list[dict[str, Any]]:
    """Return hand-overs of a year by month and category: ``month``, ``category``, ``number``. One query."""
    rows = handed(employee, date(year, 1, 1), date(year, 12, 31))
    counted = rows.annotate(month=TruncMonth("on")).values("month", "delivery__category")
    ordered: Any = counted.annotate(number=Count("pk")).order_by("month", "delivery__category")
    return list(ordered)


def handed(employee: Employee, since: date, until: date, category: str = "") -> QuerySet[HandOver]:
    """Hand-overs she may see, of a period and maybe of a category, with their request and courier."""
    rows: QuerySet[HandOver] = HandOver.objects.accessible_to(employee).filter(on__range=(since, until))
    if category:
        rows = rows.filter(delivery__category=category)
    return rows.select_related("delivery", "courier")


def lines(rows: QuerySet[HandOver], titles: dict[str, str]) -> Iterator[Sequence[Any]]:
    """Yield cells of a sheet, without names: the number of a request leads to its page."""
    for one in rows.order_by("on", "pk").iterator(chunk_size=2_000):
        row = one.delivery
        yield (
            row.number,
            titles.get(row.category, row.category),
            ", ".join(part for part in (row.settlement, row.street) if part),
            f"{row.asked_at:%d.%m.%Y}",
            f"{one.on:%d.%m.%Y}",
            one.get_proof_display(),
            one.courier.short_name,
            row.tries,
        )


def _whose(organisation: Organisation) -> dict[str, Any]:
    kinds = type(organisation).Kind
    match organisation.kind:
        case kinds.FUND:
            return {"territory": organisation.territory_id}
        case kinds.BRANCH:
            return {"insurer": organisation.parent_id, "territory": organisation.territory_id}
        case _:
            return {"insurer": organisation.pk}
