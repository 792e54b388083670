"""A partner's list going back to him with what was done for its people: his own records, our facts after his."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.exchange import vault
from opora.exchange.context import Context
from opora.exchange.engine import examine
from opora.exchange.errors import ExchangeRefused, NothingToSend
from opora.exchange.lists import without_refused
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import Direction, State, Way, shown_name
from opora.exchange.writers.khakassia import DspnReturn
from opora.exchange.writers.outgoing import Outgoing
from opora.informing.facts import facts_of_roll
from opora.informing.models import Roll

SYSTEM = Scope.system("a list goes back to its partner with what was done for its people")
RETURNS = {writer.slug: writer for writer in (DspnReturn(),)}
OF_NAME = re.compile(r"[A-Za-z]+_M(\d{6})T(\d{2})_\d+", re.IGNORECASE)


def may_return(parcel: Parcel) -> bool:
    """Whether a file is a stored list of a format that goes back."""
    return parcel.direction == Direction.IN and parcel.is_stored and parcel.format in RETURNS


def ask_back(parcel: Parcel, *, by: Any) -> Parcel:
    """Note that a list is to go back. Raises ExchangeRefused for what is no stored list of such a format."""
    if not may_return(parcel):
        raise ExchangeRefused("Вернуть партнёру можно принятый список того формата, в котором есть место для фактов.")
    source = parcel.repeats or parcel
    with enter(SYSTEM):
        made = Parcel.objects.create(
            organisation=parcel.organisation,
            direction=Direction.OUT,
            way=Way.UPLOAD,
            format=parcel.format,
            name=RETURNS[parcel.format].title,
            by_id=getattr(by, "pk", None),
            by_name=getattr(by, "full_name", ""),
            options={"returns": source.pk},
        )
        record("exchange.export", made, by=by, details=made.options)
    return made


def write_back(parcel: Parcel) -> None:
    """Write the file that ``ask_back`` noted. Raises NothingToSend while nobody of the list has been informed."""
    source = Parcel.objects.select_related("organisation__territory").get(pk=parcel.options["returns"])
    facts = facts_of_roll(Roll.objects.get(parcel_id=source.pk))
    if not facts:
        raise NothingToSend("Из этого списка ещё никого не информировали: возвращать нечего.")
    day = source.as_of or timezone.localdate(source.received_at)
    with vault.under_its_name(source.sha256, source.name) as path:
        outcome, content = examine(path, Context(day))
    writer, outgoing = RETURNS[source.format], _outgoing(parcel, source)
    raw = writer.write(without_refused(outcome, content), facts, outgoing)
    kept = vault.keep([raw])
    parcel.name, parcel.sha256, parcel.size = writer.name(outgoing), kept.sha256, kept.size
    parcel.counts, parcel.state = {"records": len(content.records), "facts": len(facts)}, State.READY


def _outgoing(parcel: Parcel, source: Parcel) -> Outgoing:
    """The clinic and the region stand in the name of her file; we number our files of a month one after another."""
    named = OF_NAME.match(source.name)
    if named is None:
        raise ExchangeRefused(f"Из имени {shown_name(source.name)} не видно, чей это список.")
    made_at = timezone.now().astimezone(parcel.organisation.zone)
    before = Parcel.objects.filter(
        organisation=parcel.organisation,
        direction=Direction.OUT,
        format=parcel.format,
        state=State.READY,
        name__startswith=f"DSPN_M{named[1]}T{named[2]}_{made_at:%y%m}",
    ).count()
    return Outgoing(
        sender=parcel.organisation.code, made_at=made_at, number=before + 1, provider=named[1], region=named[2]
    )
