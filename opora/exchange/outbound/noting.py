"""A file that left past this program, noted so that its answer finds what it speaks of."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from opora.access.scope import enter
from opora.audit.services import record
from opora.exchange import vault
from opora.exchange.context import Context, bare_name
from opora.exchange.engine import examine
from opora.exchange.errors import ExchangeRefused
from opora.exchange.models import Parcel, SentRecord, Source
from opora.exchange.models.parcel import Direction, State, Way
from opora.exchange.outbound.orders import SYSTEM
from opora.exchange.outbound.recipes import RECIPES
from opora.organisations.models import Organisation

PACKAGES = ("p12_pakageguid", "reqID")  # services answer a package by its id, not by the name of a file


def note_sent(path: Path, organisation: Organisation) -> Parcel:
    """Keep a file and the keys of its records as sent. Raises ExchangeRefused for what no answer can speak of."""
    outcome, content = examine(path, Context(timezone.localdate()))
    recipe = RECIPES.get(outcome.format or "")
    if recipe is None or not outcome.is_accepted or not content.records:
        raise ExchangeRefused(f"{path.name}: это не список, который отправляют партнёрам.")
    name = next((content.header[of] for of in PACKAGES if content.header.get(of)), path.name)
    with enter(SYSTEM), transaction.atomic():
        kept = vault.keep_file(path)
        made = Parcel.objects.create(
            organisation=organisation,
            direction=Direction.OUT,
            way=Way.COMMAND,
            format=recipe.slug,
            name=vault.plain_name(path.name),
            sha256=kept.sha256,
            size=kept.size,
            sent_as=bare_name(name)[:80],
            state=State.READY,
            counts={"records": len(content.records)},
            finished_at=timezone.now(),
        )
        SentRecord.objects.bulk_create(
            (
                SentRecord(
                    parcel=made,
                    organisation=organisation,
                    place=one.place,
                    key=recipe.names_key(one)[:200],
                    source=Source.FILE,
                )
                for one in content.records
            ),
            batch_size=5000,
        )
        record("exchange.sent.note", made, by=None, details=made.counts)
    return made
