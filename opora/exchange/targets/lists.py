"""Lists of informing → the rolls, the plan and the facts of ``opora.informing``. Record by record, the file whole."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from opora.exchange.answering import take_answers
from opora.exchange.books import book_of
from opora.exchange.findings import Finding
from opora.exchange.format import Content
from opora.exchange.lists import BATCHES
from opora.exchange.lists.clinics import renamed
from opora.exchange.models import Parcel
from opora.exchange.targets.target import Stored
from opora.informing.incoming import Batch
from opora.informing.loading import load
from opora.organisations.models import Employee, Organisation


class ListsTarget:
    """One target for every format of lists; ``slug`` says which."""

    def __init__(self, slug: str) -> None:
        self.slug = slug

    def further(self, content: Content, parcel: Parcel) -> Iterable[Finding]:
        """A plan of a clinic nobody knows would be lost: it is refused. People of one stay with their own clinic."""
        if content.records:
            return
        codes = {volume.provider_code for volume in self._batch(content).volumes}
        known = Organisation.objects.providers().filter(code__in=codes).values_list("code", flat=True)
        for code in sorted(codes - set(known)):
            yield Finding("CODEM", f"Клиника {code} не известна: заведите её или добавьте код в книгу кодов партнёра")

    def store(self, content: Content, parcel: Parcel) -> Stored:
        """Answers go to the records we sent; a file of answers alone makes no list."""
        batch = self._batch(content)
        answered = take_answers(batch.answers, parcel)
        if answered.files:
            parcel.options |= {"answers": answered.files}
        stored = Stored(changed=answered.changed, same=max(0, answered.named - answered.changed), is_stored=True)
        if batch.is_answer:
            return stored
        loaded = load(
            batch,
            organisation=parcel.organisation,
            format=self.slug,
            name=parcel.name,
            parcel_id=parcel.pk,
            by=Employee.objects.filter(pk=parcel.by_id).first() if parcel.by_id else None,
        )
        stored.new, stored.same = loaded.records - loaded.repeated, stored.same + loaded.repeated
        return stored

    def _batch(self, content: Content) -> Batch:
        """What the file means, clinics under our codes; the system of a partner is the first word of his formats."""
        book = book_of(self.slug.partition("-")[0], timezone.localdate())
        return renamed(BATCHES[self.slug](content), book)
