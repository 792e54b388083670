"""Upkeep of what the board reads: triggers write changes, these make them few again, or count everything anew."""

from __future__ import annotations

from django.db import connection

from opora.access.scope import Scope, enter
from opora.appeals.chain.digest import statement

# Who folds beside a rebuild would put back what the rebuild has counted.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('opora.appeals.board', 0))"
FOLDS = ("board_fold_answers", "board_fold_promises")
REBUILDS = ("board_rebuild_answers", "board_rebuild_promises", "board_rebuild_queue")


def fold() -> int:
    """Fold the counters of the board; return how many rows were written."""
    return _run(FOLDS, "the chainer folds the counters of the board")


def rebuild() -> int:
    """Count everything the board reads anew from the journal; return how many rows were written."""
    return _run(REBUILDS, "the counters of the board are counted anew")


def _run(names: tuple[str, ...], why: str) -> int:
    written = 0
    with enter(Scope.system(why)), connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        for name in names:
            cursor.execute(statement(name))
            written += cursor.rowcount
    return written
