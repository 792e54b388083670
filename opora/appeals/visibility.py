"""How deep an organisation sees an appeal, by reason: rules of the territory are rows, read at most twice a minute."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import lru_cache
from itertools import product

from opora.appeals.models import VisibilityRule
from opora.appeals.words import Depth, GrantReason
from opora.classifiers.words import Kind

FRESH = 30.0  # seconds a process believes the rules it has read
type Depths = tuple[int, int, int]
DEEPEST: Depths = (Depth.PERSONAL, Depth.PERSONAL, Depth.PERSONAL)
NOTHING: Depths = (Depth.NOTHING, Depth.NOTHING, Depth.NOTHING)
WORKING = frozenset({"registered", "handles", "fund"})


def depths(territory: str, reason: str, organisation_kind: str, appeal_kind: str) -> Depths:
    """Return (level 1, level 2, level 3 and others). The most particular rule wins; without any, who works sees all."""
    organisation_kind = "insurer" if organisation_kind == "branch" else organisation_kind
    rules = _rules(territory, int(time.monotonic() / FRESH))
    for place in (territory, ""):
        for kind in (organisation_kind, ""):
            for of in (appeal_kind, ""):
                found = rules.get((place, str(reason), kind, of))
                if found is not None:
                    return found
    return DEEPEST if reason in WORKING else NOTHING


def sight(territory: str, organisations: Mapping[int, str]) -> str:
    """Return the same for statements about many appeals: a row of JSON for each organisation, reason and kind.

    ``organisations`` are their kinds by key. Read as ``(organisation, reason, kind, depth1, depth2, depth3)``.
    """
    rows = []
    for organisation, organisation_kind in organisations.items():
        for reason, kind in product(GrantReason.values, Kind.values):
            depth1, depth2, depth3 = map(int, depths(territory, reason, organisation_kind, kind))
            given = {"organisation": organisation, "reason": reason, "kind": kind}
            rows.append({**given, "depth1": depth1, "depth2": depth2, "depth3": depth3})
    return json.dumps(rows)


def forget(**_: object) -> None:
    _rules.cache_clear()


@lru_cache(maxsize=64)
def _rules(territory: str, moment: int) -> dict[tuple[str, str, str, str], Depths]:
    found = VisibilityRule.objects.filter(territory__in=["", territory])
    return {
        (rule.territory, rule.reason, rule.organisation_kind, rule.appeal_kind): (rule.depth1, rule.depth2, rule.depth3)
        for rule in found
    }
