"""The plan: who is to be informed this year, and the seal on its number."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing.errors import InformingError
from opora.informing.models import PlanEntry, Seal
from opora.shared.sql import text

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

SQL = Path(__file__).parent.parent / "sql"


@transaction.atomic
def add_to_plan(
    *,
    insurer: Organisation,
    measure: str,
    year: int,
    people: Collection[int],
    month: int | None = None,
    inform_by: date | None = None,
    roll_id: int | None = None,
) -> int:
    """Add people by id to the plan of their insurer; return how many were not there yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            text(SQL / "add_to_plan.sql"),
            {
                "people": list(people),
                "insurer": insurer.pk,
                "measure": measure,
                "year": year,
                "month": month,
                "inform_by": inform_by,
                "roll": roll_id,
            },
        )
        return cursor.rowcount


@transaction.atomic
def seal(*, insurer: Organisation, measure: str, year: int, by: Employee | None) -> Seal:
    """Freeze the denominator: those in the plan now are what a percentage counts from. Raises InformingError."""
    found = PlanEntry.objects.filter(
        insurer=insurer, territory=insurer.territory_id, year=year, measure=measure, seal_id=None
    )
    if Seal.objects.filter(insurer=insurer, territory=insurer.territory_id, year=year, measure=measure).exists():
        raise InformingError("План уже опечатан: кто пришёл позже, виден отдельно.")
    with enter(Scope.system("a seal reads the whole plan of one insurer")):
        digest = hashlib.sha256()
        count = 0
        for person in found.order_by("person_id").values_list("person_id", flat=True).iterator(chunk_size=50_000):
            digest.update(f"{person}\n".encode())
            count += 1
        if not count:
            raise InformingError("В плане никого нет: печать ставить не на что.")
        made = Seal.objects.create(
            territory=insurer.territory_id,
            insurer=insurer,
            measure=measure,
            year=year,
            count=count,
            digest=digest.hexdigest(),
            by=by,
        )
        found.update(seal_id=made.pk)
    record("informing.seal", made, by=by, details={"count": count, "measure": measure, "year": year})
    return made
