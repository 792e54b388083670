"""Small numbers taken out of a report before everybody reads it: one or two people could be known by them. Pure.

A small number becomes «скрыто». Shares made of one are hidden too. Where the cells of a sum (``equations``) are shown
but for one, the next smallest of its parts is hidden as well, or the sum itself — otherwise the number would be found
by subtraction. What the hidden parts of a sum make together is not small either. All say the same word: «<3» beside a
«скрыто» that is three or more would tell of four that one of them is one, and «<3» of a nineteen would be untrue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from opora.reports.counting import Counted, CountedCell, CountedTable
from opora.reports.definitions import ReportPack, Table
from opora.reports.equations import Cells, Equation, Place, cells_of, equations, number
from opora.reports.writers.layout import as_number

HIDDEN = "скрыто"
SILENT = "Текст анализа не опубликован: в нём те же числа, и по нему можно было бы узнать скрытые."
MEASURED = {"", "people"}  # units of counts; money and days point to nobody


def hide(counted: Counted, pack: ReportPack, least: int) -> Counted:
    """Return the report with counts from 1 to ``least`` − 1 hidden; relations told by numbers are left out.

    Where anything is hidden its words are left out too: they tell the same numbers.
    """
    if least < 2:
        return counted
    hidden = _hidden_places(counted, pack, least)
    tables = [_table(one, hidden, least) for one in counted.tables]
    if counted.words is None or not hidden:
        return replace(counted, tables=tables, broken=[])
    return replace(counted, tables=tables, broken=[], words=None, notes=[*counted.notes, SILENT])


def _hidden_places(counted: Counted, pack: ReportPack, least: int) -> set[Place]:
    cells = cells_of(counted)
    forms = [(table, form) for table in counted.tables if (form := pack.table(table.code)) is not None]
    shares = [pair for table, form in forms for pair in _shares(table, form)]
    sums = equations(counted, pack)
    known = {table.code for table, _ in forms}
    hidden = {place for place, cell in cells.items() if place[0] in known and _is_small(cell, least)}
    while more := (_of_shares(cells, shares, hidden) | _given_away(cells, sums, hidden, least)) - hidden:
        hidden |= more
    return hidden


def _table(table: CountedTable, hidden: set[Place], least: int) -> CountedTable:
    return replace(
        table,
        rows=[
            replace(
                row,
                cells=[_hidden(cell) if (table.code, row.code, cell.column) in hidden else cell for cell in row.cells],
            )
            for row in table.rows
        ],
    )


def _is_small(cell: CountedCell, least: int) -> bool:
    value = as_number(cell.value, cell.unit)
    return value is not None and cell.unit in MEASURED and 0 < abs(float(value)) < least


def _hidden(cell: CountedCell) -> CountedCell:
    return replace(cell, value=HIDDEN, note="", rows_at="")


def _shares(table: CountedTable, form: Table) -> Iterator[tuple[Place, list[Place]]]:
    """Yield each cell that compares two others, with those."""
    rows, columns = [one.code for one in table.rows], [one.code for one in table.columns]
    for row in form.rows:
        if row.pair:
            for code in columns:
                yield (table.code, row.code, code), [(table.code, part, code) for part in row.parts]
    for column in form.columns:
        for code in rows:
            if column.part_of:
                part, whole = column.part_of
                yield (table.code, code, column.code), [(table.code, code, part), (table.code, whole, part)]
            elif column.pair:
                yield (table.code, code, column.code), [(table.code, code, part) for part in column.parts]


def _of_shares(cells: Cells, shares: Sequence[tuple[Place, list[Place]]], hidden: set[Place]) -> set[Place]:
    return {share for share, parts in shares if share in cells and not hidden.isdisjoint(parts)}


def _given_away(cells: Cells, sums: Sequence[Equation], hidden: set[Place], least: int) -> set[Place]:
    """Return one more cell of each sum that would tell a hidden one, or what hidden ones of one side make together."""
    found: set[Place] = set()
    for one in sums:
        unknown = [(place, sign) for place, sign in one.terms if place in hidden]
        if not unknown or not found.isdisjoint(one.places):
            continue
        is_one_side = len({sign for _, sign in unknown}) == 1
        if len(unknown) == 1 or (is_one_side and sum(abs(number(cells, place)) for place, _ in unknown) < least):
            found |= _one_more(cells, one, hidden)
    return found


def _one_more(cells: Cells, one: Equation, hidden: set[Place]) -> set[Place]:
    """Return the smallest part that says anything, else the sum; a nought beside would give nothing away."""
    told = [place for place in one.places if place not in hidden and number(cells, place)]
    parts = sorted((place for place in told if place != one.whole), key=lambda place: abs(number(cells, place)))
    return set(parts[:1] or told[:1])
