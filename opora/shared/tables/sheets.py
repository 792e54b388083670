"""Rows of any number over as many sheets of a book of Excel as they need, in constant memory."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from opora.shared.spreadsheets import harmless

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class Sheets:
    """A head on every sheet, ``before`` it a line of text; numbers stay numbers, every other cell is a harmless text.

    The book must have been opened with ``OPTIONS``.
    """

    def __init__(self, book: Any, title: str, head: Sequence[str], *, before: str = "", foot: str = "") -> None:
        self._book, self._title, self._head, self._before, self._foot = book, title[:24], head, before, foot
        self._bold = book.add_format({"bold": True})
        self._place = MOST_ROWS
        self._sheet: Worksheet | None = None
        self._count = 0
        self.written = 0

    def row(self, cells: Sequence[Any]) -> None:
        if self._place >= MOST_ROWS:
            self._begin()
        self._put(cells)
        self.written += 1

    def close(self, after: Sequence[str] = ()) -> None:
        """Add lines of text under the last row; with no rows at all the head stands alone."""
        if self._sheet is None:
            self._begin()
        for text in after:
            if self._place >= MOST_ROWS:
                self._begin()
            self._put([text])

    def _put(self, cells: Sequence[Any]) -> None:
        sheet, place = self._sheet, self._place
        if sheet is None:
            return
        for column, cell in enumerate(cells):
            if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
                sheet.write_number(place, column, cell)
            elif cell is not None and cell != "":
                sheet.write_string(place, column, harmless(cell)[:32_767])
        self._place += 1

    def _begin(self) -> None:
        self._count += 1
        sheet: Worksheet = self._book.add_worksheet(f"{self._title} {self._count}")
        top = 1 if self._before else 0
        if self._before:
            sheet.write_string(0, 0, harmless(self._before), self._bold)
        if self._foot:
            sheet.set_footer(f"&L{self._foot[:200]}&R&P")
        sheet.freeze_panes(top + 1, 1)
        for column, name in enumerate(self._head):
            sheet.write_string(top, column, name, self._bold)
            sheet.set_column(column, column, max(12, min(40, len(name) + 4)))
        self._sheet, self._place = sheet, top + 1
