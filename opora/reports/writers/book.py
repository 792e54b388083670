"""XLSX: a sheet for each table, numbers as numbers, and «Сведения» about the report."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from opora.reports.writers.layout import NOTES, Head, Line, Paper, Sheet
from opora.shared.spreadsheets import harmless

if TYPE_CHECKING:
    from xlsxwriter import Workbook

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
UNFIT = re.compile(r"[\[\]:*?/\\']")
TITLE_WIDTH, CODE_WIDTH, NOTE_WIDTH = 60, 10, 60
FORMATS = {"percent": '#,##0.0" %"', "roubles": "#,##0.00"}


def book(paper: Paper) -> bytes:
    from xlsxwriter import Workbook

    written = BytesIO()
    with Workbook(written, OPTIONS) as made:
        made.set_properties({"title": paper.title, "created": paper.moment.replace(tzinfo=None)})
        styles = _Styles(made)
        taken = {"сведения"}
        for sheet in paper.sheets:
            _table(made, sheet, styles, _name(sheet, taken))
        _about(made, paper, styles)
    return written.getvalue()


class _Styles:
    """Formats of the book, each made once."""

    def __init__(self, made: Workbook) -> None:
        frame = {"border": 1, "valign": "top"}
        self._made, self._frame = made, frame
        self.bold = made.add_format({"bold": True, "font_size": 13})
        self.head = made.add_format({**frame, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"})
        self.text = made.add_format({**frame, "text_wrap": True})
        self.wrapped = made.add_format({"text_wrap": True, "valign": "top"})
        self.empty = made.add_format({**frame, "align": "center"})
        self._others: dict[Any, Any] = {}

    def title(self, line: Line) -> Any:
        return self._of(("title", line.level, line.is_head), text_wrap=True, indent=line.level, bold=line.is_head)

    def number(self, unit: str, is_whole: bool) -> Any:
        shape = FORMATS.get(unit) or ("#,##0" if is_whole else "#,##0.0##")
        return self._of(("number", shape), num_format=shape)

    def _of(self, key: Any, **fields: Any) -> Any:
        if key not in self._others:
            self._others[key] = self._made.add_format({**self._frame, **fields})
        return self._others[key]


def _table(made: Workbook, sheet: Sheet, styles: _Styles, name: str) -> None:
    page = made.add_worksheet(name)
    page.write_string(0, 0, harmless(sheet.title), styles.bold)
    top, left = 2, 1 if sheet.has_codes else 0  # where headings begin, where titles of lines stand
    _heads(page, _headings(sheet), top, styles)
    first, noted = top + len(sheet.heads), left + 1 + len(sheet.columns)
    for place, line in enumerate(sheet.lines, first):
        if sheet.has_codes:
            page.write_string(place, 0, line.code, styles.text)
        page.write_string(place, left, harmless(line.title), styles.title(line))
        for column, cell in enumerate(line.cells, left + 1):
            if cell.number is None:
                page.write_string(place, column, harmless(cell.text)[:32_767], styles.empty)
            else:
                whole = cell.number == int(cell.number)
                page.write_number(place, column, cell.number, styles.number(cell.unit, whole))
        if sheet.has_notes:
            page.write_string(place, noted, harmless("\n".join(sheet.notes_of(line)))[:32_767], styles.text)
    if sheet.note:
        page.write_string(first + len(sheet.lines) + 1, 0, harmless(sheet.note))
    if sheet.has_codes:
        page.set_column(0, 0, CODE_WIDTH)
    page.set_column(left, left, TITLE_WIDTH)
    page.set_column(left + 1, noted - 1, 16)
    if sheet.has_notes:
        page.set_column(noted, noted, NOTE_WIDTH)
    page.freeze_panes(first, left + 1)
    page.repeat_rows(top, first - 1)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if sheet.is_wide or sheet.has_notes:
        page.set_landscape()


def _headings(sheet: Sheet) -> list[list[Head]]:
    """Headings of the page with one over explanations, where there are any."""
    heads = sheet.heads_shown
    return [[*heads[0], Head(NOTES, 1, len(heads))], *heads[1:]] if sheet.has_notes else heads


def _heads(page: Any, heads: list[list[Head]], top: int, styles: _Styles) -> None:
    taken: set[tuple[int, int]] = set()
    for down, row in enumerate(heads):
        column = 0
        for head in row:
            while (down, column) in taken:
                column += 1
            taken |= {(down + y, column + x) for y in range(head.down) for x in range(head.across)}
            if head.across * head.down > 1:
                last = top + down + head.down - 1, column + head.across - 1
                page.merge_range(top + down, column, *last, harmless(head.title), styles.head)
            else:
                page.write_string(top + down, column, harmless(head.title), styles.head)
            column += head.across


def _about(made: Workbook, paper: Paper, styles: _Styles) -> None:
    page = made.add_worksheet("Сведения")
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 100)
    pairs = [*paper.about, *(("Текст", f"– {one.text}" if one.kind == "item" else one.text) for one in paper.words)]
    pairs += [("Не сходится", one) for one in paper.broken] + [("Примечание", one) for one in paper.notes]
    for place, (label, words) in enumerate(pairs):
        page.write_string(place, 0, label, styles.wrapped)
        page.write_string(place, 1, harmless(words)[:32_767], styles.wrapped)


def _name(sheet: Sheet, taken: set[str]) -> str:
    """Return a name Excel takes: 31 signs, none of its own, no other like it."""
    named = f"{sheet.code} {sheet.title}" if sheet.has_codes else sheet.title
    plain = UNFIT.sub(" ", named).strip()[:31].strip() or "Таблица"
    name, number = plain, 2
    while name.lower() in taken:
        name, number = f"{plain[:27]} {number}", number + 1
    taken.add(name.lower())
    return name
