"""What stands behind a number: the cells it is made of and the facts under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from opora.reports import measures, sealed
from opora.reports.counting import CountedCell, CountedTable, Part, Report, TableAsked, Value
from opora.reports.definitions import Column, Made, Row, Table
from opora.reports.errors import NoSuchCell
from opora.reports.places import Place
from opora.reports.services.sealing import beside_facts
from opora.reports.sources import Source


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the cells a number is made of. ``sign`` −1 — it is taken away; ``title`` says what tells it apart."""

    place: Place
    title: str
    value: Value
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Today:
    """What a sealed number would be if it were counted now, where that is another; ``why`` says what has moved."""

    value: Value
    why: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A number explained. ``way``: ``sum``, ``percent``, ``growth``, ``measure``, ``other`` or ``counted``.

    ``cell`` and ``pieces`` of a sealed report are those that were sealed. ``part`` holds the facts of exactly this
    number, None where they are seen by its pieces only; ``many`` is how many they are, which is the number itself
    unless ``field`` is summed. ``measure`` is the one of a number that is no sum of facts, and what it is ``asked``.
    ``today`` is told where a sealed number would come out otherwise now.
    """

    place: Place
    title: str
    heading: str
    cell: CountedCell
    way: str
    pieces: list[Piece]
    part: Part | None
    many: int
    source: Source | None
    field: str = ""
    measure: str = ""
    asked: measures.Asked | None = None
    today: Today | None = None


def behind(report: Report, place: Place) -> Behind:
    """Explain one number; counts its table, of a seal reads it. Raises NoSuchCell for a cell that is not there or must
    stay empty."""
    asked = report.table(place.table)
    row, column = _one(asked.rows, place.row), _one(asked.columns, place.column)
    kept = sealed.counted(report.seal).table(place.table) if report.seal else None
    cell = (kept or asked.counted()).cell(place.row, place.column)
    if cell.is_empty or (row.is_head and cell.value is None):
        raise NoSuchCell
    pieces = _pieces(asked, place, row, column, _values(asked, kept))
    parts = asked.behind(place.row, place.column)
    way = _way(row, column)
    field = "" if pieces else column.field or row.field
    many = sum(group.count for part in parts for group in part.groups)
    is_whole = way in ("counted", "sum") and len(parts) == 1 and parts[0].sign == 1 and (field or many == cell.value)
    part = parts[0] if is_whole else None
    source = parts[0].cube.question.source if parts else None
    found = Behind(
        place, row.title, _heading(column), cell, way, pieces, part, many if part else 0, source, field,
        today=_today(asked, place, cell) if kept else None,
    )  # fmt: skip
    return replace(found, measure=row.measure, asked=asked.asked_of(row, column)) if way == "measure" else found


def _values(asked: TableAsked, kept: CountedTable | None) -> Callable[[str, str], Value]:
    """Values of a table: those that were sealed, where it was."""
    return asked.value if kept is None else lambda row, column: kept.cell(row, column).value


def _today(asked: TableAsked, place: Place, cell: CountedCell) -> Today | None:
    """Facts lie under a seal as they lay; what is beside them moves on. None where it says the same today."""
    if place.row not in beside_facts(asked.table):
        return None
    value = asked.value(place.row, place.column)
    if value == cell.value:
        return None
    return Today(value, ", ".join(sorted(_beside(asked.table, place.row))))


def _beside(table: Table, code: str) -> set[str]:
    """What the measures under a row count that no seal keeps, in words."""
    row = _one(table.rows, code)
    own = {measures.BESIDE[row.measure]} if row.measure in measures.BESIDE else set()
    return own.union(*(_beside(table, part) for part in row.parts))


def _pieces(
    asked: TableAsked, place: Place, row: Row, column: Column, value: Callable[[str, str], Value]
) -> list[Piece]:
    """As ``TableAsked`` counts: a part of a total, what compares two, a sum; the column before the row."""
    if column.part_of:
        part, total = column.part_of
        cells = [Place(place.table, row.code, part), Place(place.table, total, part)]
        return [Piece(at, _one(asked.rows, at.row).title, value(at.row, at.column)) for at in cells]
    made = _made(row, column)
    if made is None:
        return []
    signs = [-1 if code.startswith("-") else 1 for code in made.sum] or [1] * len(made.parts)
    pieces = []
    for sign, code in zip(signs, made.parts, strict=True):
        at = Place(place.table, place.row, code) if made is column else Place(place.table, code, place.column)
        title = _heading(_one(asked.columns, code)) if made is column else _one(asked.rows, code).title
        pieces.append(Piece(at, title, value(at.row, at.column), sign))
    return pieces


def _way(row: Row, column: Column) -> str:
    made = _made(row, column)
    if column.part_of:
        return "percent"
    if made is None:
        return "measure" if row.measure else "counted"
    return "sum" if made.sum else "percent" if made.percent else "growth" if made.growth else "other"


def _made(row: Row, column: Column) -> Made | None:
    return next((one for one in (column, row) if one.pair), None) or next(
        (one for one in (column, row) if one.sum), None
    )


def equals(pieces: Sequence[Piece]) -> Decimal:
    """Return the sum of the pieces with their signs."""
    numbers = [piece.sign * Decimal(piece.value) for piece in pieces if isinstance(piece.value, int | Decimal)]
    return sum(numbers, Decimal(0))


def _heading(column: Column) -> str:
    return f"{column.group}: {column.title}" if column.group else column.title


def _one[Line: Made](lines: Sequence[Line], code: str) -> Line:
    found = next((one for one in lines if one.code == code), None)
    if found is None:
        raise NoSuchCell
    return found
