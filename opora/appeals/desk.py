"""What an operator's desk shows of the journal: her own by deadline, the queue of her line, promises, sums.

Four short questions by index, whatever the size of the journal. Nothing here names a citizen: the card does, and
leaves its line in the access log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from opora.access.rights import Right
from opora.access.scope import Scope
from opora.appeals import drafts
from opora.appeals.actor import actor_of
from opora.appeals.models import Callback, Draft, Grant
from opora.appeals.words import Depth
from opora.classifiers.words import Line
from opora.shared.prepared import prepared
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MINE, QUEUE, PROMISES = 12, 8, 8
SHOWN = ("due_at", "closed_at", "stage", "appeal__number", "appeal__topic__title")
WEEK = timedelta(days=7)

_counters = question(Path(__file__).parent / "sql", "desk", is_prepared=True)


@dataclass(frozen=True, slots=True)
class Desk:
    """``mine`` and ``queue`` are Grants with what is ``SHOWN`` of them, the nearest deadline first; ``waits`` is what
    her queue is called; ``promises`` are hers of today, and those of her line that are nobody's yet."""

    counters: Any
    mine: list[Grant]
    queue: list[Grant]
    promises: list[Callback]
    drafts: list[Draft]
    waits: str
    may_register: bool
    channel: str


def desk_of(employee: Employee) -> Desk:
    """Return her desk; five queries with her drafts. Raises NoAssignment."""
    actor = actor_of(employee)
    today = timezone.localdate()
    tomorrow = datetime.combine(today + timedelta(days=1), time(), tzinfo=timezone.get_current_timezone())
    asked = {
        "employee": employee.pk,
        "holder": actor.holder,
        "line": str(actor.line),
        "today": today,
        "week": today + WEEK,
        "tomorrow": tomorrow,
    }
    return Desk(
        counters=_counters(**asked)[0],
        mine=_mine(employee.scope, employee.pk),
        queue=_queue(employee.scope, actor.holder, actor.line),
        promises=_promises(employee.pk, actor.holder, actor.line, tomorrow),
        drafts=drafts.unfinished(employee),
        waits=actor.line.queue,
        may_register=employee.holds(Right.APPEALS_REGISTER),
        channel=f"org:{actor.organisation.pk} emp:{employee.pk}",
    )


@prepared
def _mine(scope: Scope, employee: int) -> QuerySet[Grant]:
    return _seen(scope).filter(owner_id=employee)[:MINE]


@prepared
def _queue(scope: Scope, holder: int, line: Line) -> QuerySet[Grant]:
    return _seen(scope).filter(handler_id=holder, line=line, owner_id=None)[:QUEUE]


def _seen(scope: Scope) -> QuerySet[Grant]:
    rows = Grant.objects.within(scope).of_depth(scope, Depth.STAGE).open()
    return rows.select_related("appeal__topic").only(*SHOWN).order_by("due_at", "appeal")


@prepared
def _promises(owner: int, holder: int, line: Line, before: datetime) -> QuerySet[Callback]:
    hers = Callback.objects.open().filter(owner=owner, due_at__lt=before)
    nobodys = Callback.objects.of_line(holder, line).filter(due_at__lt=before)
    first, more = (rows.order_by("due_at").values("pk")[:PROMISES] for rows in (hers, nobodys))
    shown = Callback.objects.filter(pk__in=first.union(more, all=True))
    return shown.select_related("appeal__topic").order_by("due_at", "pk")
