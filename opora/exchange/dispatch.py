"""Files for partners: asked for, written in the background or at once, kept, laid into the folder ``out``."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.exchange import folders, vault
from opora.exchange.books import book_of
from opora.exchange.errors import ExchangeRefused
from opora.exchange.leaving import Period, leaving
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import Direction, State, Way
from opora.exchange.outbound.files import write_list
from opora.exchange.writers import WRITERS, Sending
from opora.organisations.models import Organisation
from opora.shared.errors import DomainError

SYSTEM = Scope.system("a file for a partner is written from what the organisation sees")
FORMATS = ("g1out", "xlsx", "intraservice", "sstu")


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for. ``by`` None is the console of the server."""

    organisation: Organisation
    period: Period
    format: str
    way: Way
    by: Any = None


def ask(order: Order) -> Parcel:
    """Note that a file is to be written. Raises ExchangeRefused for what cannot be."""
    if order.format not in FORMATS:
        raise ExchangeRefused(f"Формата «{order.format}» нет: бывают {', '.join(FORMATS)}.")
    if order.period.until < order.period.since:
        raise ExchangeRefused("Последний день периода раньше первого.")
    if order.format == "sstu" and not settings.SSTU_DEPARTMENT:
        raise ExchangeRefused("Не задан GUID организации на портале ССТУ: настройка OPORA_SSTU_DEPARTMENT.")
    writer = WRITERS[order.format]
    with enter(SYSTEM):
        made = Parcel.objects.create(
            organisation=order.organisation,
            direction=Direction.OUT,
            way=order.way,
            format=writer.slug,
            name=writer.title,
            by_id=getattr(order.by, "pk", None),
            by_name=getattr(order.by, "full_name", ""),
            options={
                "format": order.format,
                "since": order.period.since.isoformat(),
                "until": order.period.until.isoformat(),
            },
        )
        record("exchange.export", made, by=order.by, details={**made.options, "organisation": order.organisation.pk})
    return made


def make(parcel_id: int, *, is_laid_out: bool = True) -> Parcel:
    """Write a file that was asked for; one that is over is left alone. A refusal stays on its page as a sentence."""
    with enter(SYSTEM):
        parcel = (
            Parcel.objects.select_for_update(of=("self",))
            .select_related("organisation__territory")
            .get(pk=parcel_id, direction=Direction.OUT)
        )
        if parcel.is_finished:
            return parcel
        try:
            with transaction.atomic():
                _write(parcel)
        except DomainError as refusal:
            parcel.state, parcel.refusal = State.FAILED, refusal.sentence[:500]
        parcel.finished_at = timezone.now()
        parcel.save()
        is_ready = parcel.state == State.READY
    if is_ready and is_laid_out:
        folders.put_out(parcel.organisation, parcel.name, parcel.sha256)
    return parcel


def _write(parcel: Parcel) -> None:
    if "list" in parcel.options:
        write_list(parcel)
        return
    organisation = parcel.organisation
    writer = WRITERS[parcel.options["format"]]
    period = Period(date.fromisoformat(parcel.options["since"]), date.fromisoformat(parcel.options["until"]))
    sending = Sending(
        organisation=organisation.code,
        made_at=timezone.now().astimezone(organisation.zone),
        book=book_of(writer.system, timezone.localdate()),
        organisation_name=organisation.name,
        department=settings.SSTU_DEPARTMENT,
    )
    with tempfile.TemporaryDirectory(prefix="opora-exchange-") as folder:
        path = Path(folder) / writer.name(sending)
        count = writer.write(leaving(organisation, period), sending, path)
        kept = vault.keep_file(path)
    parcel.name, parcel.sha256, parcel.size = path.name, kept.sha256, kept.size
    parcel.counts, parcel.state = {"records": count}, State.READY
