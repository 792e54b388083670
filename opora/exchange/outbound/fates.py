"""What a person does with records that partners refused: sends them again, or takes them off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from opora.audit.services import record
from opora.exchange.answering import count_answers
from opora.exchange.errors import ExchangeRefused
from opora.exchange.models import Fate, Parcel, SentRecord

if TYPE_CHECKING:
    from opora.organisations.models import Employee


def refused_by_file(ids: Iterable[int], by: Employee) -> list[tuple[Parcel, list[int]]]:
    """Return refused records she may see, by the file they left in."""
    own = SentRecord.objects.accessible_to(by).filter(pk__in=list(ids), fate=Fate.REFUSED).select_related("parcel")
    found: dict[int, tuple[Parcel, list[int]]] = {}
    for row in own.order_by("parcel", "place"):
        found.setdefault(row.parcel_id, (row.parcel, []))[1].append(row.pk)
    return list(found.values())


@transaction.atomic
def drop(ids: Iterable[int], *, why: str, by: Employee) -> int:
    """Take refused records off the work list; return how many. Raises ExchangeRefused without a reason."""
    if not why.strip():
        raise ExchangeRefused("Напишите, почему запись больше не отправлять.")
    gone = 0
    for parcel, chosen in refused_by_file(ids, by):
        gone += SentRecord.objects.filter(pk__in=chosen).update(fate=Fate.DROPPED, why=why.strip()[:300])
        count_answers(parcel)
        record("exchange.sent.drop", parcel, by=by, details={"records": len(chosen)})
    if not gone:
        raise ExchangeRefused("Отметьте записи, которые снять.")
    return gone
