"""Packs of the room as files: the rules a new installation begins with. They are edited on a page afterwards."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from opora.appeals.models import Route, VisibilityRule

PACKS = Path(__file__).parent / "packs"


def newest(kind: str) -> dict[str, Any]:
    """Return the content of the newest pack of a kind for the whole country."""
    return json.loads(max(PACKS.glob(f"{kind}-*.json")).read_text(encoding="utf-8"))


def load_shipped_rules(**_: Any) -> None:
    """Write the shipped routes and rules of sight where there are none yet; those that are there stay."""
    if not Route.objects.exists():
        pack = newest("routing")
        Route.objects.bulk_create(
            Route(**{**line, "since": date.fromisoformat(pack["since"]), "source": line["source"] or pack["source"]})
            for line in pack["routes"]
        )
    if not VisibilityRule.objects.exists():
        VisibilityRule.objects.bulk_create(
            VisibilityRule(
                reason=line["reason"],
                organisation_kind=line.get("organisation_kind", ""),
                appeal_kind=line.get("appeal_kind", ""),
                depth1=line["depths"][0],
                depth2=line["depths"][1],
                depth3=line["depths"][2],
            )
            for line in newest("visibility")["rules"]
        )
