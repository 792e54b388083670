"""The stamp label: number, date, organisation, sheets, and a square code with the number."""

from __future__ import annotations

from opora.mailroom.papers.shapes import LABELS, PLACES, SHEET, Stamp
from opora.mailroom.papers.sheet import Sheet

A4 = (210.0, 297.0)
EDGE, CODE = 3.0, 17.0


def stamp_pdf(stamp: Stamp, size: str, *, place: int = 1) -> bytes:
    label = LABELS[size]
    if size == "roll":
        sheet = Sheet(label)
        sheet.add_page()
        _draw(sheet, stamp, 0, 0, label)
        return bytes(sheet.output())
    sheet = Sheet(A4)
    sheet.add_page()
    across, down = SHEET
    number = (max(1, place) - 1) % PLACES
    left = (A4[0] - across * label[0]) / 2 + number % across * label[0]
    top = (A4[1] - down * label[1]) / 2 + number // across * label[1]
    _draw(sheet, stamp, left, top, label)
    return bytes(sheet.output())


def _draw(sheet: Sheet, stamp: Stamp, x: float, y: float, size: tuple[float, float]) -> None:
    width, height = size
    room = width - 2 * EDGE
    below = sheet.words(stamp.organisation, x + EDGE, y + EDGE, room, size=8, most=2)
    beside = room - CODE - 2
    below = sheet.words("ВХОДЯЩИЙ №", x + EDGE, below + 1, room, size=7)
    below = sheet.words(stamp.number, x + EDGE, below, room, size=12, bold=True)
    below = sheet.words(f"от {stamp.on}", x + EDGE, below + 0.5, beside, size=10)
    sheet.words(f"листов: {stamp.sheets}", x + EDGE, below + 0.5, beside, size=8)
    sheet.square_code(stamp.number, x + width - EDGE - CODE, y + height - EDGE - CODE, CODE)
