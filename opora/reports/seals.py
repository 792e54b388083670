"""Closed periods as pages show them: versions of a report and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from opora.organisations.models import Employee, Organisation
from opora.reports import showing
from opora.reports.counting import Counted, CountedCell
from opora.reports.models import Seal
from opora.reports.periods import Period
from opora.reports.places import Place
from opora.reports.subjects import Subject


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell two versions tell differently: its table and its words; ``was`` and ``became`` are texts of the page."""

    place: Place
    table: str
    title: str
    was: str
    became: str
    by: str


def versions(name: str, subject: Subject, period: Period, employee: Employee) -> QuerySet[Seal]:
    """Return the sealed versions of a report she may see, the newest first. One query."""
    found = Seal.objects.accessible_to(employee).filter(report=name, territory=subject.territory, period=period.code)
    match subject.kind:
        case "territory":
            found = found.filter(insurer=None)
        case "fund":
            found = found.filter(insurer__kind=Organisation.Kind.FUND)
        case _:
            found = found.filter(insurer=subject.insurer)
    return found.defer("body").order_by("-number")


def differences(former: Counted, later: Counted) -> list[Difference]:
    """Return the cells that differ, in the order of the later report; those it has no more come last. Pure."""
    was, became = _cells(former), _cells(later)
    found = []
    for place in [*became, *(one for one in was if one not in became)]:
        old, new = was.get(place), became.get(place)
        before, after = _text(old), _text(new)
        if before != after:
            titled = later if new else former
            title = showing.cell_title(titled, place)
            found.append(Difference(place, titled.table(place.table).title, title, before, after, _by(old, new)))
    return found


def _cells(counted: Counted) -> dict[Place, CountedCell]:
    return dict(_each(counted))


def _each(counted: Counted) -> Iterator[tuple[Place, CountedCell]]:
    for table in counted.tables:
        for row in table.rows:
            for cell in row.cells:
                yield Place(table.code, row.code, cell.column), cell


def _text(cell: CountedCell | None) -> str:
    if cell is None:
        return "нет ячейки"
    return showing.EMPTY if cell.is_empty else showing.text(cell.value, cell.unit)


def _by(old: CountedCell | None, new: CountedCell | None) -> str:
    """The difference with its sign; of shares in points."""
    a, b = (showing.number(one.value, one.unit) if one else None for one in (old, new))
    if a is None or b is None:
        return ""
    gap = Decimal(b) - Decimal(a)
    unit = "points" if new and new.unit == "percent" else ""
    return ("+" if gap > 0 else "") + showing.text(gap, unit)
