"""Clinics of a list under their registry codes: a fund may name them by codes of its own, as Volgograd does."""

from __future__ import annotations

from dataclasses import replace

from opora.exchange.codebook import CodeBook
from opora.informing.incoming import (
    Batch,
    IncomingContact,
    IncomingEntry,
    IncomingObservation,
    IncomingVisit,
    IncomingVolume,
)

LIST = "provider"


def renamed(batch: Batch, book: CodeBook) -> Batch:
    """Return the batch with the codes the book knows put into ours; the rest stays as the partner wrote it.

    Clinics of referrals are told as they came: the referral is between them, not with us.
    """
    ours = {"": ""}

    def of_ours[Of: (IncomingEntry, IncomingContact, IncomingVisit, IncomingObservation, IncomingVolume)](
        records: list[Of],
    ) -> list[Of]:
        found = []
        for one in records:
            code = one.provider_code
            if code not in ours:
                ours[code] = book.ours(LIST, code) or code
            found.append(one if ours[code] == code else replace(one, provider_code=ours[code]))
        return found

    return replace(
        batch,
        entries=of_ours(batch.entries),
        contacts=of_ours(batch.contacts),
        visits=of_ours(batch.visits),
        observations=of_ours(batch.observations),
        volumes=of_ours(batch.volumes),
    )
