"""Small numbers taken out of a report before everybody reads it: one or two people could be known by them. Pure.

A hidden number becomes «<N». Shares made of one are hidden too; where a sum is shown and one part of it hidden, the
next smallest part is hidden as well, or the sum itself — otherwise the number would be found by subtraction. What the
hidden parts of a sum make together is not small either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from opora.reports.counting import Counted, CountedCell, CountedTable
from opora.reports.definitions import Made, ReportPack, Table
from opora.reports.writers.layout import as_number

SILENT = "Текст анализа не опубликован: в нём те же числа, и по нему можно было бы узнать скрытые."
MEASURED = {"", "people"}  # units of counts; money and days point to nobody

type Place = tuple[str, str]


def hide(counted: Counted, pack: ReportPack, least: int) -> Counted:
    """Return the report with counts from 1 to ``least`` − 1 hidden; relations told by numbers are left out.

    Where anything is hidden its words are left out too: they tell the same numbers.
    """
    if least < 2:
        return counted
    tables = []
    for table in counted.tables:
        form = pack.table(table.code)
        tables.append(table if form is None else _table(table, form, least))
    if counted.words is None or tables == counted.tables:
        return replace(counted, tables=tables, broken=[])
    return replace(counted, tables=tables, broken=[], words=None, notes=[*counted.notes, SILENT])


def _table(table: CountedTable, form: Table, least: int) -> CountedTable:
    cells = {(row.code, cell.column): cell for row in table.rows for cell in row.cells}
    hidden = {place for place, cell in cells.items() if _is_small(cell, least)}
    lines = list(_lines(table, form))
    while more := _given_away(cells, lines, hidden, least):
        hidden |= more
    rows = [
        replace(row, cells=[_hidden(cell, least) if (row.code, cell.column) in hidden else cell for cell in row.cells])
        for row in table.rows
    ]
    return replace(table, rows=rows)


def _is_small(cell: CountedCell, least: int) -> bool:
    number = as_number(cell.value, cell.unit)
    return number is not None and cell.unit in MEASURED and 0 < abs(float(number)) < least


def _hidden(cell: CountedCell, least: int) -> CountedCell:
    return replace(cell, value=f"<{least}", note="", rows_at="")


def _lines(table: CountedTable, form: Table) -> Iterable[tuple[Made, Callable[[str], list[Place]]]]:
    """Yield each made row and column with the way from a code to its cells across the table."""
    columns, rows = [one.code for one in table.columns], [one.code for one in table.rows]
    for row in form.rows:
        if row.parts:
            yield row, lambda code, across=columns: [(code, column) for column in across]  # type: ignore[misc]
    for column in form.columns:
        if column.parts:
            yield column, lambda code, down=rows: [(row, code) for row in down]  # type: ignore[misc]


def _given_away(
    cells: dict[Place, CountedCell],
    lines: Sequence[tuple[Made, Callable[[str], list[Place]]]],
    hidden: set[Place],
    least: int,
) -> set[Place]:
    """Return cells that must be hidden too: shares of hidden ones, one more of a sum that would tell them."""
    found: set[Place] = set()
    for made, cells_of in lines:
        parts = [cells_of(code) for code in made.parts]
        for whole, *terms in zip(cells_of(made.code), *parts, strict=True):
            family = [place for place in (whole, *terms) if place in cells]
            unknown = [place for place in family if place in hidden]
            if not made.sum:
                found |= {whole} & set(cells) if any(term in hidden for term in terms) else set()
            elif len(unknown) == 1 or (unknown and whole not in hidden and _total(cells, unknown) < least):
                found |= _one_more(cells, family, whole, hidden)
    return found - hidden


def _one_more(cells: dict[Place, CountedCell], family: list[Place], whole: Place, hidden: set[Place]) -> set[Place]:
    """Return the smallest part that says anything, else the sum; a nought beside would give nothing away."""

    told = [place for place in family if place not in hidden and _total(cells, [place]) > 0]
    parts = sorted((place for place in told if place != whole), key=lambda place: _total(cells, [place]))
    return set(parts[:1] or told[:1])


def _total(cells: dict[Place, CountedCell], places: list[Place]) -> float:
    return sum(abs(float(as_number(cells[place].value, cells[place].unit) or 0)) for place in places)
