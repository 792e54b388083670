"""A letter as DOCX: plain paragraphs in Times New Roman, so that any editor opens and mends it."""

import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from opora.shared.documents.letter import Letter, clean, cleaned

FONT = "Times New Roman"
LEFT, RIGHT, TOP, BOTTOM = Mm(30), Mm(15), Mm(20), Mm(20)
INDENT = Mm(12.5)
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)
ZIP_DAY = (2000, 1, 1, 0, 0, 0)
CENTRE, RIGHT_SIDE = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def letter_docx(letter: Letter) -> bytes:
    document = Document()
    page(document)
    anonymous(document)
    _line(document, letter.head.name, align=CENTRE, bold=True)
    for line in cleaned(letter.head.lines):
        _line(document, line, align=CENTRE, size=10)
    _rule(document.paragraphs[-1])
    _addressing(document, letter)
    if letter.title:
        _line(document, letter.title, align=CENTRE, bold=True, before=6, after=6)
    if letter.greeting:
        _line(document, letter.greeting, align=CENTRE, before=6, after=6)
    for text in cleaned(letter.body):
        _line(document, text, after=4, indent=None if letter.title else INDENT)
    for line in cleaned(letter.enclosed):
        _line(document, line)
    if letter.signature is not None:
        _line(document, "")
        _pair(document, [letter.signature.position], [letter.signature.name], align=RIGHT_SIDE)
    if letter.prepared_by:
        _line(document, "")
        _line(document, letter.prepared_by, size=10)
    written = BytesIO()
    document.save(written)
    return same_every_time(written)


def page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ru-RU")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(0)


def anonymous(document: Any) -> None:
    """The file's properties name nobody and no moment."""
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.title = about.subject = about.keywords = ""
    about.created = about.modified = MADE_AT
    about.revision = 1
    about.language = "ru-RU"


def _line(
    holder: Any,
    text: str,
    *,
    align: Any = None,
    bold: bool = False,
    size: int | None = None,
    before: int = 0,
    after: int = 0,
    indent: Any = None,
) -> Any:
    paragraph = holder.add_paragraph()
    _fill(paragraph, text, align=align, bold=bold, size=size)
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.first_line_indent = indent
    return paragraph


def _fill(paragraph: Any, text: str, *, align: Any, bold: bool = False, size: int | None = None) -> None:
    run = paragraph.add_run(clean(text))
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = align


def _rule(paragraph: Any) -> None:
    """Draw a line under a paragraph."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "4"), ("color", "auto")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _addressing(document: Any, letter: Letter) -> None:
    left = list(cleaned([*letter.marks, letter.about]))
    right = list(cleaned(letter.addressee))
    if left or right:
        _line(document, "")
        _pair(document, left, right)
        _line(document, "")


def _pair(document: Any, left: Iterable[str], right: Iterable[str], *, align: Any = None) -> None:
    """Two columns without borders."""
    table = document.add_table(rows=1, cols=2)
    for cell, lines, side in zip(table.rows[0].cells, (list(left), list(right)), (None, align), strict=True):
        for number, line in enumerate(lines):
            _fill(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), line, align=side)


def same_every_time(written: BytesIO) -> bytes:
    """Pack the parts again in one order and with one date, so that the same letter is the same file."""
    packed = BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return packed.getvalue()
