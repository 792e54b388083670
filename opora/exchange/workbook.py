"""A workbook of a partner as rows of text by heading; within limits, formulas as their values, nothing evaluated."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import python_calamine

from opora.shared.tables.errors import TableRefused
from opora.shared.tables.source import OLE, ZIP, Limits, check_members

LARGEST = 20 << 20
LIMITS = Limits(file=LARGEST, unpacked=100 << 20, members=1000)
MOST_ROWS = 50_000
UNREADABLE = "Книга Excel не читается: она испорчена или под паролем."


@dataclass(frozen=True, slots=True)
class Workbook:
    """The first sheet: headings as written, rows that hold anything as heading → text."""

    headings: list[str]
    rows: list[dict[str, str]]


def is_workbook(path: Path) -> bool:
    """Whether the file is an Excel book by its content: XLSX with a workbook inside, or an old XLS."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(OLE):
        return True
    if not head.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return path.suffix.lower() == ".xlsx"


def read_workbook(path: Path, *, rows: int = MOST_ROWS) -> Workbook:
    """Return the first sheet; ``rows`` = 0 reads the headings alone. Raises TableRefused."""
    table = read_cells(path, rows=None if rows else 1)
    if not table:
        return Workbook([], [])
    headings = [text_of_cell(cell) for cell in table[0]]
    if len(table) - 1 > MOST_ROWS:
        raise TableRefused(f"В книге больше {MOST_ROWS} строк.")
    found = []
    for cells in table[1:]:
        texts = [text_of_cell(cell) for cell in cells]
        if any(texts):
            found.append(dict(zip(headings, texts, strict=False)))
    return Workbook(headings, found)


def read_cells(path: Path, *, rows: int | None = None) -> list[list[Any]]:
    """Return the cells of the first sheet from A1 as Excel typed them; ``rows`` — only so many first rows.

    Empty rows stay where they are: the place of a row in the list is its number in the book. Raises TableRefused.
    """
    if rows != 1:
        return _cells(path, rows)
    state = path.stat()
    return [list(row) for row in _first_row(path, state.st_mtime_ns, state.st_size)]


@lru_cache(maxsize=8)
def _first_row(path: Path, _changed: int, _size: int) -> list[list[Any]]:
    """All formats ask for the headings of the same book one after another, and each time the whole sheet is parsed."""
    return _cells(path, 1)


def _cells(path: Path, rows: int | None) -> list[list[Any]]:
    _check(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=rows)
    except (python_calamine.CalamineError, IndexError, OSError, ValueError) as fault:
        raise TableRefused(UNREADABLE) from fault
    except BaseException as fault:
        # The library is Rust: a damaged old book makes it panic, and a panic is not an Exception.
        if type(fault).__name__ == "PanicException":
            raise TableRefused(UNREADABLE) from fault
        raise


def _check(path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise TableRefused(f"Книга больше допустимого: можно до {LARGEST >> 20} МБ.")
    with path.open("rb") as stream:
        if stream.read(8).startswith(OLE):
            return
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(archive.infolist(), LIMITS)
    except zipfile.BadZipFile as fault:
        raise TableRefused("Книга Excel обрывается или испорчена.") from fault


def text_of_cell(cell: Any) -> str:
    """A cell as a person reads it: 1.0 is «1», a date cell is ISO, a time keeps its seconds."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat()
        case _:
            return str(cell).strip()
