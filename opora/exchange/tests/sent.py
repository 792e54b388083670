"""A file we are said to have sent: the row and the keys of its records, without its bytes."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from opora.exchange.context import bare_name
from opora.exchange.models import Parcel, SentRecord
from opora.exchange.models.parcel import Direction, State
from opora.organisations.models import Organisation


def note(organisation: Organisation, name: str, keys: Iterable[str], *, sent_as: str = "", slug: str = "") -> Parcel:
    made = Parcel.objects.create(
        organisation=organisation,
        direction=Direction.OUT,
        format=slug,
        name=name,
        sent_as=bare_name(sent_as or name),
        state=State.READY,
        finished_at=timezone.now(),
    )
    SentRecord.objects.bulk_create(
        SentRecord(parcel=made, organisation=organisation, place=place, key=key, source="file", person_id=place)
        for place, key in enumerate(keys, start=1)
    )
    return made
