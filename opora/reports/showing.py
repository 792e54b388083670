"""A counted report as a page shows it: texts of numbers, headings under their groups, an address behind every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby

from opora.reports.counting import Counted, CountedCell, CountedRow, CountedTable, Heading, Value
from opora.reports.places import Place
from opora.shared.charts import Chart
from opora.shared.typography import NBSP, thousands

UNITS = {"percent": f"{NBSP}%", "points": f"{NBSP}п.{NBSP}п."}
HEADS = {"people": "человек", "roubles": "руб.", "days": "дней"}
SIGNS = {"=": "равно", "<=": "не больше", ">=": "не меньше"}
EMPTY, NOTHING = "x", "—"

type Address = Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class Head:
    """A heading over ``across`` columns and ``down`` lines."""

    title: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """``link`` is empty where there is nothing to open."""

    text: str
    link: str = ""
    note: str = ""
    kind: str = "number"  # number, words, empty, nothing


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    title: str
    level: int
    is_head: bool
    note: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    code: str
    title: str
    heads: list[list[Head]]
    lines: list[Line]
    note: str
    width: int
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One number of a control relation: its text and the cells it is the sum of, each with its way to the rows."""

    text: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken control relation in words."""

    say: str
    is_error: bool
    must: str
    left: Side
    right: Side


def tables(counted: Counted, address: Address) -> list[Table]:
    """Return the tables of a report; ``address`` says where the rows of a cell are."""
    return [
        Table(one.code, one.title, _heads(one.columns), list(_lines(one, address)), one.note, 1 + len(one.columns))
        for one in counted.tables
    ]


def faults(counted: Counted, address: Address) -> list[Fault]:
    """Return the broken control relations, errors first."""
    found = sorted(counted.broken, key=lambda one: one.level != "error")
    return [
        Fault(
            one.say,
            one.level == "error",
            SIGNS[one.relation],
            _side(one.left, one.left_cells, counted, address),
            _side(one.right, one.right_cells, counted, address),
        )
        for one in found
    ]


def text(value: Value, unit: str = "") -> str:
    """Return a value as a page writes it.

    >>> text(1234567).replace(chr(0x202F), " "), text(Decimal("12.5"), "percent").replace(NBSP, " "), text(None)
    ('1 234 567', '12,5 %', '—')
    """
    found = number(value, unit)
    if found is not None:
        return thousands(found) + UNITS.get(unit, "")
    return NOTHING if value is None else str(value)


def cell_title(counted: Counted, place: Place) -> str:
    """Return «row, column» of a cell in words, or its codes when the report has no such cell."""
    table = next((one for one in counted.tables if one.code == place.table), None)
    row = next((one.title for one in table.rows if one.code == place.row), place.row) if table else place.row
    head = next((one for one in table.columns if one.code == place.column), None) if table else None
    return f"{row} — {_title(head)}" if head else f"{row} — {place.column}"


def _title(head: Heading) -> str:
    return f"{head.group}: {head.title}" if head.group else head.title


def number(value: Value, unit: str) -> int | Decimal | None:
    """The number of a value; numbers with a point come back from a sealed report as text."""
    if isinstance(value, int | Decimal):
        return value
    if value is None or unit == "text":
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _lines(table: CountedTable, address: Address) -> Iterator[Line]:
    for row in table.rows:
        cells = [_cell(table, row, cell, address) for cell in row.cells]
        yield Line(row.code, row.title, row.level, row.is_head, row.note, cells)


def _cell(table: CountedTable, row: CountedRow, cell: CountedCell, address: Address) -> Cell:
    if cell.is_empty:
        return Cell(EMPTY, kind="empty")
    if cell.value is None:
        return Cell("" if row.is_head else NOTHING, note=cell.note, kind="nothing")
    kind = "words" if number(cell.value, cell.unit) is None else "number"
    return Cell(text(cell.value, cell.unit), address(Place(table.code, row.code, cell.column)), cell.note, kind)


def _heads(columns: list[Heading]) -> list[list[Head]]:
    if not any(one.group for one in columns):
        return [[Head(_named(one)) for one in columns]]
    upper, lower = [], []
    for group, members in groupby(columns, key=lambda one: one.group):
        named = [_named(one) for one in members]
        if group:
            upper.append(Head(group, across=len(named)))
            lower += [Head(title) for title in named]
        else:
            upper += [Head(title, down=2) for title in named]
    return [upper, lower]


def _named(one: Heading) -> str:
    """Return a heading with its unit, unless it says it itself.

    >>> [_named(Heading("1", title, "", "people")) for title in ("Опрошено", "Человек")]
    ['Опрошено, человек', 'Человек']
    """
    unit = HEADS.get(one.unit, "")
    return f"{one.title}, {unit}" if unit and unit not in one.title.lower() else one.title


def _side(total: str, cells: list[str], counted: Counted, address: Address) -> Side:
    named = []
    for code in cells:
        place = Place.read(code.removeprefix("-"))
        sign = "минус " if code.startswith("-") else ""
        named.append((sign + cell_title(counted, place), address(place)))
    return Side(text(Decimal(total)), named)
