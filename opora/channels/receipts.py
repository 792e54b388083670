"""What providers said, kept: every receipt once more than needed rather than once less.

A worker may learn an id and end; the receipt then comes to another. So what is kept knows ids too, and names receipts
that came to a session which did not.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opora.audit.services import uuid7
from opora.channels.events import receipts_came
from opora.channels.ports import IncomingReceipt, Link
from opora.channels.states import FINAL
from opora.channels.words import State
from opora.shared.sql import question

MEMORY = timedelta(days=8)  # validity of an SMS ends sooner
CLOCKS_DIFFER = timedelta(days=1)  # of machines: months that are not there yet need not be looked through
ASKED_FOR = timedelta(days=3)
MOST_ASKED = 10_000

_keep_receipts = question(Path(__file__).parent / "sql", "keep_receipts")
_awaiting_receipt = question(Path(__file__).parent / "sql", "awaiting_receipt")


@transaction.atomic
def keep(link: Link, receipts: Sequence[IncomingReceipt], *, now: datetime | None = None) -> list[IncomingReceipt]:
    """Store receipts of a provider and return them with their references, as far as anybody knows them.

    First among them are older ones that had come before their message's id was known and can be named now. Within
    the caller's transaction: what is folded from them is committed together with them, or neither is. The scope must
    see the organisation of the provider.
    """
    if not receipts:
        return []
    named = {receipt.message_id: receipt.reference for receipt in receipts if receipt.reference and receipt.message_id}
    now = now or timezone.now()
    rows = _keep_receipts(
        now=now,
        since=now - MEMORY,
        until=now + CLOCKS_DIFFER,
        provider=link.provider,
        organisation=link.organisation,
        receipts=json.dumps([_as_row(receipt, place, named) for place, receipt in enumerate(receipts, start=1)]),
    )
    return [
        IncomingReceipt(State(row.state), row.at, row.message_id, row.destination, row.reference, row.mark, row.code)
        for row in rows
    ]


def _as_row(receipt: IncomingReceipt, place: int, named: Mapping[str, UUID]) -> dict[str, Any]:
    reference = receipt.reference or named.get(receipt.message_id)
    return {
        "id": str(uuid7()),
        "message_id": receipt.message_id,
        "reference": str(reference) if reference else None,
        "state": str(receipt.state),
        "at": receipt.at.isoformat(),
        "code": receipt.code,
        "destination": receipt.destination,
        "mark": receipt.mark,
        "place": place,
    }


def awaiting(link: Link, *, now: datetime | None = None) -> list[str]:
    """Return ids of messages the provider accepted and has said nothing final of: those he is asked about."""
    rows = _awaiting_receipt(
        provider=link.provider,
        now=now or timezone.now(),
        memory=ASKED_FOR,
        final=sorted(map(str, FINAL)),
        most=MOST_ASKED,
    )
    return [row.message_id for row in rows]


@transaction.atomic
def take(link: Link, receipts: Sequence[IncomingReceipt]) -> list[IncomingReceipt]:
    """Keep receipts that came by themselves (a provider called us) and announce them in the same transaction."""
    kept = keep(link, receipts)
    announce(link, kept)
    return kept


def announce(link: Link, kept: Sequence[IncomingReceipt]) -> None:
    """Tell the rooms above of receipts that are kept, in the caller's transaction."""
    if kept:
        receipts_came.send(sender=None, link=link, receipts=kept)
