"""GST and GPT of a region out of the GSM and GPM of its clinics. Handbook 20 §4: the fund merges, ГИС ОМС reads.

Nothing of a clinic's record is rewritten; the header is ours. A key that two records bear is said, never decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from opora.exchange.errors import FactMissing
from opora.exchange.findings import Record
from opora.exchange.format import Content
from opora.exchange.formats.dn_list import Gst
from opora.exchange.formats.dn_plan import DnPlan
from opora.exchange.lists.federal import period_of
from opora.exchange.treewriter import write_tree
from opora.exchange.writers.outgoing import Outgoing, packed

KINDS = {"GSM": ("GST", "P1.20", Gst.tree), "GPM": ("GPT", "P3.20", DnPlan.tree)}


@dataclass(frozen=True, slots=True)
class Merged:
    """``left_out``: (file, key) of records whose key an earlier file had already brought; the first one stays."""

    name: str
    raw: bytes
    records: int
    left_out: list[tuple[str, str]] = field(default_factory=list)


def merge(parts: Sequence[Content], outgoing: Outgoing) -> Merged:
    """Return the region's file of one period. ``parts`` are checked files without the records that were refused.

    Raises FactMissing for no parts, for parts of two kinds or two periods, for a part of another region.
    """
    kind, year, month = _agreed(parts, outgoing)
    sort, version, tree = KINDS[kind]
    stem = f"{sort}{outgoing.region}_{year % 100:02d}{month:02d}_{outgoing.number}"
    records, left_out = _together(parts)
    header = {
        "VERSION": version,
        "FILE_TYPE": sort,
        "DATA": f"{outgoing.made_at:%Y-%m-%d}",
        "FILENAME": stem,
        "REGION_CD": outgoing.region,
        "NN_FILE": str(outgoing.number),
        "SD_Z": str(len(records)),
    }
    raw = write_tree(tree, header, records)
    return Merged(f"{stem}.zip", packed(f"{stem}.xml", raw, outgoing.made_at), len(records), left_out)


def _agreed(parts: Sequence[Content], outgoing: Outgoing) -> tuple[str, int, int]:
    kinds = {part.header.get("FILE_TYPE", "") for part in parts}
    if len(kinds) != 1 or not kinds <= KINDS.keys():
        raise FactMissing("Сводят списки клиник одного вида: или GSM, или GPM")
    regions = {part.header.get("REGION_CD", "") for part in parts}
    if regions != {outgoing.region}:
        raise FactMissing(f"Сводят списки своего региона {outgoing.region}, а есть {', '.join(sorted(regions))}")
    periods = {period_of(part.header) for part in parts}
    found = periods.pop()
    if periods or found is None:
        raise FactMissing("Сводят списки за один месяц, а здесь их несколько")
    return kinds.pop(), *found


def _together(parts: Sequence[Content]) -> tuple[list[Record], list[tuple[str, str]]]:
    kept: dict[str, Record] = {}
    left_out: list[tuple[str, str]] = []
    for part in parts:
        for record in part.records:
            if record.key in kept:
                left_out.append((part.header.get("FILENAME", ""), record.key))
            else:
                kept[record.key] = Record(len(kept) + 1, record.key, record.values, record.blocks)
    return list(kept.values()), left_out
