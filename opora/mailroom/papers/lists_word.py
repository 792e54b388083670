"""The list for the post as DOCX, to be finished in an editor."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt

from opora.mailroom.papers.shapes import COLUMNS, SIGNS, ListPaper
from opora.shared.documents.letter import clean
from opora.shared.documents.word import anonymous, page, same_every_time

WIDTHS = (10, 32, 62, 88, 40, 30)
EDGE = Mm(15)


def list_docx(paper: ListPaper) -> bytes:
    document = Document()
    page(document)
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = EDGE
    anonymous(document)
    document.add_paragraph().add_run(clean(paper.title)).bold = True
    document.add_paragraph(clean(f"{paper.category}. Отправитель: {paper.organisation}"))
    if paper.address:
        document.add_paragraph(clean(paper.address))
    table = document.add_table(rows=1, cols=len(COLUMNS))
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for place, item in enumerate(paper.items, start=1):
        cells = (str(place), item.number, item.addressee, item.address, item.track, "")
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.paragraphs[0].add_run(clean(words)).font.size = Pt(9)
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Mm(width)
    document.add_paragraph()
    for words in (paper.total, *(f"{sign} ____________________________" for sign in SIGNS)):
        document.add_paragraph(words)
    written = BytesIO()
    document.save(written)
    return same_every_time(written)
