"""PDF: A4, landscape where columns are many, the head of a table on each of its pages, numbers of pages."""

from __future__ import annotations

from typing import Literal

from fpdf import FPDF
from fpdf.enums import Align, TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace

from opora.reports.writers.layout import Head, Paper, Sheet
from opora.shared.charts import Chart
from opora.shared.documents.letter import clean
from opora.shared.documents.page import FONTS, SERIF
from opora.shared.drawing import draw, on_sheet

MARGIN, LINE, PICTURE = 12.0, 4.6, 165.0
SIZE, SMALL, LARGE = 10.0, 8.0, 13.0
WIDE: Literal["landscape"] = "landscape"
TALL: Literal["portrait"] = "portrait"
CODE_SHARE = 7  # of a hundred; columns share what titles of lines leave
FEW = 3  # columns beside which titles may take more


class _Pages(FPDF):
    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4", unit="mm")
        self._foot = clean(f"{paper.title}. {paper.subtitle}")
        self.add_font(SERIF, "", FONTS / "LiberationSerif-Regular.ttf")
        self.add_font(SERIF, "B", FONTS / "LiberationSerif-Bold.ttf")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 4)
        self.set_creation_date(paper.moment)
        self.set_producer("Opora")
        self.set_title(clean(paper.title))
        self.set_lang("ru-RU")
        self.set_font(SERIF, size=SIZE)

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font(SERIF, size=SMALL)
        room = self.epw - 12
        foot = self._foot
        while self.get_string_width(foot) > room:
            foot = foot[:-2].rstrip(" .…") + "…"
        self.cell(room, LINE, foot)
        self.cell(0, LINE, str(self.page_no()), align=Align.R)

    def tell(self, text: str, *, bold: bool = False, size: float = SIZE, after: float = 1.5) -> None:
        self.set_font(SERIF, "B" if bold else "", size)
        self.multi_cell(0, size * 0.46, clean(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)
        self.set_font(SERIF, "", SIZE)


def page(paper: Paper) -> bytes:
    made = _Pages(paper)
    first = paper.sheets[0] if paper.sheets else None
    made.add_page(orientation=WIDE if first and first.is_wide else TALL)
    made.tell(paper.title, bold=True, size=LARGE)
    made.tell(paper.subtitle, after=3)
    for said in paper.words:
        made.tell(f"– {said.text}" if said.kind == "item" else said.text, bold=said.kind == "heading")
    for sheet in paper.sheets:
        _table(made, sheet)
    _list(made, "Не сходятся контрольные соотношения", paper.broken)
    _list(made, "Примечания", paper.notes)
    _list(made, "Сведения", [f"{label}: {words}" for label, words in paper.about])
    return bytes(made.output())


def _table(made: _Pages, sheet: Sheet) -> None:
    if (made.w > made.h) != sheet.is_wide:
        made.add_page(orientation=WIDE if sheet.is_wide else TALL)
    made.ln(2)
    made.tell(sheet.title, bold=True)
    made.set_font(SERIF, size=SMALL)
    count = len(sheet.columns)
    titles = 45 if count <= FEW else 30
    codes = [CODE_SHARE] if sheet.has_codes else []
    widths = (*codes, titles, *[(100 - sum(codes) - titles) / max(count, 1)] * count)
    with made.table(
        col_widths=widths,
        line_height=LINE * 0.8,
        num_heading_rows=len(sheet.heads),
        headings_style=FontFace(emphasis="B"),
        text_align=(*["LEFT" for _ in codes], "LEFT", *["RIGHT"] * count),
        cell_fill_mode=TableCellFillMode.NONE,
        padding=0.7,
    ) as table:
        for heads in sheet.heads_shown:
            row = table.row()
            for head in heads:
                _head(row, head)
        for line in sheet.lines:
            row = table.row()
            if sheet.has_codes:
                row.cell(clean(line.code))
            row.cell(
                "\u00a0\u00a0" * line.level + _explained(line.title, line.note),
                style=FontFace(emphasis="B" if line.is_head else ""),
            )
            for cell in line.cells:
                is_words = cell.number is None and bool(cell.note)
                row.cell(_explained(cell.text, cell.note), align="LEFT" if is_words else None)
    made.ln(1)
    if sheet.note:
        made.tell(sheet.note, size=SMALL)
    if sheet.chart:
        _chart(made, sheet.chart, is_wide=sheet.is_wide)


def _explained(text: str, note: str) -> str:
    """A figure with what explains it under it."""
    return f"{clean(text)}\n{clean(note)}" if note else clean(text)


def _chart(made: _Pages, chart: Chart, *, is_wide: bool) -> None:
    """The whole drawing on one page, under its title."""
    drawn = draw(chart)
    height = drawn.height * PICTURE / drawn.width
    if made.will_page_break(height + 3 * LINE):
        made.add_page(orientation=WIDE if is_wide else TALL)
    made.tell(chart.caption, bold=True)
    top = made.get_y()
    made.set_y(top + on_sheet(made, chart, x=made.l_margin, y=top, width=PICTURE, family=SERIF) + 2)


def _head(row: object, head: Head) -> None:
    row.cell(clean(head.title), colspan=head.across, rowspan=head.down, align="CENTER")  # type: ignore[attr-defined]


def _list(made: _Pages, title: str, texts: list[str]) -> None:
    if texts:
        made.ln(2)
        made.tell(title, bold=True)
        for text in texts:
            made.tell(text)
