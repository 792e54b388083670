"""Who is listed though this year is not his: the program tells, a person decides for the whole list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import enter
from opora.audit.services import record
from opora.informing.errors import InformingError
from opora.informing.models import Roll
from opora.shared.sql import text

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SQL = Path(__file__).parents[1] / "sql"
MOVED, COUNTED = SQL / "not_due.sql", SQL / "not_due_counted.sql"


@dataclass(frozen=True, slots=True)
class Standing:
    """People of a list who are not due: how many the plan invites still, how many were taken out of it."""

    invited: int
    spared: int


def standing(roll: Roll) -> Standing:
    """Count them as the caller's scope sees them. One query, by the keys of the list."""
    with connection.cursor() as cursor:
        cursor.execute(text(COUNTED), {"roll": roll.pk})
        invited, spared = cursor.fetchone() or (0, 0)
    return Standing(invited, spared)


@transaction.atomic
def spare(roll_id: int, *, by: Employee) -> int:
    """Take them out of the plan, messages that wait are not sent; return how many people. Raises InformingError."""
    return _move(roll_id, by=by, is_out=True)


@transaction.atomic
def invite_again(roll_id: int, *, by: Employee) -> int:
    """Put back who was taken out so: the next wave invites him. Raises InformingError where there is nobody."""
    return _move(roll_id, by=by, is_out=False)


def _move(roll_id: int, *, by: Employee, is_out: bool) -> int:
    roll = Roll.objects.accessible_to(by).get(pk=roll_id)
    with enter(by.scope), connection.cursor() as cursor:  # of a list of many insurers only those whom she may see
        cursor.execute(text(MOVED), {"roll": roll.pk, "out": is_out, "now": timezone.now()})
        people, messages = cursor.fetchone() or (0, 0)
    if not people:
        raise InformingError("Таких людей в плане уже нет." if is_out else "Из плана никого не исключали.")
    name = "informing.roll.spare" if is_out else "informing.roll.invite"
    record(name, roll, by=by, details={"people": people, "messages": messages})
    return int(people)
