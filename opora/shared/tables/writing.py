"""Tables for people outside: CSV and XLSX in which nothing is a formula (handbook 10 §3, row 9)."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from opora.shared.spreadsheets import harmless

MOST_ROWS = 1_048_576


@contextmanager
def private_file(path: Path) -> Iterator[IO[str]]:
    """Open a new text file that only its owner reads; UTF-8 with a mark, because Excel asks for it."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig", newline=""
    ) as stream:
        os.fchmod(stream.fileno(), 0o600)
        yield stream


class CsvWriter:
    """Rows to a text stream: semicolons, CRLF, formulas made harmless."""

    def __init__(self, stream: IO[str], columns: Sequence[str]) -> None:
        self._writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        self.row(columns)

    def row(self, cells: Iterable[Any]) -> None:
        self.rows([cells])

    def rows(self, rows: Iterable[Iterable[Any]]) -> None:
        self._writer.writerows([[harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])


def write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = "Лист 1") -> int:
    """Write a book of one sheet in constant memory; every text stays a text. Return the number of rows written.

    What does not fit a sheet (1 048 575 rows) is left out: offer CSV beside.
    """
    import xlsxwriter

    path.touch(mode=0o600)
    path.chmod(0o600)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    written = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            page.write_string(0, place, name, bold)
            page.set_column(place, place, max(12, min(60, len(name) + 2)))
        for number, cells in enumerate(rows, 1):
            if number >= MOST_ROWS:
                break
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    page.write_string(number, place, cell[:32_767])
                elif cell is not None:
                    page.write(number, place, cell)
            written = number
    return written
