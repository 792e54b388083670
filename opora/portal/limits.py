"""How often one may try: counted in the database, by address and by what is asked, so a restart forgives nothing.

Neither an address nor a question is stored: only their keyed hash. Who is over a limit is remembered in the process
until his time is over, so ten thousand refused tries cost no statement.
"""

from __future__ import annotations

import hmac
import time as clock_time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from opora.audit.middleware import household as place
from opora.audit.services import record
from opora.portal.errors import TooOften
from opora.portal.models import Tally
from opora.shared.sql import question

count = question(Path(__file__).parent / "sql", "count")
KEPT = timedelta(days=1)
MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries within ``minutes`` from the first one."""

    what: str
    most: int
    minutes: int


# All figures are assumed: a family behind one address tries a few times, a clinic's hall some tens.
INSURER_BY_ADDRESS = Limit("insurer.address", 20, 10)
INSURER_BY_QUESTION = Limit("insurer.question", 5, 60)
INSURER_BY_ALL = Limit("insurer.all", 1200, 1)
STATE_BY_ADDRESS = Limit("state.address", 20, 10)
STATE_BY_NUMBER = Limit("state.number", 10, 60)
STATE_BY_ALL = Limit("state.all", 3000, 1)
ASK_BY_ADDRESS = Limit("ask.address", 60, 60)
ATTACH_BY_ADDRESS = Limit("attach.address", 60, 60)  # files: 10 MB each, kept for a day
SEND_BY_ADDRESS = Limit("send.address", 20, 60)
SEND_BY_ALL = Limit("send.all", 300, 1)

__all__ = ["Limit", "forget_closed", "forget_old", "mark_of", "place", "spend"]
_closed: dict[tuple[str, str], float] = {}


def spend(request: HttpRequest, *asked: tuple[Limit, str]) -> None:
    """Count a try under each limit, marked by a text (the caller's address is ``place``). Raises TooOften.

    Outside of any transaction, so a try stays counted whatever becomes of it. One statement, none for who is refused.
    """
    marks = {(limit.what, mark_of(limit.what, text)): limit for limit, text in asked}
    now = clock_time.monotonic()
    for key in marks:
        if (until := _closed.get(key)) is not None:
            if until > now:
                raise TooOften(minutes=_minutes(until - now))
            _closed.pop(key, None)
    over = [(key, left) for key, counted, left in _count(marks) if counted > marks[key].most]
    if not over:
        return
    for key, left in over:
        _remember(key, now + left)
        record("portal.too_often", None, details={"limit": key[0]}, result="refused")
    raise TooOften(minutes=_minutes(max(left for _, left in over)))


def mark_of(what: str, text: str) -> str:
    """Return the keyed hash of a text: 32 hexadecimal digits."""
    return hmac.new(settings.SECRET_KEY.encode(), f"portal:{what}:{text}".encode(), sha256).hexdigest()[:32]


def forget_old() -> int:
    """Delete tallies that count nothing any more; return how many."""
    deleted, _ = Tally.objects.filter(since__lt=timezone.now() - KEPT).delete()
    return deleted


def forget_closed() -> None:
    """Believe nothing that is remembered in the process."""
    _closed.clear()


def _count(marks: dict[tuple[str, str], Limit]) -> Iterable[tuple[tuple[str, str], int, float]]:
    keys = sorted(marks)  # one order for everybody, so two tries never wait for each other in a ring
    rows = count(
        whats=[what for what, _ in keys],
        marks=[mark for _, mark in keys],
        minutes=[marks[key].minutes for key in keys],
    )
    return [((row.what, row.mark), row.count, row.seconds_left) for row in rows]


def _remember(key: tuple[str, str], until: float) -> None:
    if len(_closed) >= MOST_REMEMBERED:
        _closed.clear()
    _closed[key] = until


def _minutes(seconds: float) -> int:
    return max(1, -int(-seconds // 60))
