"""DOCX: headings, tables whose head comes again on each page, a landscape page where columns are many."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt

from opora.reports.writers.layout import Line, Paper, Sheet
from opora.shared.charts import Chart
from opora.shared.documents.letter import clean
from opora.shared.documents.word import anonymous, page, same_every_time
from opora.shared.drawing import png

SMALL, SMALLEST = Pt(9), Pt(7.5)
RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
MARGIN, PICTURE = Mm(15), Mm(160)


def document(paper: Paper) -> bytes:
    made: Any = Document()
    page(made)
    anonymous(made)
    about = made.core_properties
    about.title = clean(paper.title)[:255]
    about.created = about.modified = paper.moment
    if any(sheet.is_wide for sheet in paper.sheets):
        _landscape(made.sections[0])
    made.add_heading(clean(paper.title), level=1)
    made.add_paragraph(clean(paper.subtitle))
    for said in paper.words:
        if said.kind == "heading":
            made.add_heading(clean(said.text), level=2)
        else:
            made.add_paragraph(clean(said.text), style="List Bullet" if said.kind == "item" else None)
    for sheet in paper.sheets:
        _table(made, sheet)
    _list(made, "Не сходятся контрольные соотношения", paper.broken)
    _list(made, "Примечания", paper.notes)
    made.add_heading("Сведения", level=2)
    _pairs(made, paper.about)
    written = BytesIO()
    made.save(written)
    return same_every_time(written)


def _landscape(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = MARGIN


def _table(made: Any, sheet: Sheet) -> None:
    made.add_heading(clean(sheet.title), level=2)
    depth, across = len(sheet.heads), (2 if sheet.has_codes else 1) + len(sheet.columns)
    table = made.add_table(rows=depth + len(sheet.lines), cols=across)
    table.style = "Table Grid"
    rows = [list(row.cells) for row in table.rows]
    _heads(rows, sheet)
    for row in table.rows[:depth]:
        _repeated(row)
    for cells, line in zip(rows[depth:], sheet.lines, strict=True):
        _line(cells, line, has_codes=sheet.has_codes)
    if sheet.note:
        made.add_paragraph().add_run(clean(sheet.note)).font.size = SMALL
    if sheet.chart:
        _chart(made, sheet.chart)


def _chart(made: Any, chart: Chart) -> None:
    """A picture under its title; the table above says the same to whoever does not see it."""
    caption = clean(chart.caption)
    made.add_paragraph().add_run(caption).bold = True
    placed = made.add_picture(BytesIO(png(chart)), width=PICTURE)
    placed._inline.docPr.set("descr", caption)


def _heads(rows: list[list[Any]], sheet: Sheet) -> None:
    taken: set[tuple[int, int]] = set()
    for down, heads in enumerate(sheet.heads_shown):
        column = 0
        for head in heads:
            while (down, column) in taken:
                column += 1
            taken |= {(down + y, column + x) for y in range(head.down) for x in range(head.across)}
            cell = rows[down][column]
            if head.across * head.down > 1:
                cell = cell.merge(rows[down + head.down - 1][column + head.across - 1])
            _fill(cell, head.title, bold=True, align=CENTRE)
            column += head.across


def _line(cells: list[Any], line: Line, *, has_codes: bool) -> None:
    """A line of the table; what explains it or a figure of it stands under that in small print."""
    if has_codes:
        _fill(cells[0], line.code)
        cells = cells[1:]
    _fill(cells[0], line.title, bold=line.is_head)
    _explain(cells[0], line.note)
    for paragraph in cells[0].paragraphs:
        paragraph.paragraph_format.left_indent = Mm(4 * line.level) if line.level else None
    for cell, told in zip(cells[1:], line.cells, strict=True):
        _fill(cell, told.text, align=CENTRE if told.number is None else RIGHT)
        _explain(cell, told.note)


def _explain(cell: Any, note: str) -> None:
    if note:
        cell.add_paragraph().add_run(clean(note)).font.size = SMALLEST


def _fill(cell: Any, text: str, *, bold: bool = False, align: Any = None) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(clean(text))
    run.bold, run.font.size = bold or None, SMALL
    paragraph.alignment = align


def _repeated(row: Any) -> None:
    """Let the row come again at the head of each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _list(made: Any, title: str, texts: list[str]) -> None:
    if texts:
        made.add_heading(title, level=2)
        for text in texts:
            made.add_paragraph(clean(text), style="List Bullet")


def _pairs(made: Any, pairs: list[tuple[str, str]]) -> None:
    table = made.add_table(rows=len(pairs), cols=2)
    for row, pair in zip(table.rows, pairs, strict=True):
        for cell, text in zip(row.cells, pair, strict=True):
            _fill(cell, text)
