"""Envelopes: who writes at the left above, to whom at the right below, the index in the boxes a machine reads.

The places follow what stands on every envelope of the country; the exact measures of the post were not at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from opora.mailroom.papers.shapes import ENVELOPES, Envelope
from opora.mailroom.papers.sheet import Sheet

# Corners of a box: 0 1 above, 2 3 in the middle, 4 5 below. A digit is strokes from corner to corner.
STROKES = {
    "0": ("01540",),
    "1": ("215",),
    "2": ("01345",),
    "3": ("01234",),
    "4": ("023", "15"),
    "5": ("102354",),
    "6": ("124532",),
    "7": ("0124",),
    "8": ("01540", "23"),
    "9": ("431023",),
}
BOX = (5.0, 10.0)
GAP = 4.0
EDGE = 12.0


def envelopes_pdf(what: Sequence[Envelope], size: str) -> bytes:
    sheet = Sheet(ENVELOPES[size])
    for one in what:
        sheet.add_page()
        _draw(sheet, one, *ENVELOPES[size])
    return bytes(sheet.output())


def _draw(sheet: Sheet, envelope: Envelope, width: float, height: float) -> None:
    half = width / 2 - EDGE - 4
    y = sheet.words("От кого", EDGE, EDGE, half, size=8)
    y = sheet.words(envelope.sender, EDGE, y, half, size=11, most=3)
    y = sheet.words("Откуда", EDGE, y + 1, half, size=8)
    sheet.words(_with_index(envelope.sender_address, envelope.sender_index), EDGE, y, half, size=11, most=3)
    x, top = width / 2, height / 2 - 4
    y = sheet.words("Кому", x, top, half, size=8)
    y = sheet.words(envelope.addressee, x, y, half, size=13, bold=True, most=2)
    y = sheet.words("Куда", x, y + 1, half, size=8)
    sheet.words(_with_index(envelope.address, envelope.index), x, y, half, size=12, most=4)
    _boxes(sheet, envelope.index, EDGE, height - EDGE - BOX[1])


def _with_index(address: str, index: str) -> str:
    return address if not index or index in address else f"{index}, {address}"


def _boxes(sheet: Sheet, index: str, x: float, y: float) -> None:
    """Six boxes of points; the digits in strokes, nothing where the index is not known."""
    wide, high = BOX
    sheet.set_line_width(1.0)
    sheet.rect(x, y - 4, wide, 1.2, style="F")
    for place in range(6):
        left = x + place * (wide + GAP)
        corners = [(left + side * wide, y + row * high / 2) for row in range(3) for side in range(2)]
        for at_x, at_y in corners:
            sheet.rect(at_x - 0.2, at_y - 0.2, 0.4, 0.4, style="F")
        if len(index) == 6:
            for stroke in STROKES[index[place]]:
                for begin, end in pairwise(stroke):
                    sheet.line(*corners[int(begin)], *corners[int(end)])
