"""Lists of partners going on: back with our facts, answered record by record, or merged into one of the region."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils import timezone

from opora.exchange import vault
from opora.exchange.context import Context
from opora.exchange.engine import examine
from opora.exchange.errors import ExchangeRefused, NothingToSend
from opora.exchange.findings import Outcome
from opora.exchange.format import Content
from opora.exchange.lists import without_refused
from opora.exchange.lists.vlg_codes import RESULTS
from opora.exchange.models import Parcel, ParcelFinding, Source
from opora.exchange.models.parcel import Direction, State, shown_name
from opora.exchange.outbound.gathering import roll_of
from opora.exchange.outbound.people import known
from opora.exchange.outbound.recipes import SOURCES, Recipe
from opora.exchange.outbound.units import Gathered, Unit, Wanted
from opora.exchange.outbound.writers import month_of
from opora.exchange.tree import parse_day
from opora.informing.facts import facts_of_roll
from opora.informing.incoming import IncomingAnswer
from opora.informing.models import Entry, Observation, PlannedVisit, Roll
from opora.informing.words import EntryState
from opora.organisations.models import Organisation

OF_NAME = re.compile(r"[A-Za-z]+_M(\d{6})T(\d{2})_\d+", re.IGNORECASE)
NAMES = ("NAME_F", "FILENAME")
NOT_FOUND = {"vlg": RESULTS["3"], "rpl": "Человек в регистре не найден"}


def returned(recipe: Recipe, organisation: Organisation, wanted: Wanted) -> Gathered:
    """The clinic and the region stand in the name of the list; it goes back whole."""
    roll = roll_of(recipe, organisation, wanted)
    facts = facts_of_roll(roll)
    if not facts:
        raise NothingToSend("Из этого списка ещё никого не информировали: возвращать нечего.")
    outcome, content = _read(_parcel_of(roll))
    whole = without_refused(outcome, content)
    found = Gathered(_as_they_came(whole), header=whole.header, facts=facts, counts={"facts": len(facts)})
    found.provider, found.region = _named(roll.name)
    return found


def answered(recipe: Recipe, organisation: Organisation, wanted: Wanted) -> Gathered:
    """What became of every record of a list: refused by the controls, found in the register, or not found."""
    roll = roll_of(recipe, organisation, wanted)
    source = _parcel_of(roll)
    _, content = _read(source)
    file = next((content.header[name] for name in NAMES if content.header.get(name)), source.name)
    faults: dict[int, list[str]] = {}
    for place, message in ParcelFinding.objects.filter(
        parcel=source, severity="error", place__isnull=False
    ).values_list("place", "message"):
        faults.setdefault(place or 0, []).append(message)
    matched = _matched(roll)
    people = known(matched.values())
    units = []
    for record in content.records:
        own = people.get(matched.get(record.place, 0))
        why = "; ".join(faults.get(record.place, []))
        is_accepted = own is not None and not why
        answer = IncomingAnswer(
            place=record.place,
            key=record.key,
            answered_file=file,
            is_accepted=is_accepted,
            text="" if is_accepted else why or NOT_FOUND[recipe.system],
            enp=own.who.enp if own else "",
            insurer_code=own.who.insurer_code if own else "",
        )
        person = matched.get(record.place)
        units.append(Unit(Source.FILE, None, person, record.place, record.key, answers=[answer]))
    made = parse_day(content.header.get("DATA", ""))  # a list of the year names no month: the month it was made in
    month = roll.month or (made.month if made else None)
    found = Gathered(units, roll.year or (made.year if made else None), month, answers=file)
    if recipe.system == "rpl":
        found.provider, found.region = _named(roll.name)
    return found


def merged(recipe: Recipe, organisation: Organisation, wanted: Wanted) -> Gathered:
    """Accepted lists of the clinics for a month; a key that an earlier file has brought stays with the first."""
    if not (wanted.year and wanted.month):
        raise ExchangeRefused("Укажите год и месяц списков.")
    month = f"{wanted.year % 100:02d}{wanted.month:02d}"
    found, keys, left_out = Gathered([], version=month), set[str](), 0
    for parcel in _of_clinics(recipe, organisation, month):
        outcome, content = _read(parcel)
        if month_of(content.header) != month or content.header.get("FILE_TYPE") not in {"GSM", "GPM"}:
            continue
        whole = without_refused(outcome, content)
        found.header = found.header or whole.header
        if whole.header.get("REGION_CD") != found.header.get("REGION_CD"):
            raise ExchangeRefused(f"В файле {shown_name(parcel.name)} другой регион, чем в остальных.")
        for unit in _as_they_came(whole):
            if unit.key in keys:
                left_out += 1
                continue
            keys.add(unit.key)
            found.units.append(unit)
    if not found.units:
        raise NothingToSend("Принятых списков клиник за этот месяц нет: сводить нечего.")
    found.region = found.header.get("REGION_CD", "")
    if left_out:
        found.counts["same_key"] = left_out
    return found


def version_of(roll: Roll) -> str:
    """Return the version that a list names in its header: its answer repeats it."""
    return _read(_parcel_of(roll))[1].header.get("VERSION", "")


def _of_clinics(recipe: Recipe, organisation: Organisation, month: str) -> Iterable[Parcel]:
    return Parcel.objects.filter(
        organisation__territory=organisation.territory_id,
        direction=Direction.IN,
        state=State.ACCEPTED,
        format=SOURCES[recipe.slug],
        name__regex=rf"(?i)^(GSM|GPM)\d+_{month}_\d+\.",
    ).order_by("pk")


def _as_they_came(content: Content) -> list[Unit]:
    return [Unit(Source.FILE, None, None, one.place, one.key, record=one) for one in content.records]


def _matched(roll: Roll) -> dict[int, int]:
    """People who were found for the records of a list, by place."""
    entries = Entry.objects.filter(roll=roll, state=EntryState.MATCHED).values_list("place", "person")
    found = {place: person for place, person in entries if person}
    for model in (Observation, PlannedVisit):
        found |= dict(model.objects.filter(roll=roll).values_list("place", "person"))
    return found


def _parcel_of(roll: Roll) -> Parcel:
    found = Parcel.objects.filter(pk=roll.parcel_id or 0).first()
    if found is None:
        raise ExchangeRefused("Файла этого списка у нас нет: ответить на него нечем.")
    return found


def _read(parcel: Parcel) -> tuple[Outcome, Content]:
    day = parcel.as_of or timezone.localdate(parcel.received_at)
    with vault.under_its_name(parcel.sha256, parcel.name) as path:
        return examine(path, Context(day))


def _named(name: str) -> tuple[str, str]:
    """The clinic and the region, as the name of her file has them."""
    found = OF_NAME.match(name)
    if found is None:
        raise ExchangeRefused(f"Из имени {shown_name(name)} не видно, чей это список.")
    return found[1], found[2]
