"""How many rows a list has, without counting them: kept counters where they fit, else what the planner believes."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet, Sum

from opora.appeals.actor import actor_of
from opora.appeals.listing.filter import Filter, Whose
from opora.appeals.listing.page import grants
from opora.appeals.models import Grant, Tally

if TYPE_CHECKING:
    from opora.access.scope import Scope
    from opora.organisations.models import Employee

COUNTED = {"whose", "state", "kind", "line", "handler", "owner"}
HOUR = 3600  # seconds
WHOLE = "SELECT reltuples FROM pg_class WHERE oid = 'appeals_grant'::regclass"
ESTIMATED = COUNTED | {"topic", "channel", "since", "until", "due"}


@dataclass(frozen=True, slots=True)
class Total:
    """A number of rows; an estimate is said with «около»."""

    number: int
    is_exact: bool

    @property
    def is_worth(self) -> bool:
        """A guess about a short list only misleads."""
        return self.is_exact or self.number >= 100


def total(employee: Employee, chosen: Filter) -> Total | None:
    """Return how many rows the list has; None where nobody can say without counting. One query."""
    asked = {name for name, value in chosen.words.items() if value}
    if asked <= COUNTED and chosen.is_open and _is_ours(employee, chosen):
        return Total(_counted(employee, chosen), True)
    return Total(_estimated(employee, chosen), False) if asked <= ESTIMATED else None


def _is_ours(employee: Employee, chosen: Filter) -> bool:
    """Counters tell of those an organisation answers for; the fund's also of its territory."""
    if chosen.whose in {Whose.MINE, Whose.QUEUE} or employee.scope.sees == "territory":
        return True
    return bool(chosen.handler) and chosen.handler == actor_of(employee).holder


def _counted(employee: Employee, chosen: Filter) -> int:
    rows = Tally.objects.filter(territory=employee.scope.territory) if employee.scope.territory else Tally.objects.all()
    actor = actor_of(employee)
    plain = {"kind": chosen.kind, "line": chosen.line, "handler_id": chosen.handler, "owner_id": chosen.owner}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if chosen.whose == Whose.MINE:
        rows = rows.filter(handler_id=actor.holder, owner_id=employee.pk)
    elif chosen.whose == Whose.QUEUE:
        rows = rows.filter(handler_id=actor.holder, owner_id=0, line=chosen.line or actor.line)
    elif chosen.whose == Whose.NOBODY:
        rows = rows.filter(owner_id=0)
    return max(0, rows.aggregate(sum=Sum("change"))["sum"] or 0)


def _estimated(employee: Employee, chosen: Filter) -> int:
    return int(_planned(grants(employee, chosen)) / _let_through(employee.scope, int(time.time() // HOUR)))


@lru_cache(maxsize=1024)
def _let_through(scope: Scope, hour: int) -> float:
    """Return which share of all rows the planner expects the policy to let through, anew each hour.

    A list asks for what the policy asks for as well, and the planner takes the two for independent: of ten million
    it expects sixty thousand. Divided by this share, what it expects is that of the list alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(WHOLE)
        whole = float(cursor.fetchone()[0])
    return min(1.0, _planned(Grant.objects.all()) / whole) if whole > 0 else 1.0


def _planned(rows: QuerySet[Grant]) -> int:
    plan = json.loads(rows.order_by().explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
