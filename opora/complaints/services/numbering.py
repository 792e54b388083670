"""Numbers of acts: given by the program where the person leaves the field empty."""

from __future__ import annotations

from datetime import date

from opora.access.scope import Scope, enter
from opora.complaints.models import ActNumbering, Control

LONGEST = 40


def act_number(row: Control, given: str, on: date) -> str:
    """Return the number of an act: what was typed, the one it has, or the next of its organisation in that year.

    The counter stays locked until the caller's transaction ends, so that nothing is skipped and nothing given twice;
    a number somebody has typed by hand is passed over.
    """
    if given.strip():
        return given.strip()[:LONGEST]
    if row.act_number:
        return row.act_number
    with enter(Scope.system("acts of an organisation are numbered wherever their cases have gone")):
        ActNumbering.objects.get_or_create(organisation_id=row.made_by_id, year=on.year)
        counter = ActNumbering.objects.select_for_update(of=("self",)).get(organisation_id=row.made_by_id, year=on.year)
        taken = set(
            Control.objects.filter(made_by=row.made_by_id, act_number__endswith=f"/{on.year}").values_list(
                "act_number", flat=True
            )
        )
        while (number := f"{counter.last + 1}/{on.year}") in taken:
            counter.last += 1
        counter.last += 1
        counter.save(update_fields=["last"])
    return number
