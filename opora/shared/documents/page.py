"""A letter as PDF: A4, Liberation Serif inside the file, the number of the page from the second one."""

from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from opora.shared.documents.letter import Letter, clean, cleaned

FONTS = Path(__file__).parent / "fonts"
SERIF = "LiberationSerif"
LEFT, RIGHT, TOP, BOTTOM = 30.0, 15.0, 20.0, 20.0
SIZE, SMALL = 12, 10
LINE, SMALL_LINE = 6.0, 4.8
INDENT = 12.5
HALF = 80.0  # width of the addressee and of the marks
ROOM_TO_SIGN = 32.0
# A moment of the file itself would make every copy different and say when somebody worked.
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)


class _Sheet(FPDF):
    """A4 with our margins."""

    def __init__(self) -> None:
        super().__init__(format="A4", unit="mm")
        self.add_font(SERIF, "", FONTS / "LiberationSerif-Regular.ttf")
        self.add_font(SERIF, "B", FONTS / "LiberationSerif-Bold.ttf")
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(auto=True, margin=BOTTOM)
        self.set_creation_date(MADE_AT)
        self.set_producer("Opora")
        self.set_lang("ru-RU")
        self.set_font(SERIF, size=SIZE)
        self.add_page()

    def header(self) -> None:
        if self.page_no() > 1:
            self.set_y(TOP / 2)
            self.write_lines([str(self.page_no())], align=Align.C, small=True)
            self.set_y(TOP)

    def write_lines(
        self,
        lines: list[str],
        *,
        align: Align = Align.L,
        at: float = LEFT,
        width: float = 0,
        bold: bool = False,
        small: bool = False,
    ) -> None:
        """Write lines one under another; a long one is wrapped."""
        self.set_font(SERIF, "B" if bold else "", SMALL if small else SIZE)
        for line in lines:
            self.set_x(at)
            height = SMALL_LINE if small else LINE
            self.multi_cell(width, height, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(SERIF, "", SIZE)


def letter_pdf(letter: Letter) -> bytes:
    sheet = _Sheet()
    _head(sheet, letter)
    _addressing(sheet, letter)
    for text, bold in ((letter.title, True), (letter.greeting, False)):
        if text:
            sheet.write_lines([clean(text)], align=Align.C, bold=bold)
            sheet.ln(LINE / 2)
    for paragraph in cleaned(letter.body):
        _paragraph(sheet, paragraph, indent=INDENT if not letter.title else 0)
    if letter.enclosed:
        sheet.ln(LINE / 2)
        sheet.write_lines(list(cleaned(letter.enclosed)))
    _signature(sheet, letter)
    return bytes(sheet.output())


def _head(sheet: _Sheet, letter: Letter) -> None:
    sheet.write_lines([clean(letter.head.name)], align=Align.C, bold=True)
    sheet.write_lines(list(cleaned(letter.head.lines)), align=Align.C, small=True)
    y = sheet.get_y() + 2
    sheet.set_line_width(0.3)
    sheet.line(LEFT, y, sheet.w - RIGHT, y)
    sheet.set_y(y + LINE)


def _addressing(sheet: _Sheet, letter: Letter) -> None:
    """Date and number at the left, the addressee at the right, whichever is longer decides where the text begins."""
    top = sheet.get_y()
    sheet.write_lines(list(cleaned(letter.marks)), width=HALF)
    low = sheet.get_y()
    if letter.about:
        sheet.ln(LINE / 2)
        sheet.write_lines([clean(letter.about)], width=HALF)
        low = sheet.get_y()
    if letter.addressee:
        sheet.set_y(top)
        sheet.write_lines(list(cleaned(letter.addressee)), at=sheet.w - RIGHT - HALF, width=HALF)
    lowest = max(low, sheet.get_y())
    sheet.set_y(lowest + (LINE if lowest > top else 0))


def _paragraph(sheet: _Sheet, text: str, *, indent: float) -> None:
    first, *rest = text.split("\n")
    with sheet.text_columns(text_align=Align.L, line_height=LINE / (SIZE * 0.3528)) as column:
        for part, by in ((first, indent), *((line, 0.0) for line in rest)):
            with column.paragraph(first_line_indent=by, bottom_margin=0) as paragraph:
                paragraph.write(part or " ")
    sheet.ln(LINE / 4)


def _signature(sheet: _Sheet, letter: Letter) -> None:
    if letter.signature is None and not letter.prepared_by:
        return
    if sheet.get_y() + ROOM_TO_SIGN > sheet.h - BOTTOM:
        sheet.add_page()
    if letter.signature is not None:
        sheet.ln(2 * LINE)
        top = sheet.get_y()
        sheet.write_lines([clean(letter.signature.position)], width=HALF)
        low = sheet.get_y()
        sheet.set_y(low - LINE if low > top else top)
        sheet.write_lines(
            [clean(letter.signature.name)], at=sheet.w - RIGHT - HALF + 10, width=HALF - 10, align=Align.R
        )
    if letter.prepared_by:
        sheet.ln(2 * LINE)
        sheet.write_lines([clean(letter.prepared_by)], small=True)
