"""Warnings of terms: made once a clock and day while the organisation is at work, shown on the desk of who has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connections
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.actor import actor_of
from opora.appeals.models import Grant, Reminder
from opora.appeals.words import ClockState, Depth
from opora.classifiers.words import Line
from opora.organisations import hours
from opora.organisations.models import Organisation
from opora.organisations.services.hours import week_of
from opora.shared.attention import MANY, Few, Matter
from opora.shared.prepared import prepared
from opora.shared.sql import text as statement

if TYPE_CHECKING:
    from opora.organisations.models import Employee

_REMIND = Path(__file__).parent / "sql" / "remind.sql"
KEPT = timedelta(days=60)
LOOKED_AT = 500  # the nearest of a queue: what warns is near


def remind(now: datetime | None = None) -> int:
    """Make today's reminders of the organisations that are open at this moment; return how many. Run twice: nothing."""
    now = now or timezone.now()
    made = 0
    with enter(Scope.system("terms of every organisation come near")):
        for today, places in _at_work(now).items():
            asked: dict[str, Any] = {
                "today": today,
                "now": now,
                "organisations": [place.pk for place in places],
                "territories": sorted({place.territory_id for place in places}),
            }
            with connections["default"].cursor() as cursor:
                cursor.execute(statement(_REMIND), asked)
                made += cursor.rowcount
        Reminder.objects.filter(on__lt=now.date() - KEPT).delete()
    return made


def coming(employee: Employee) -> Iterator[Matter]:
    """Terms that warn today: of her own appeals, and of those that wait in her queue. One query."""
    if employee.assignment is None:
        return
    actor = actor_of(employee)
    today = actor.local(timezone.now()).date()
    warned = _warned(employee.scope, employee.pk, actor.holder, actor.line, today)
    owners = [owner for _, owner in warned]
    for words, whose, number in (
        ("Подходит срок ваших обращений", "mine", owners.count(employee.pk)),
        ("В очереди подходит срок", "queue", owners.count(None)),
    ):
        if number:
            yield Matter("today", f"{words}: {Few(number)}", f"{reverse('appeals:list')}?whose={whose}")


@prepared
def _warned(
    scope: Scope, employee: int, holder: int, line: Line, today: date
) -> QuerySet[Reminder, tuple[UUID, int | None]]:
    seen = Grant.objects.within(scope).of_depth(scope, Depth.STAGE).open()
    mine = seen.filter(owner_id=employee)
    queue = seen.filter(handler_id=holder, line=line, owner_id=None)
    rows = Reminder.objects.filter(on=today, clock__state=ClockState.RUNNING)
    rows = rows.filter(Q(appeal__in=_nearest(mine)) | Q(appeal__in=_nearest(queue)))
    return rows.values_list("appeal", "appeal__owner").distinct()[: 2 * MANY]


def _nearest(rows: QuerySet[Grant, Grant]) -> QuerySet[Grant, Any]:
    return rows.order_by("due_at", "appeal").values("appeal")[:LOOKED_AT]


def _at_work(now: datetime) -> dict[date, list[Organisation]]:
    """Return the organisations open now, by what day it is where they are."""
    found: dict[date, list[Organisation]] = defaultdict(list)
    for place in Organisation.objects.current().select_related("territory").prefetch_related("working_hours"):
        week = week_of(place)
        state = hours.state(week if any(week) else hours.OFFICE_WEEK, now, place.zone)
        if state is not None and state.is_open:
            found[now.astimezone(place.zone).date()].append(place)
    return found
