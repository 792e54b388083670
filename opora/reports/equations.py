"""What is known of the cells of a report besides their values: which of them add up to which. Pure.

Sums that lines declare, lines «total» of what the facts give, control relations with «=», rows that their sub-rows make
up, and totals that are the same number in several tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from opora.reports.counting import Counted, CountedCell, CountedTable
from opora.reports.definitions import TOTAL, Column, Relation, ReportPack, Row, Table
from opora.reports.writers.layout import as_number

type Place = tuple[str, str, str]  # table, row, column
type Cells = Mapping[Place, CountedCell]


@dataclass(frozen=True, slots=True)
class Equation:
    """Cells with their signs make nought. ``whole`` is the sum of the others, None where neither side is one cell."""

    terms: tuple[tuple[Place, int], ...]
    whole: Place | None = None

    @property
    def places(self) -> list[Place]:
        return [place for place, _ in self.terms]

    def holds(self, cells: Cells) -> bool:
        return sum(sign * number(cells, place) for place, sign in self.terms) == 0


def number(cells: Cells, place: Place) -> Decimal:
    """Return the number of a cell, 0 for none."""
    cell = cells.get(place)
    return Decimal((cell and as_number(cell.value, cell.unit)) or 0)


def cells_of(counted: Counted) -> dict[Place, CountedCell]:
    return {
        (table.code, row.code, cell.column): cell
        for table in counted.tables
        for row in table.rows
        for cell in row.cells
        if not cell.is_empty
    }


def equations(counted: Counted, pack: ReportPack) -> list[Equation]:
    """Return what adds up in a report; of sums that nobody declares only those that hold in its numbers."""
    cells = cells_of(counted)
    found = []
    for table in counted.tables:
        form = pack.table(table.code)
        if form is not None:
            found += [*_declared(table, form)]
            found += [one for one in (*_totals(table, form), *_levels(table, form)) if one.holds(cells)]
    for relation in pack.controls:
        if relation.is_ == "=":
            found += _related(relation, counted, pack)
    found += _same(found, cells)
    kept = [_there(one, cells) for one in found]
    return [one for one in kept if len(one.terms) > 1]


def _there(one: Equation, cells: Cells) -> Equation:
    return Equation(tuple((place, sign) for place, sign in one.terms if place in cells), one.whole)


def _made(whole: Place, parts: Collection[tuple[Place, int]]) -> Equation:
    return Equation(((whole, 1), *((place, -sign) for place, sign in parts)), whole)


def _declared(table: CountedTable, form: Table) -> Iterator[Equation]:
    for row in form.rows:
        if row.sum:
            for column in _columns(table, form):
                yield _made((table.code, row.code, column), [((table.code, c, column), s) for c, s in _signed(row.sum)])
    for head in form.columns:
        if head.sum:
            for line in _rows(table, form):
                yield _made((table.code, line, head.code), [((table.code, line, c), s) for c, s in _signed(head.sum)])


def _totals(table: CountedTable, form: Table) -> Iterator[Equation]:
    """The line over those that facts give; where the smallest are cut off it is no sum, and does not hold."""
    if form.rows_by and form.rows_by.total:
        own = {TOTAL, *(row.code for row in form.rows)}
        parts = [row.code for row in table.rows if row.code not in own]
        for column in _columns(table, form):
            yield _made((table.code, TOTAL, column), [((table.code, part, column), 1) for part in parts])
    if form.columns_by and form.columns_by.total:
        own = {TOTAL, *(column.code for column in form.columns)}
        parts = [column.code for column in table.columns if column.code not in own]
        for row in _rows(table, form):
            yield _made((table.code, row, TOTAL), [((table.code, row, part), 1) for part in parts])


def _levels(table: CountedTable, form: Table) -> Iterator[Equation]:
    """Rows whose sub-rows make them up: nobody says so, but whoever adds them sees it."""
    lines = [row for row in form.rows if not row.pair]
    for place, row in enumerate(lines):
        under: list[str] = []
        for one in lines[place + 1 :]:
            if one.level <= row.level:
                break
            if one.level == row.level + 1:
                under.append(one.code)
        if len(under) > 1:
            for column in _columns(table, form):
                yield _made((table.code, row.code, column), [((table.code, code, column), 1) for code in under])


def _related(relation: Relation, counted: Counted, pack: ReportPack) -> Iterator[Equation]:
    """A relation, in each column of its first table where it has «*»."""
    sides = [(1, cell) for cell in relation.left] + [(-1, cell) for cell in relation.right]
    columns = [""]
    if any(cell.endswith("/*") for _, cell in sides):
        first = relation.left[0].removeprefix("-").partition("/")[0]
        columns = [
            column
            for table in counted.tables
            if table.code == first and (form := pack.table(first)) is not None
            for column in _columns(table, form)
        ]
    ends = [side[0].removeprefix("-") for side in (relation.left, relation.right) if len(side) == 1]
    for column in columns:
        terms = [(_place(cell, column), -sign if cell.startswith("-") else sign) for sign, cell in sides]
        yield Equation(tuple(terms), _place(ends[0], column) if ends else None)


def _same(found: list[Equation], cells: Cells) -> Iterator[Equation]:
    """Sums of one column and one value in different tables: all appeals by kind are all appeals by channel."""
    alike: dict[tuple[str, Decimal], list[Place]] = {}
    for place in dict.fromkeys(one.whole for one in found if one.whole is not None):
        if value := number(cells, place):
            alike.setdefault((place[2], value), []).append(place)
    for places in alike.values():
        for one, other in pairwise(places):
            if one[0] != other[0]:
                yield Equation(((one, 1), (other, -1)))


def _columns(table: CountedTable, form: Table) -> list[str]:
    """Columns of counts: what two columns make is no sum of rows."""
    compared = {column.code for column in form.columns if _compares(column)}
    return [column.code for column in table.columns if column.code not in compared]


def _rows(table: CountedTable, form: Table) -> list[str]:
    compared = {row.code for row in form.rows if _compares(row)}
    return [row.code for row in table.rows if row.code not in compared]


def _compares(line: Row | Column) -> bool:
    return bool(line.pair or (isinstance(line, Column) and line.part_of))


def _signed(codes: list[str]) -> list[tuple[str, int]]:
    return [(code.removeprefix("-"), -1 if code.startswith("-") else 1) for code in codes]


def _place(cell: str, column: str) -> Place:
    table, row, own = cell.removeprefix("-").split("/")
    return table, row, column if own == "*" else own
