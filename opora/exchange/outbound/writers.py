"""One way to write any file that leaves: records in, bytes out, whether they are ours or a partner's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from opora.exchange.findings import Record
from opora.exchange.format import Content
from opora.exchange.lists.federal import period_of
from opora.exchange.outbound.recipes import RECIPES, Made
from opora.exchange.outbound.units import Gathered, Unit, batch_of_units
from opora.exchange.writers.federal import KINDS, merge
from opora.exchange.writers.khakassia import DspnReturn
from opora.exchange.writers.lists import LIST_WRITERS, ListWriter
from opora.exchange.writers.outgoing import Outgoing


class UnitWriter(Protocol):
    def name(self, outgoing: Outgoing) -> str:
        """Return the file name the partner expects."""

    def write(self, units: Sequence[Unit], gathered: Gathered, outgoing: Outgoing) -> bytes:
        """Return the file. Raises CodeUnknown and FactMissing as a ``ListWriter`` does."""


@dataclass(frozen=True, slots=True)
class OfBatch:
    """A list of our own words, in the codes of the partner."""

    writer: ListWriter

    def name(self, outgoing: Outgoing) -> str:
        return self.writer.name(outgoing)

    def write(self, units: Sequence[Unit], gathered: Gathered, outgoing: Outgoing) -> bytes:
        return self.writer.write(batch_of_units(units, gathered), outgoing)


class OfReturn:
    """A clinic's DSPN as it came, our facts after its own."""

    def name(self, outgoing: Outgoing) -> str:
        return DspnReturn().name(outgoing)

    def write(self, units: Sequence[Unit], gathered: Gathered, outgoing: Outgoing) -> bytes:
        content = Content(_records(units), gathered.header)
        keys = {record.key for record in content.records}
        return DspnReturn().write(content, [fact for fact in gathered.facts if fact.key in keys], outgoing)


@dataclass(frozen=True, slots=True)
class OfMerge:
    """Lists of clinics of one month as one list of the region; ``kind`` is GSM or GPM."""

    kind: str

    def name(self, outgoing: Outgoing) -> str:
        return f"{KINDS[self.kind][0]}{outgoing.region}_{outgoing.version}_{outgoing.number}.zip"

    def write(self, units: Sequence[Unit], gathered: Gathered, outgoing: Outgoing) -> bytes:
        return merge([Content(_records(units), gathered.header)], outgoing).raw


def month_of(header: dict[str, str]) -> str:
    """Return YYMM of a federal list, empty where its name does not say.

    >>> month_of({"FILENAME": "GSM190006_2605_1"})
    '2605'
    """
    found = period_of(header)
    return f"{found[0] % 100:02d}{found[1]:02d}" if found else ""


def _records(units: Sequence[Unit]) -> list[Record]:
    return [unit.record for unit in units if unit.record is not None]


WRITERS: dict[str, UnitWriter] = {
    **{slug: OfBatch(LIST_WRITERS[slug]) for slug, one in RECIPES.items() if one.made not in {Made.BACK, Made.MERGED}},
    DspnReturn.slug: OfReturn(),
    "gst-dn-list": OfMerge("GSM"),
    "gpt-gpm-dn-plan": OfMerge("GPM"),
}
