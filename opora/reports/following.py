"""Facts follow the rooms: the journal by the turns of its chain, other rooms by what their triggers name as stale.

One process reads or seals at a time: the cursor's row is the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.models import ChainLink
from opora.appeals.words import EventKind
from opora.reports import filling
from opora.reports.filling import APPEALS, FILLINGS, HANGING, REASONS, SQL, Merged
from opora.reports.models import Cursor, Stale
from opora.shared import statistics
from opora.shared.sql import question

TURNS = 20_000  # of the chain, and stale subjects, in one transaction
FAR = 1_000_000  # turns behind: from there on it is cheaper to make everything anew
UNHEARD = [
    str(kind)
    for kind in (
        EventKind.NOTED,
        EventKind.FILE_ADDED,
        EventKind.FILE_REMOVED,
        EventKind.CALLBACK_PROMISED,
        EventKind.CALLBACK_DONE,
        EventKind.CALLBACK_MISSED,
        EventKind.GRANTED,
        EventKind.REVOKED,
    )
]  # a fact holds nothing of what they change
WHY = "facts are made for everybody"

_news = question(SQL, "news")


@dataclass(frozen=True, slots=True)
class Followed:
    """What a reading did: turns of the chain passed, appeals and other subjects looked at, facts that changed."""

    turns: int = 0
    appeals: int = 0
    others: int = 0
    changed: int = 0

    def __add__(self, other: Followed) -> Followed:
        return Followed(
            self.turns + other.turns,
            self.appeals + other.appeals,
            self.others + other.others,
            self.changed + other.changed,
        )


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Facts of one source after a rebuild: how many there are, how many differed from what stood there."""

    source: str
    facts: int
    differed: int


def follow(*, most: int = TURNS) -> Followed:
    """Read everything there is. Each stretch of ``most`` turns or stale subjects is a transaction of its own."""
    if _is_far_behind():
        rebuild()
    done = Followed()
    while True:
        with enter(Scope.system(WHY)):
            stretch = read(most=most)
        done += stretch
        if stretch.turns < most and stretch.others < most:
            return done


def read(*, most: int = TURNS) -> Followed:
    """Read one stretch in the transaction and scope of the caller, who holds the cursor's lock from here on."""
    cursor, begun = locked(), timezone.now()
    journal, others = _journal(cursor, most), _stale(most)
    # A stretch that was cut short has not read until now.
    at = begun if journal.turns < most and others.others < most else cursor.read_at
    Cursor.objects.filter(pk=cursor.pk).update(read_at=at)
    return journal + others


def rebuild(told: Callable[[str, int], None] = lambda source, facts: None) -> list[Rebuilt]:
    """Make all facts anew; those that are right are not touched. Return how many differed: 0 — nothing had drifted.

    Appeals are made part by part, each in a transaction of its own under the lock, so that reading goes on meanwhile.
    ``told`` hears after each part how many facts of a source are done.
    """
    with enter(Scope.system(WHY)):
        locked()
        begun = timezone.now()
        last, stale = last_turn(), _last_stale()
        statistics.refresh(["appeals_appeal", "appeals_clock", "appeals_party", "appeals_reason"])
    merged = {one.source: Merged() for one in FILLINGS}
    after: UUID | None = None
    is_last = False
    while not is_last:
        with enter(Scope.system(WHY)):
            locked()
            after, is_last = _part(after, merged)
        told(APPEALS.source, merged[APPEALS.source].wanted)
    for one in FILLINGS[2:]:
        with enter(Scope.system(WHY)):
            locked()
            merged[one.source] = one.fill(None)
        told(one.source, merged[one.source].wanted)
    with enter(Scope.system(WHY)):
        locked()
        Cursor.objects.filter(turn__lt=last).update(turn=last, read_at=begun)
        Stale.objects.filter(pk__lte=stale).delete()
        statistics.refresh([one.model._meta.db_table for one in FILLINGS])
    return [Rebuilt(name, one.wanted, one.differed) for name, one in merged.items()]


def read_until() -> datetime | None:
    """Return the moment until which facts know the rooms, None — never read."""
    with enter(Scope.system("when facts were made says nothing of anybody")):
        return Cursor.objects.values_list("read_at", flat=True).first()


def locked() -> Cursor:
    """Return the cursor under its lock, held until the transaction ends."""
    Cursor.objects.bulk_create([Cursor(pk=1)], ignore_conflicts=True)
    return Cursor.objects.select_for_update().get(pk=1)


def last_turn() -> int:
    return ChainLink.objects.order_by("-turn").values_list("turn", flat=True).first() or 0


def _journal(cursor: Cursor, most: int) -> Followed:
    [news] = _news(after=cursor.turn, most=most, unheard=UNHEARD)
    if not news.turns:
        return Followed()
    changed = filling.fill_appeals(news.appeals).differed if news.appeals else 0
    Cursor.objects.filter(pk=cursor.pk).update(turn=news.turn)
    return Followed(turns=news.turns, appeals=len(news.appeals), changed=changed)


def _stale(most: int) -> Followed:
    """Make the facts of what triggers have named; the names go in the same transaction."""
    with connection.cursor() as sql:
        sql.execute(
            "DELETE FROM reports_stale WHERE id IN (SELECT id FROM reports_stale ORDER BY id LIMIT %s)"
            " RETURNING source, key",
            [most],
        )
        named = sql.fetchall()
    keys: dict[str, set[str]] = {}
    for source, key in named:
        keys.setdefault(source, set()).add(key)
    changed = 0
    for source, found in keys.items():
        for one in HANGING[source]:
            cast = UUID if one.cast == "uuid" else int
            changed += one.fill([cast(key) for key in sorted(found)]).differed  # type: ignore[arg-type]
    return Followed(others=len(named), changed=changed)


def _part(after: UUID | None, merged: dict[str, Merged]) -> tuple[UUID | None, bool]:
    part = filling.part_after(after)
    for one in (APPEALS, REASONS):
        merged[one.source] += one.fill(None, part)
    return part.until, part.until is None


def _is_far_behind() -> bool:
    with enter(Scope.system(WHY)):
        read_turn = Cursor.objects.values_list("turn", flat=True).first() or 0
        return last_turn() - read_turn > FAR


def _last_stale() -> int:
    return Stale.objects.aggregate(last=Max("pk"))["last"] or 0
