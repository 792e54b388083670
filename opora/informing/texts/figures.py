"""How a text fits the people of the plan: all of them where they are few, else an honest sample that says so."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opora.access.scope import Scope, enter
from opora.channels.segments import OF_MANY, ONE
from opora.informing import merge, recipients
from opora.informing.pacing import Limits
from opora.informing.planning import ALPHABET, ONLY_MOBILE
from opora.informing.words import Channel
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.informing.models import Campaign

SQL = Path(__file__).parent.parent / "sql"
ALL = 20_000  # a plan of so many people is counted whole
RUNS, EACH = 40, 250  # else so many runs of neighbours, each so long

_sample = question(SQL, "text_sample")
_edges = question(SQL, "text_sample_edges")


@dataclass(frozen=True, slots=True)
class Figure:
    """``people`` were looked at: the plan, or a sample of it. ``segments`` is the mean of SMS parts."""

    people: int
    is_sample: bool
    too_long: int
    lacking: int
    longest: int
    segments: float

    @property
    def share_too_long(self) -> float:
        return 100 * self.too_long / self.people if self.people else 0.0


def longest(channel: str) -> int:
    """Return the most characters a text of this channel may have for a person; 0 — no limit."""
    if Channel(channel) not in ONLY_MOBILE:
        return 0
    parts = Limits().longest
    return ONE[ALPHABET] if parts == 1 else parts * OF_MANY[ALPHABET]


def figure(text: str, channel: str, campaign: Campaign) -> Figure:
    """Return how the text fits the plan of ``campaign`` (which need not be saved). Raises TextRefused."""
    shape = merge.check(text, channel)
    with enter(Scope.system("lengths of a text over a plan are counts")):
        parameters = _parameters(shape, channel, campaign)
        whole = _sample(**parameters, starts=[0], each=ALL + 1)[0]
        if whole.people <= ALL:
            return _figure(whole, is_sample=False)
        edges = _edges(year=campaign.year, measure=campaign.measure)[0]
        starts = sorted(random.sample(range(edges.first, edges.last + 1), RUNS))
        return _figure(_sample(**parameters, starts=starts, each=EACH)[0], is_sample=True)


def _figure(row: Any, *, is_sample: bool) -> Figure:
    return Figure(row.people, is_sample, row.too_long, row.lacking, row.longest, row.segments)


def _parameters(shape: merge.Shape, channel: str, campaign: Campaign) -> dict[str, Any]:
    values = recipients.values(campaign)
    clinics = {pk: values.of(pk) for pk in values.clinics}
    return {
        "year": campaign.year,
        "measure": campaign.measure,
        "insurer": campaign.insurer_id,
        "clinics": list(clinics),
        "fixed": [shape.length(one, without=merge.OF_PERSON) for one in clinics.values()],
        "lacks": [bool(merge.missing(shape, one, merge.MAY_LACK)) for one in clinics.values()],
        "fixed_here": shape.length(values.campaign, without=merge.OF_PERSON),
        "lacks_here": bool(merge.missing(shape, values.campaign, merge.MAY_LACK)),
        "names": shape.fields.get("имя", 0),
        "full_names": shape.fields.get("имя_отчество", 0),
        "most": longest(channel),
        "one": ONE[ALPHABET],
        "of_many": OF_MANY[ALPHABET],
    }
