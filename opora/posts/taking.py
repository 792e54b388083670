"""A batch of a tablet is taken: the house has it before anything is decided. ``registering`` makes appeals of it.

The tablet is told what has become of each record: ``accepted`` with a number, ``kept`` with a sentence why somebody
must look, ``waiting`` until one of the two. Whichever it is, the tablet forgets the record: it is in the database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from opora.appeals.actor import actor_of
from opora.appeals.errors import NoAssignment
from opora.audit.context import current
from opora.audit.services import record
from opora.organisations.models import Post
from opora.posts import registering
from opora.posts.envelopes import Envelope
from opora.posts.models import Arrival, Record
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.organisations.models import Employee

AT_ONCE = 2  # records of a batch that are registered while the tablet waits, when nothing else is to be registered
LATER = "Принято. Номер появится позже."

_take_in = question(Path(__file__).parent / "sql", "take_in")
_one_at_a_time = threading.Lock()  # desks of this process keep their threads


@dataclass(frozen=True, slots=True)
class Taken:
    """What has become of a record: ``state`` is accepted, kept or waiting."""

    key: UUID
    state: str
    number: str = ""
    sentence: str = ""


def take(
    envelopes: Sequence[Envelope],
    *,
    post: Post | None,
    device_now: datetime,
    by: Employee,
    asks: Iterable[UUID] = (),
) -> list[Taken]:
    """Keep a batch as it came, in the caller's transaction; tell of each of its records, and of those asked for.

    A key that was here before is only answered. A record or two are registered at once on a calm day, so that she who
    stands by a person has the number; a batch waits for the worker. Of ``asks`` those are told that are settled.
    """
    house = {"territory": actor_of(by).territory, "insurer_id": by.scope.insurer}
    former = _told(house, [*(one.key for one in envelopes), *asks])
    fresh = [one for one in envelopes if one.key not in former]
    is_busy = bool(fresh) and Arrival.objects.filter(**house).due().exists()
    new = _keep(fresh, house, post=post, device_now=device_now, by=by) if fresh else []
    if new:
        record("posts.take", ("posts.arrival", ""), by=by, details={"keys": [str(key) for key in new]})
        if not is_busy:
            former |= _settled(house, new) if len(fresh) <= AT_ONCE else {}
            if any(key not in former for key in new):
                wake()
    waiting = {one.key: Taken(one.key, "waiting", sentence=LATER) for one in envelopes}
    return list((waiting | former).values())


def wake() -> None:
    """Let a worker register what waits."""
    from opora.posts import tasks

    try:
        with transaction.atomic():
            tasks.register.defer(timestamp=0)
    except AlreadyEnqueued:
        return


def _keep(
    fresh: Sequence[Envelope], house: dict[str, Any], *, post: Post | None, device_now: datetime, by: Employee
) -> list[UUID]:
    assignment = by.assignment
    if assignment is None:
        raise NoAssignment
    rows = _take_in(
        territory=house["territory"],
        insurer=house["insurer_id"],
        post=post and post.pk,
        assignment=assignment.pk,
        purpose=current().purpose,
        device_now=device_now,
        now=timezone.now(),
        keys=[one.key for one in fresh],
        seals=[one.seal for one in fresh],
        points=[one.point for one in fresh],
        nonces=[one.nonce for one in fresh],
        texts=[one.text for one in fresh],
    )
    return [row.key for row in rows]


def _settled(house: dict[str, Any], keys: Sequence[UUID]) -> dict[UUID, Taken]:
    """Register a record or two now, unless another thread of this process does so; whatever fails is the worker's."""
    with _alone() as is_mine:
        if not is_mine:
            return {}
        for pk in Arrival.objects.filter(**house, key__in=keys).values_list("pk", flat=True):
            registering.settle(pk, registering.Known())
    return _told(house, keys)


@contextmanager
def _alone() -> Iterator[bool]:
    is_mine = _one_at_a_time.acquire(blocking=False)
    try:
        yield is_mine
    finally:
        if is_mine:
            _one_at_a_time.release()


def _told(house: dict[str, Any], keys: Sequence[UUID]) -> dict[UUID, Taken]:
    """Return what is settled of these keys in her own house; what another house has is not told."""
    rows = Record.objects.filter(**house, key__in=keys).only("key", "number", "trouble")
    return {
        row.key: Taken(row.key, "accepted", number=row.number)
        if row.number
        else Taken(row.key, "kept", sentence=row.trouble)
        for row in rows
    }
