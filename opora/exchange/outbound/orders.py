"""Asking for a list for a partner, and writing it: checked first or made at once, its records kept for answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.exchange.errors import ExchangeRefused
from opora.exchange.models import Fate, Parcel, SentRecord, Source
from opora.exchange.models.parcel import Direction, Way
from opora.exchange.outbound.recipes import RECIPES, Made
from opora.exchange.outbound.units import Wanted
from opora.informing.words import Measure, Purpose
from opora.organisations.models import Organisation

SYSTEM = Scope.system("a list for a partner is written from what the organisation sees")
SAID = ("roll", "year", "month", "quarter", "measure", "purpose", "provider", "since", "until", "is_withdrawn")


@dataclass(frozen=True, slots=True)
class ListOrder:
    """What was asked for. ``is_trial`` — say what would go and what is missing, make no file."""

    organisation: Organisation
    slug: str
    wanted: Wanted
    way: Way
    by: Any = None
    is_trial: bool = False


def ask(order: ListOrder) -> Parcel:
    """Note that a list is to be written. Raises ExchangeRefused for what cannot be asked."""
    recipe = RECIPES.get(order.slug)
    if recipe is None:
        raise ExchangeRefused(f"Формата «{order.slug}» среди отправляемых нет: бывают {', '.join(RECIPES)}.")
    if order.organisation.kind not in recipe.senders:
        raise ExchangeRefused(f"«{recipe.title}»: эта организация такие файлы не отправляет.")
    wanted = order.wanted
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise ExchangeRefused("Последний день периода раньше первого.")
    if recipe.made in {Made.CASES, Made.ANSWER, Made.BACK} and not wanted.roll:
        raise ExchangeRefused("Укажите принятый список, из которого составить файл.")
    said = {name: _plain(getattr(wanted, name)) for name in SAID if getattr(wanted, name)}
    options: dict[str, Any] = {"list": order.slug, **said}
    if wanted.with_sent:
        options["with_sent"] = True
    return _note(order, options)


def ask_in_earnest(checked: Parcel, *, by: Any) -> Parcel:
    """Note that what was checked is to be made. Raises ExchangeRefused for what was not."""
    if not (checked.is_trial and "list" in checked.options and checked.state == "checked"):
        raise ExchangeRefused("Сделать можно файл, который проверен и ещё не сделан.")
    with enter(SYSTEM):
        organisation = Organisation.objects.get(pk=checked.organisation_id)
    order = ListOrder(organisation, checked.format, Wanted(), Way(checked.way), by=by)
    return _note(order, {name: value for name, value in checked.options.items() if name != "package"})


def ask_again(sent: Parcel, records: Iterable[int], *, by: Any) -> Parcel:
    """Note that refused records of a file are to be sent once more, as our rows are now. Raises ExchangeRefused."""
    if "list" not in sent.options:
        raise ExchangeRefused("Этот файл составили не здесь: его записи снова не отправить.")
    with enter(SYSTEM):
        organisation = Organisation.objects.get(pk=sent.organisation_id)
        own = SentRecord.objects.filter(parcel=sent, pk__in=list(records), fate=Fate.REFUSED).exclude(
            source=Source.FILE
        )
        chosen = sorted(own.values_list("pk", flat=True))
    if not chosen:
        raise ExchangeRefused(
            "Снова отправляют записи, которые партнёр не принял и которые составлены из наших данных."
        )
    options = {name: value for name, value in sent.options.items() if name not in {"package", "again"}}
    order = ListOrder(organisation, sent.format, Wanted(), Way.UPLOAD, by=by)
    return _note(order, {**options, "again": sent.pk, "records": chosen})


def wanted_of(parcel: Parcel) -> Wanted:
    """Return what was asked for, as it was noted."""
    told = parcel.options
    only = None
    if "records" in told:
        found = SentRecord.objects.filter(pk__in=told["records"]).values_list("source_id", flat=True)
        only = frozenset(one for one in found if one is not None)
    return Wanted(
        **{name: told.get(name) for name in ("roll", "year", "month", "quarter")},
        measure=Measure(told["measure"]) if "measure" in told else None,
        purpose=Purpose(told["purpose"]) if "purpose" in told else None,
        provider=told.get("provider", ""),
        is_withdrawn=bool(told.get("is_withdrawn")),
        only=only,
        since=_day(told.get("since")),
        until=_day(told.get("until")),
        with_sent=bool(told.get("with_sent")),
    )


def _note(order: ListOrder, options: dict[str, Any]) -> Parcel:
    recipe = RECIPES[order.slug]
    if recipe.needs_package and not order.is_trial:
        options = {**options, "package": str(uuid4())}
    with enter(SYSTEM):
        made = Parcel.objects.create(
            organisation=order.organisation,
            direction=Direction.OUT,
            way=order.way,
            format=recipe.slug,
            name=recipe.title,
            is_trial=order.is_trial,
            by_id=getattr(order.by, "pk", None),
            by_name=getattr(order.by, "full_name", ""),
            options=options,
            as_of=timezone.localdate(),
        )
        record("exchange.export", made, by=order.by, details={**options, "organisation": order.organisation.pk})
    return made


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Measure | Purpose) else value
