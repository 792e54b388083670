"""CSV in long form: one line for each cell, so that any program reads any report."""

from __future__ import annotations

from collections.abc import Iterator

from opora.reports.writers.layout import Paper
from opora.shared.spreadsheets import csv_lines

HEAD = ["table", "row", "column", "table_title", "row_title", "column_title", "value"]


def lines(paper: Paper) -> bytes:
    """Return UTF-8 with a mark, semicolons, CRLF; numbers plain: a point, no blanks; «x» — must be empty."""
    return "".join(csv_lines(HEAD, _cells(paper))).encode()


def _cells(paper: Paper) -> Iterator[list[str]]:
    for sheet in paper.sheets:
        codes = sheet.codes
        for line in sheet.lines:
            for code, title, cell in zip(codes, sheet.columns, line.cells, strict=True):
                value = cell.text if cell.number is None else str(cell.number)
                yield [sheet.code, line.code, code, sheet.title, line.title, title, value]
