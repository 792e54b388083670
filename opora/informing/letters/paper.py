"""Letters on A4: who writes at the top, the address where the window of the envelope is, the text, one barcode each.

Each letter begins on a sheet of its own. A part of a run is one PDF, so that memory holds no more than a part.
Barcode: interleaved 2 of 5, read by every scanner of a post office; a bar of 1/3 mm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from opora.informing.letters.envelopes import Box, address_box, text_top
from opora.informing.letters.numbers import shown
from opora.shared.documents import Letterhead
from opora.shared.documents.letter import clean
from opora.shared.documents.page import FONTS, MADE_AT, SERIF

LEFT, RIGHT, TOP, BOTTOM = 25.0, 15.0, 12.0, 18.0
SIZE, SMALL, LINE, SMALL_LINE = 12.0, 9.0, 5.8, 4.0
BARS, CAPTION = 6.5, 3.0  # height of the barcode and of the digits under it
WIDE_BAR = 1.0
QUIET = 4.0
LARGEST, SMALLEST = 10.5, 6.5
POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Paper:
    """What every letter of a run has in common."""

    head: Letterhead
    dated: date
    envelope: str
    is_duplex: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """One letter as it goes to paper; ``lines`` are those of the address, the postcode last."""

    number: str
    lines: Sequence[str]
    text: str
    subject: str = ""


class _Sheets(FPDF):
    def __init__(self) -> None:
        super().__init__(format="A4", unit="mm")
        self.add_font(SERIF, "", FONTS / "LiberationSerif-Regular.ttf")
        self.add_font(SERIF, "B", FONTS / "LiberationSerif-Bold.ttf")
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(auto=True, margin=BOTTOM)
        self.set_creation_date(MADE_AT)
        self.set_producer("Opora")
        self.set_lang("ru-RU")
        self.running = ""
        self.leaf = 0

    def header(self) -> None:
        """The second page of a letter says whose it is, should the pile be dropped."""
        self.leaf += 1
        if self.leaf > 1 and self.running:
            self.set_font(SERIF, size=SMALL)
            self.cell(0, SMALL_LINE, f"{self.running}, страница {self.leaf}", align="R", new_x="LMARGIN", new_y="NEXT")
            self.ln(LINE)
            self.set_font(SERIF, size=SIZE)


def write_part(path: Path, letters: Iterable[Printed], paper: Paper) -> list[int]:
    """Write letters one after another into one PDF; return how many sheets each takes."""
    sheets = _Sheets()
    found = []
    for letter in letters:
        pages = _write(sheets, letter, paper)
        if paper.is_duplex and pages % 2:
            sheets.running = ""
            sheets.add_page()
        found.append(-(-pages // 2) if paper.is_duplex else pages)
    sheets.output(str(path))
    return found


def _write(sheets: _Sheets, letter: Printed, paper: Paper) -> int:
    first = sheets.page_no() + 1
    sheets.running, sheets.leaf = f"Письмо № {shown(letter.number)}", 0
    sheets.add_page()
    _head(sheets, letter, paper)
    _window(sheets, letter, address_box(paper.envelope))
    sheets.set_y(text_top(paper.envelope))
    if letter.subject:
        sheets.set_font(SERIF, "B", SIZE)
        sheets.multi_cell(0, LINE, _inked(letter.subject), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        sheets.ln(LINE / 2)
    sheets.set_font(SERIF, size=SIZE)
    for paragraph in _inked(letter.text).split("\n"):
        if paragraph.strip():
            sheets.multi_cell(0, LINE, paragraph, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        else:
            sheets.ln(LINE / 2)
    return sheets.page_no() - first + 1


def _head(sheets: _Sheets, letter: Printed, paper: Paper) -> None:
    sheets.set_font(SERIF, "B", SIZE)
    sheets.multi_cell(0, LINE, clean(paper.head.name), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheets.set_font(SERIF, size=SMALL)
    for line in paper.head.lines:
        sheets.multi_cell(0, SMALL_LINE, clean(line), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    at = sheets.get_y() + 1.5
    sheets.set_line_width(0.2)
    sheets.line(LEFT, at, sheets.w - RIGHT, at)
    sheets.set_y(at + 1.5)
    dated = f"{paper.dated:%d.%m}.{paper.dated.year:04d}, № {shown(letter.number)}"
    sheets.cell(0, SMALL_LINE, dated, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _window(sheets: _Sheets, letter: Printed, box: Box) -> None:
    """The address from the upper edge of the box, the barcode along its lower edge."""
    room = box.height - BARS - CAPTION - 1
    size, lines = fitted(sheets, [clean(line) for line in letter.lines], box.width, room)
    sheets.set_font(SERIF, size=size)
    height = _height(size)
    for number, line in enumerate(lines):
        sheets.text(box.left, box.top + (number + 0.8) * height, line)
    top = box.bottom - BARS - CAPTION
    sheets.set_fill_color(0)
    sheets.interleaved2of5(letter.number, x=box.left + QUIET, y=top, w=WIDE_BAR, h=BARS)
    sheets.set_font(SERIF, size=7)
    sheets.text(box.left + QUIET, box.bottom - 0.4, shown(letter.number))


def fitted(sheets: FPDF, lines: Sequence[str], width: float, height: float) -> tuple[float, list[str]]:
    """Return the largest size at which the lines, wrapped, stand in the box; the smallest one cuts the rest."""
    size = LARGEST
    while True:
        sheets.set_font(SERIF, size=size)
        wrapped = [part for line in lines for part in wrap(sheets, line, width)]
        most = int(height / _height(size))
        if len(wrapped) <= most:
            return size, wrapped
        if size <= SMALLEST:
            # The postcode is the last line and must be seen whatever is cut.
            return size, [*wrapped[: most - 1], wrapped[-1]]
        size -= 0.5


def wrap(sheets: FPDF, line: str, width: float) -> list[str]:
    """Break a line into words that fit; a word longer than a line is cut by signs."""
    found, row = [], ""
    for word in line.split():
        longer = f"{row} {word}".strip()
        if row and sheets.get_string_width(longer) > width:
            found.append(row)
            longer = word
        while sheets.get_string_width(longer) > width and len(longer) > 1:
            cut = next(
                n for n in range(len(longer) - 1, 0, -1) if n == 1 or sheets.get_string_width(longer[:n]) <= width
            )
            found.append(longer[:cut])
            longer = longer[cut:]
        row = longer
    return [*found, row] if row else found


def _inked(text: str) -> str:
    """The face has no sign of the rouble."""
    return clean(text).replace("₽", "руб.")


def _height(size: float) -> float:
    return size * POINT * 1.15
