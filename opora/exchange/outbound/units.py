"""A record on its way out: what it says, and which rows of ours it says it of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from opora.exchange.findings import Record
from opora.exchange.models import Source
from opora.informing.incoming import (
    Batch,
    IncomingAnswer,
    IncomingConsent,
    IncomingContact,
    IncomingEntry,
    IncomingObservation,
)
from opora.informing.words import Measure, Purpose

LONGEST_KEY = 64


@dataclass(slots=True)
class Unit:
    """``place`` is where its source stands (the line of a list, else the order), for a person to find it.

    ``record`` is a partner's own record that goes on as it came.
    """

    source: Source
    source_id: int | None
    person_id: int | None
    place: int
    key: str = ""
    entries: list[IncomingEntry] = field(default_factory=list)
    contacts: list[IncomingContact] = field(default_factory=list)
    consents: list[IncomingConsent] = field(default_factory=list)
    observations: list[IncomingObservation] = field(default_factory=list)
    answers: list[IncomingAnswer] = field(default_factory=list)
    record: Record | None = None


@dataclass(slots=True)
class Gathered:
    """Records, and what the list they come from says of itself."""

    units: list[Unit]
    year: int | None = None
    month: int | None = None
    version: str = ""
    answers: str = ""
    provider: str = ""
    region: str = ""
    header: dict[str, str] = field(default_factory=dict)
    facts: list[IncomingContact] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked for. Days are inclusive, of the organisation's clock."""

    roll: int | None = None
    year: int | None = None
    month: int | None = None
    quarter: int | None = None
    measure: Measure | None = None
    purpose: Purpose | None = None
    provider: str = ""
    since: date | None = None
    until: date | None = None
    is_withdrawn: bool = False
    only: frozenset[int] | None = None
    with_sent: bool = False


def batch_of_units(units: Iterable[Unit], gathered: Gathered) -> Batch:
    """Return what a writer takes: records numbered from 1, each with a key of its own."""
    chosen, batch = list(units), Batch(year=gathered.year, month=gathered.month)
    for number, (unit, key) in enumerate(zip(chosen, keys_of(chosen), strict=True), start=1):
        batch.entries += [replace(one, place=number, key=key) for one in unit.entries]
        batch.contacts += [replace(one, place=number, key=key) for one in unit.contacts]
        batch.consents += [replace(one, place=number, key=key) for one in unit.consents]
        batch.observations += [replace(one, place=number, key=key) for one in unit.observations]
        batch.answers += [replace(one, place=number) for one in unit.answers]
    return batch


def keys_of(units: Sequence[Unit]) -> list[str]:
    """Return the keys the partner gave, where each record has one of its own; else our numbers from 1."""
    keys = [unit.key for unit in units]
    is_fit = all(0 < len(key) <= LONGEST_KEY for key in keys) and len(set(keys)) == len(keys)
    return keys if is_fit else [str(number) for number in range(1, len(keys) + 1)]
