"""The chart a table of a report asks for: its rows against its columns of counts, each point opens its rows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from opora.reports import showing
from opora.reports.counting import Counted, CountedCell, CountedRow, CountedTable
from opora.reports.definitions import TOTAL, Column, ReportPack, Table
from opora.reports.places import Place
from opora.reports.showing import Address
from opora.reports.words import Span
from opora.shared.charts import Chart, Series
from opora.shared.typography import quoted, thousands

BEFORE = (Span.BEFORE, Span.YEAR_BEFORE)
LONGEST = 24  # lines of a chart that can still be read; an hour of the day has one each


def tables(counted: Counted, pack: ReportPack, address: Address) -> list[showing.Table]:
    """Return the tables of a report with the charts they ask for."""
    shown = showing.tables(counted, address)
    return [replace(one, chart=picture(table, pack, address)) for one, table in zip(shown, counted.tables, strict=True)]


def still(counted: Counted, pack: ReportPack) -> dict[str, Chart]:
    """Return charts by the code of their table for what has no script and no way to rows: files, the open page.

    A heatmap is left to its table; numbers that are hidden or told in words are not drawn.
    """
    found = {one.code: picture(one, pack, lambda _: "") for one in counted.tables}
    return {code: one for code, one in found.items() if one and one.kind != "heatmap" and not one.is_empty}


def picture(table: CountedTable, pack: ReportPack, address: Address) -> Chart | None:
    """Return the chart of a table; None where it asks for none, or rows to draw are fewer than two or too many.

    Shares, totals and heads are left out: they are other numbers than the parts they stand beside. Money and people are
    not drawn on one axis: columns of another unit than the first stay in the table.
    """
    form = pack.table(table.code)
    if form is None or not table.chart:
        return None
    rows = [row for row in table.rows if _is_drawn(row, form)]
    places = [place for place, one in enumerate(table.columns) if _is_counted(rows, place, form, one.code)]
    if table.chart == "share":
        places = places[:1]
        wholes = {row.code for row, after in pairwise(rows) if after.level > row.level}  # of the lines under them
        rows = [row for row in rows if row.code not in wholes]  # among its parts a whole would halve their shares
    places = [place for place in places if _units(rows, place) == _units(rows, places[0])]
    if not places or not 2 <= len(rows) <= LONGEST:
        return None
    if table.chart == "heatmap":
        series = [_line(table, row, places, address) for row in rows]
        return Chart("heatmap", table.title, "", [table.columns[place].title for place in places], series)
    drawn = [_column(table, rows, place, form, address) for place in places]
    series = [one for one in drawn if any(one.values) or not one.former]  # a year that nobody knows is not drawn
    title = finding(table, rows, [place for place, one in zip(places, drawn, strict=True) if not one.former])
    return Chart(table.chart, title, "", [row.title for row in rows], series)  # type: ignore[arg-type]


def finding(table: CountedTable, rows: list[CountedRow], places: list[int]) -> str:
    """Return what a chart of one count shows in a sentence; the title of the table where no row stands out."""
    if len(places) != 1:
        return table.title
    cells = [(row.title, row.cells[places[0]]) for row in rows]
    found = sorted(((_number(cell) or 0, title) for title, cell in cells if not cell.unit), reverse=True)
    if len(found) < 2 or found[0][0] == found[1][0]:
        return table.title
    return f"{table.title}: больше всего — {quoted(found[0][1])}, {thousands(found[0][0])}"


def _is_drawn(row: CountedRow, form: Table) -> bool:
    made = next((one for one in form.rows if one.code == row.code), None)
    is_total = row.code == TOTAL or (made is not None and bool(made.parts))
    return not row.is_head and not is_total


def _units(rows: list[CountedRow], place: int) -> set[str]:
    return {row.cells[place].unit for row in rows}


def _is_counted(rows: list[CountedRow], place: int, form: Table, code: str) -> bool:
    made = _made(form, code)
    is_made = code == TOTAL or (made is not None and bool(made.parts))
    cells = [row.cells[place] for row in rows]
    return not is_made and any(_number(cell) is not None for cell in cells) and all(c.unit != "percent" for c in cells)


def _column(table: CountedTable, rows: list[CountedRow], place: int, form: Table, address: Address) -> Series:
    head = table.columns[place]
    made = _made(form, head.code)
    links = [_link(table, row, row.cells[place], address) for row in rows]
    values = [_number(row.cells[place]) for row in rows]
    return Series(head.title, values, former=made is not None and made.span in BEFORE, links=links)


def _line(table: CountedTable, row: CountedRow, places: list[int], address: Address) -> Series:
    cells = [row.cells[place] for place in places]
    return Series(row.title, [_number(cell) for cell in cells], links=[_link(table, row, c, address) for c in cells])


def _made(form: Table, code: str) -> Column | None:
    return next((one for one in form.columns if one.code == code), None)


def _number(cell: CountedCell) -> int | Decimal | None:
    return cell.value if isinstance(cell.value, int | Decimal) else None


def _link(table: CountedTable, row: CountedRow, cell: CountedCell, address: Address) -> str:
    return address(Place(table.code, row.code, cell.column)) if _number(cell) is not None else ""
