"""The chainer: gives every committed event its place, one batch a transaction, and keeps the counters short.

It runs as a thread of every worker; the advisory lock lets one of them work. Nothing depends on that lock for truth:
a batch deletes its events from the waiting room, adds links and moves the heads in one transaction under the lock of
the head rows, so that whatever dies, an event is either still waiting or has exactly one place.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import structlog
from django.db import connection
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.board import counting as board
from opora.appeals.chain.digest import GENESIS, link_hash, require_utf8, statement
from opora.appeals.events import Chained, chained
from opora.appeals.models import ChainHead

MOST = 2000  # events in a batch: well under the 200 ms that a desk waits
BUSY, IDLE = 0.1, 0.5  # seconds between looks; what waits is seen within a second, an empty look costs under 2 ms
FOLD_EVERY, FOLD_SHARE = 1.0, 20  # seconds between folds of the counters, and how many times longer than one fold
AFTER_TROUBLE = 1.0
LATE = 60  # seconds: an event that waits longer has no worker
LOCK = "SELECT pg_try_advisory_lock(hashtextextended('opora.appeals.chainer', 0))"

_ADD_LINKS = """
INSERT INTO appeals_chainlink (organisation_id, position, event_at, event_id, hash)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::uuid[], %s::bytea[])
"""

log = structlog.get_logger(__name__)


def chain_batch(most: int = MOST) -> int:
    """Give up to ``most`` waiting events their places and announce them; return how many there were."""
    with enter(Scope.system("the chainer gives events their places")), connection.cursor() as cursor:
        cursor.execute(statement("chain_take"), {"most": most})
        taken = cursor.fetchall()
        if not taken:
            return 0
        heads = _locked_heads(cursor, sorted({row[2] for row in taken}))
        links, news = _linked(taken, heads)
        cursor.execute(_ADD_LINKS, [list(column) for column in zip(*links, strict=True)])
        ChainHead.objects.bulk_update(heads.values(), ["position", "hash"])
        _announce(news)
    return len(taken)


def fold_tally() -> int:
    """Fold the counters; return how many rows were written."""
    with enter(Scope.system("the chainer folds the counters")), connection.cursor() as cursor:
        cursor.execute(statement("chain_tally"))
        return int(cursor.rowcount)


class Chainer(threading.Thread):
    """The loop. ``stop`` ends it after the batch it is at."""

    def __init__(self) -> None:
        super().__init__(name="chainer", daemon=True)
        self._stopping = threading.Event()
        self._folded_at = 0.0
        self._fold_took = 0.0

    def stop(self, patience: float = 10) -> None:
        self._stopping.set()
        self.join(patience)

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._lead()
            except Exception as fault:
                # The edge of a thread of the worker: the database may be gone for a while, the chain waits for it.
                log.warning("chainer.trouble", reason=type(fault).__name__, exc_info=not _is_away(fault))
            connection.close()  # and the lock with it
            self._stopping.wait(AFTER_TROUBLE)

    def _lead(self) -> None:
        """Work as long as the lock of the installation is ours; come back when somebody else has it."""
        require_utf8()
        with connection.cursor() as cursor:
            cursor.execute(LOCK)
            if not cursor.fetchone()[0]:
                return
        pause = BUSY
        while not self._stopping.is_set():
            done = chain_batch()
            self._fold(was_busy=done > 0)
            pause = BUSY if done else min(IDLE, pause * 1.5)
            if done < MOST:
                self._stopping.wait(pause)

    def _fold(self, *, was_busy: bool) -> None:
        since = time.monotonic() - self._folded_at
        if since < max(FOLD_EVERY if was_busy else 10 * FOLD_EVERY, FOLD_SHARE * self._fold_took):
            return
        began = time.monotonic()
        fold_tally()
        board.fold()
        self._folded_at = time.monotonic()
        self._fold_took = self._folded_at - began


def oldest_waiting() -> float | None:
    """Return the age in seconds of the oldest event without a place, None when none waits."""
    with enter(Scope.system("health of the chain")), connection.cursor() as cursor:
        cursor.execute("SELECT min(at) FROM appeals_unchained")
        at = cursor.fetchone()[0]
    return None if at is None else max(0.0, (timezone.now() - at).total_seconds())


def _locked_heads(cursor: Any, organisations: list[int]) -> dict[int, ChainHead]:
    cursor.execute(
        "INSERT INTO appeals_chainhead (organisation_id, position, hash)"
        " SELECT unnest(%s::bigint[]), 0, %s ON CONFLICT DO NOTHING",
        [organisations, GENESIS],
    )
    rows = ChainHead.objects.select_for_update().filter(pk__in=organisations).order_by("pk")
    return {head.organisation_id: head for head in rows}


def _linked(taken: Sequence[Any], heads: dict[int, ChainHead]) -> tuple[list[tuple[Any, ...]], list[Chained]]:
    links, news = [], []
    for at, identity, organisation, appeal, kind, territory, digest in taken:
        head = heads[organisation]
        head.position += 1
        head.hash = link_hash(bytes(head.hash), head.position, bytes(digest))
        links.append((organisation, head.position, at, identity, head.hash))
        news.append(Chained(at, identity, organisation, head.position, appeal, kind, territory))
    return links, news


def _announce(news: list[Chained]) -> None:
    """Tell whoever listens; what one of them has spoilt is undone alone, the chain goes on."""
    for receiver, answer in chained.send_robust(sender=Chainer, events=news):
        if isinstance(answer, Exception):
            log.error("chainer.receiver_failed", receiver=getattr(receiver, "__name__", "?"), exc_info=answer)


def _is_away(fault: Exception) -> bool:
    from django.db import InterfaceError, OperationalError

    return isinstance(fault, (OperationalError, InterfaceError))
