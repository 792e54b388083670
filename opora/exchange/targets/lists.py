"""Lists of informing → the rolls, the plan and the facts of ``opora.informing``. Record by record, the file whole."""

from __future__ import annotations

from collections.abc import Iterable

from opora.exchange.findings import Finding
from opora.exchange.format import Content
from opora.exchange.lists import BATCHES
from opora.exchange.models import Parcel
from opora.exchange.targets.target import Stored
from opora.informing.loading import load
from opora.organisations.models import Employee


class ListsTarget:
    """One target for every format of lists; ``slug`` says which."""

    def __init__(self, slug: str) -> None:
        self.slug = slug

    def further(self, content: Content, parcel: Parcel) -> Iterable[Finding]:
        return ()

    def store(self, content: Content, parcel: Parcel) -> Stored:
        loaded = load(
            BATCHES[self.slug](content),
            organisation=parcel.organisation,
            format=self.slug,
            name=parcel.name,
            parcel_id=parcel.pk,
            by=Employee.objects.filter(pk=parcel.by_id).first() if parcel.by_id else None,
        )
        return Stored(new=loaded.records - loaded.repeated, same=loaded.repeated, is_stored=True)
