"""The list for the post as PDF: A4 lying, the head of the table on every page, signatures on the last one."""

from __future__ import annotations

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout
from fpdf.fonts import FontFace

from opora.mailroom.papers.shapes import COLUMNS, SIGNS, ListPaper
from opora.mailroom.papers.sheet import MADE_AT, SERIF
from opora.shared.documents import FONTS
from opora.shared.documents.letter import clean

WIDTHS = (10, 32, 62, 88, 40, 30)
EDGE = 15.0
ROOM_TO_SIGN = 30.0


class _Page(FPDF):
    def footer(self) -> None:
        self.set_y(-10)
        self.set_font(SERIF, size=8)
        self.cell(0, 5, str(self.page_no()), align=Align.R)


def list_pdf(paper: ListPaper) -> bytes:
    sheet = _Page(orientation="landscape", unit="mm", format="A4")
    sheet.add_font(SERIF, "", FONTS / "LiberationSerif-Regular.ttf")
    sheet.add_font(SERIF, "B", FONTS / "LiberationSerif-Bold.ttf")
    sheet.set_margins(EDGE, EDGE, EDGE)
    sheet.set_auto_page_break(auto=True, margin=EDGE)
    sheet.set_creation_date(MADE_AT)
    sheet.set_producer("Opora")
    sheet.set_lang("ru-RU")
    sheet.add_page()
    for text, size, style in (
        (paper.title, 14, "B"),
        (f"{paper.category}. Отправитель: {paper.organisation}", 10, ""),
        (paper.address, 10, ""),
    ):
        sheet.set_font(SERIF, style, size)
        if text:
            sheet.multi_cell(0, size * 0.45, clean(text), new_x="LMARGIN", new_y="NEXT")
    sheet.ln(3)
    sheet.set_font(SERIF, size=9)
    head = FontFace(emphasis="BOLD")
    layout = TableBordersLayout.ALL
    shape = {"col_widths": WIDTHS, "line_height": 4.5, "text_align": Align.L}
    with sheet.table(**shape, headings_style=head, borders_layout=layout) as table:
        table.row(list(COLUMNS))
        for place, item in enumerate(paper.items, start=1):
            cells = (str(place), item.number, item.addressee, item.address, item.track, "")
            table.row([clean(cell) for cell in cells])
    _signs(sheet, paper)
    return bytes(sheet.output())


def _signs(sheet: FPDF, paper: ListPaper) -> None:
    if sheet.get_y() + ROOM_TO_SIGN > sheet.h - EDGE:
        sheet.add_page()
    sheet.ln(4)
    sheet.set_font(SERIF, "B", 10)
    sheet.cell(0, 6, paper.total, new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(SERIF, "", 10)
    for sign in SIGNS:
        sheet.cell(0, 8, f"{sign} ____________________________", new_x="LMARGIN", new_y="NEXT")
