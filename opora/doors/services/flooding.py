"""One decision for a whole flood: into the line with the others, or closed together; undone within a week."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Greatest
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.audit.services import record, uuid7
from opora.doors import queries, rules
from opora.doors.errors import FloodSettled, NoFlood, WordsNeeded
from opora.doors.flood_models import UNDONE_WITHIN, FloodDecision
from opora.doors.models import Door, Message, Thread
from opora.doors.words import Direction, FloodKind, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from opora.organisations.models import Employee


@transaction.atomic
def decide_flood(
    door: Door, kind: str, *, sender: str = "", why: str = "", seen_at: datetime, by: Employee
) -> FloodDecision:
    """Decide about all letters of a door that lie apart, or about those of one ``sender``; nobody is written to.

    What came after ``seen_at``, the moment of the page she decided on, and what has an appeal already is left alone.
    Raises RightMissing, WordsNeeded, NoFlood.
    """
    _check(by)
    words = rules.line(why, 300) if kind == FloodKind.ASIDE else ""
    if kind == FloodKind.ASIDE and not words:
        raise WordsNeeded("Напишите, почему это не обращения.")
    now = timezone.now()
    rows = _as_seen(queries.flood_of(door, by), seen_at)
    if sender:
        rows = rows.filter(correspondent=sender)
    keys = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise NoFlood
    made = FloodDecision.objects.create(
        pk=uuid7(),
        organisation_id=door.organisation_id,
        door=door,
        kind=kind,
        why=words,
        is_of_one=bool(sender),
        number=len(keys),
        by=by,
        at=now,
    )
    done = Thread.objects.filter(pk__in=keys)
    if kind == FloodKind.ASIDE:
        kept = Greatest(F("last_at") + rules.KEPT[door.kind].closed, now + UNDONE_WITHIN)
        done.update(
            **_marks(made),
            state=State.CLOSED,
            waiting_since=None,
            closed_at=now,
            closed_by=by,
            closed_why=f"Лавина. {words}"[:300],
            forget_at=kept,
        )
    else:
        done.update(**_marks(made))
    said = {"kind": kind, "number": len(keys), "door": door.pk}
    record("doors.flood.decide", ("doors.flood", str(made.pk)), by=by, details=said)
    _tell(door.organisation_id)
    return made


@transaction.atomic
def undo_flood(decision_id: UUID, *, by: Employee) -> int:
    """Lay the letters of a decision apart once more, those nobody has touched since; return how many.

    Raises RightMissing, FloodSettled.
    """
    _check(by)
    found = FloodDecision.objects.accessible_to(by).select_for_update(of=("self",)).filter(pk=decision_id)
    made = found.select_related("door").first()
    if made is None or not made.may_be_undone:
        raise FloodSettled
    FloodDecision.objects.filter(pk=made.pk).update(undone_at=timezone.now(), undone_by=by)
    number = Thread.objects.filter(flood_decision=made).update(
        is_flood=True,
        flood_decision=None,
        state=State.WAITING,
        waiting_since=F("opened_at"),
        closed_at=None,
        closed_by=None,
        closed_why="",
        forget_at=Greatest(F("forget_at"), F("opened_at") + rules.KEPT[made.door.kind].contact),
        version=F("version") + 1,
    )
    said = {"number": number, "door": made.door_id}
    record("doors.flood.undo", ("doors.flood", str(made.pk)), by=by, details=said)
    _tell(made.organisation_id)
    return number


def _check(by: Employee) -> None:
    if not by.holds(Right.DOORS_FLOOD):
        raise RightMissing(right=Right.DOORS_FLOOD)


def _as_seen(rows: QuerySet[Thread], seen_at: datetime) -> QuerySet[Thread]:
    later = Message.objects.filter(thread=OuterRef("pk"), direction=Direction.IN, received_at__gt=seen_at)
    return rows.filter(opened_at__lte=seen_at).exclude(Exists(later))


def _marks(made: FloodDecision) -> dict[str, object]:
    return {"is_flood": False, "flood_decision": made, "version": F("version") + 1}


def _tell(organisation: int) -> None:
    from opora.doors import tasks  # who tells imports the services

    tasks.tell.defer(organisation=organisation)
