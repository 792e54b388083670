"""Numbers of acts go on from the last one of each organisation and year, without gaps."""

from __future__ import annotations

from collections.abc import Iterable

from opora.complaints.models import ActNumbering, Control


def number_acts(controls: Iterable[Control]) -> None:
    """Give acts their numbers in the order of their days; the counters follow."""
    counters: dict[tuple[int, int], ActNumbering] = {}
    dated = [(one.act_on, one) for one in controls if one.act_on is not None]
    for on, control in sorted(dated, key=lambda row: (row[0], row[1].handed_at)):
        key = (control.made_by_id, on.year)
        if key not in counters:
            ActNumbering.objects.get_or_create(organisation_id=key[0], year=key[1])
            counters[key] = ActNumbering.objects.select_for_update(of=("self",)).get(
                organisation_id=key[0], year=key[1]
            )
        counter = counters[key]
        counter.last += 1
        control.act_number = f"{counter.last}/{on.year}"
    ActNumbering.objects.bulk_update(counters.values(), ["last"])
