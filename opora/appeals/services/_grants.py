"""Who sees an appeal from now on: grants are added and deepened by work, taken back only by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connections

from opora.access.scope import Scope, enter
from opora.appeals import visibility
from opora.appeals.models import Appeal
from opora.appeals.words import GrantReason
from opora.organisations.models import Organisation
from opora.shared.sql import text as statement

_GRANT = Path(__file__).parents[1] / "sql" / "grant.sql"
type Depths = tuple[int, int, int]


def let_see(
    appeal: Appeal,
    organisation: Organisation,
    reason: GrantReason,
    now: datetime,
    *,
    depths: Depths | None = None,
    exactly: bool = False,
) -> Depths:
    """Let an organisation see an appeal as deep as the rules say, never less deep than before; returns the depths.

    ``depths`` are given by hand instead; ``exactly`` may take sight away.
    """
    found = depths or visibility.depths(appeal.territory_id, reason, organisation.kind, appeal.kind)
    parameters: dict[str, Any] = {
        "appeal": appeal.pk,
        "organisation": organisation.pk,
        "reason": str(reason),
        "depth1": found[0],
        "depth2": found[1],
        "depth3": found[2],
        "now": now,
        "exactly": exactly,
    }
    with (
        enter(Scope.system("a grant is written for another organisation")),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(statement(_GRANT), parameters)
    return found
