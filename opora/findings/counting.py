"""Facts follow the journal: the chain is read from where it was left, what changed is counted anew.

A fact remembers what its appeal counted as, so a reclassified or handed-over appeal leaves its former cell by itself.
Reading the same turns twice changes nothing, and all of it may be made anew to the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.models import ChainLink
from opora.appeals.words import EventKind
from opora.findings.models import Cursor
from opora.shared import statistics
from opora.shared.sql import question
from opora.shared.sql import text as statement

SQL = Path(__file__).parent / "sql"
TURNS = 20_000  # of the chain in one transaction
FAR = 1_000_000  # turns behind: from there on it is cheaper to make everything anew
HEARD = [
    str(kind)
    for kind in (
        EventKind.REGISTERED,
        EventKind.IMPORTED,
        EventKind.HANDED_OVER,
        EventKind.RETURNED,
        EventKind.REASSIGNED,
        EventKind.FORWARDED,
        EventKind.AMENDED,
        EventKind.REOPENED,
    )
]  # all others leave kind, reasons, the wait and who answers alone
WHY = "facts are counted for everybody"

_facts = question(SQL, "facts")
_news = question(SQL, "news")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a reading did: turns of the chain passed, appeals looked at, days counted anew."""

    turns: int
    appeals: int
    days: int


def follow(*, most: int = TURNS) -> Counted:
    """Read the chain to its end. Each stretch of ``most`` turns is a transaction of its own."""
    turns = appeals = days = 0
    if _is_far_behind():
        days = rebuild().days
    while True:
        done = _stretch(most)
        turns, appeals, days = turns + done.turns, appeals + done.appeals, days + done.days
        if done.turns < most:
            return Counted(turns, appeals, days)


def rebuild() -> Counted:
    """Make all facts and counts anew; what the chain tells meanwhile is read by the next ``follow``."""
    with enter(Scope.system(WHY)):
        cursor = _cursor()
        last = _last_turn()
        statistics.refresh(["appeals_reason", "appeals_wait"])
        touched = _count(None)
        Cursor.objects.filter(pk=cursor.pk).update(turn=last, read_at=timezone.now())
    return Counted(0, 0, touched)


def count_again(appeals: Sequence[UUID]) -> int:
    """Count these appeals anew; return how many days were touched."""
    with enter(Scope.system(WHY)):
        _cursor()
        return _count(list(appeals))


def _stretch(most: int) -> Counted:
    with enter(Scope.system(WHY)):
        cursor = _cursor()
        [news] = _news(after=cursor.turn, most=most, kinds=HEARD)
        if not news.turns:
            return Counted(0, 0, 0)
        touched = _count(news.appeals) if news.appeals else 0
        Cursor.objects.filter(pk=cursor.pk).update(turn=news.turn, read_at=timezone.now())
    return Counted(news.turns, len(news.appeals), touched)


def _is_far_behind() -> bool:
    with enter(Scope.system(WHY)):
        read = Cursor.objects.values_list("turn", flat=True).first() or 0
        return _last_turn() - read > FAR


def _last_turn() -> int:
    return ChainLink.objects.order_by("-turn").values_list("turn", flat=True).first() or 0


def _cursor() -> Cursor:
    """Return the cursor under its lock: one process counts at a time."""
    Cursor.objects.bulk_create([Cursor(pk=1)], ignore_conflicts=True)
    return Cursor.objects.select_for_update().get(pk=1)


def _count(appeals: Sequence[UUID] | None) -> int:
    touched = _facts(appeals=appeals)
    pairs: dict[str, Any] = {
        "territories": [territory for territory, _ in touched],
        "days": [day for _, day in touched],
    }
    with connection.cursor() as sql:
        sql.execute(statement(SQL / "forget_days.sql"), pairs)
        sql.execute(statement(SQL / "count_days.sql"), pairs)
    return len(touched)


def read_until() -> date | None:
    """Return the local day on which the chain was last read, None — never."""
    with enter(Scope.system("when facts were counted says nothing of appeals")):
        at = Cursor.objects.values_list("read_at", flat=True).first()
    return timezone.localdate(at) if at else None
