"""The count of open cases behind the board."""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from opora.access.scope import Scope, enter
from opora.shared.sql import text

_FOLD = Path(__file__).parents[1] / "sql" / "fold_tally.sql"


def fold_tally() -> int:
    """Fold the changes; returns how many rows are left. Sums stay what they were, also for who reads meanwhile."""
    with enter(Scope.system("counts of cases are folded")), connection.cursor() as cursor:
        cursor.execute(text(_FOLD))
        return int(cursor.rowcount)
