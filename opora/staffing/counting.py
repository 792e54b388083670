"""Load follows the journal: appeals taken by telephone are calls, where no exchange tells better.

The chain is read from where it was left; what changed is counted anew. Reading the same turns twice changes nothing,
and all of it may be made anew to the same rows. The exchange is written over the journal, never the other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.models import ChainLink
from opora.appeals.words import EventKind
from opora.shared import statistics
from opora.shared.sql import question
from opora.shared.sql import text as statement
from opora.staffing.models import Cursor, Line

SQL = Path(__file__).parent / "sql"
TURNS = 20_000  # of the chain in one transaction
FAR = 1_000_000  # turns behind: from there on it is cheaper to make everything anew
HEARD = [str(kind) for kind in (EventKind.REGISTERED, EventKind.IMPORTED, EventKind.AMENDED)]
WHY = "calls are counted for everybody"

_news = question(SQL, "news")
_forget = question(SQL, "forget_calls")
_add = question(SQL, "add_calls")


@dataclass(frozen=True, slots=True)
class HalfHour:
    """What the exchange counted on a line in the half-hour that begins ``at``; ``talk_seconds`` of all calls."""

    line: int
    at: datetime
    calls: int
    answered: int
    abandoned: int
    talk_seconds: int | None = None


def follow(*, most: int = TURNS) -> int:
    """Read the chain to its end; return how many half-hours were counted. Each stretch is its own transaction."""
    done = rebuild() if _is_far_behind() else 0
    while True:
        turns, halves = _stretch(most)
        done += halves
        if turns < most:
            return done


def rebuild() -> int:
    """Count everything anew; what the chain tells meanwhile is read by the next ``follow``."""
    with enter(Scope.system(WHY)):
        cursor = _cursor()
        last = _last_turn()
        done = _count(None)
        statistics.refresh(["staffing_load"])
        Cursor.objects.filter(pk=cursor.pk).update(turn=last, read_at=timezone.now())
    return done


def take_load(rows: Sequence[HalfHour]) -> None:
    """Write what the exchange has counted, once or again. Lines by their key: ``line_of``."""
    with enter(Scope.system(WHY)):
        _write(
            "take_load",
            lines=[row.line for row in rows],
            ats=[row.at for row in rows],
            calls=[row.calls for row in rows],
            answered=[row.answered for row in rows],
            abandoned=[row.abandoned for row in rows],
            talks=[row.talk_seconds for row in rows],
        )


def line_of(organisation: Any, code: str, title: str = "") -> Line:
    """Return the line the exchange calls so, made when it is new. ``organisation``: fund, insurer or branch."""
    insurer = None if organisation.kind == "fund" else organisation.parent_id or organisation.pk
    given = {"territory": organisation.territory_id, "insurer_id": insurer, **({"title": title} if title else {})}
    with enter(Scope.system(WHY)):
        return Line.objects.get_or_create(organisation=organisation, code=code, defaults=given)[0]


def read_until() -> datetime | None:
    """Return when the journal was last read, None — never."""
    with enter(Scope.system("when calls were counted says nothing of appeals")):
        return Cursor.objects.values_list("read_at", flat=True).first()


def _stretch(most: int) -> tuple[int, int]:
    with enter(Scope.system(WHY)):
        cursor = _cursor()
        [news] = _news(after=cursor.turn, most=most, kinds=HEARD)
        if not news.turns:
            return 0, 0
        halves = _count(news.appeals) if news.appeals else 0
        Cursor.objects.filter(pk=cursor.pk).update(turn=news.turn, read_at=timezone.now())
    return news.turns, halves


def _count(appeals: Sequence[UUID] | None) -> int:
    _write("add_lines", appeals=appeals)
    former = {tuple(row) for row in _forget(appeals=appeals)}
    touched = sorted(former | {tuple(row) for row in _add(appeals=appeals)})
    _write("count_load", lines=[line for line, _ in touched], ats=[at for _, at in touched])
    return len(touched)


def _write(name: str, **given: Any) -> None:
    with connection.cursor() as sql:
        sql.execute(statement(SQL / f"{name}.sql"), given)


def _is_far_behind() -> bool:
    with enter(Scope.system(WHY)):
        return _last_turn() - (Cursor.objects.values_list("turn", flat=True).first() or 0) > FAR


def _last_turn() -> int:
    return ChainLink.objects.order_by("-turn").values_list("turn", flat=True).first() or 0


def _cursor() -> Cursor:
    """Return the cursor under its lock: one process counts at a time."""
    Cursor.objects.bulk_create([Cursor(pk=1)], ignore_conflicts=True)
    return Cursor.objects.select_for_update().get(pk=1)
