"""Where an address must stand on a folded sheet to be seen through the window of an envelope. Pure; millimetres.

The sheet is shorter and narrower than the envelope and slides in it, so only what every position shows is safe.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

A4_WIDTH, A4_HEIGHT = 210.0, 297.0
PADDING = 2.0


class Envelope(TextChoices):
    DL = "dl", "DL (E65), лист втрое"
    C5 = "c5", "C5, лист вдвое"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the sheet, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Shape:
    """An envelope with its window at the lower right, and into how many parts the sheet is folded."""

    width: float
    height: float
    folds: int
    window: Box


# Sizes: GOST R 51506-99. Windows: 45 × 90, 20 from the right and from the lower edge, as they are sold.  # assumed
SHAPES = {
    Envelope.DL: Shape(220, 110, 3, Box(110, 45, 200, 90)),
    Envelope.C5: Shape(229, 162, 2, Box(119, 97, 209, 142)),
}


def address_box(envelope: str) -> Box:
    """Return the part of the first page that the window shows however the sheet lies.

    >>> address_box("dl")
    Box(left=112.0, top=47.0, right=188.0, bottom=77.0)
    """
    shape = SHAPES[Envelope(envelope)]
    aside, down = shape.width - A4_WIDTH, shape.height - A4_HEIGHT / shape.folds
    window = shape.window
    return Box(
        window.left + PADDING,
        window.top + PADDING,
        window.right - aside - PADDING,
        window.bottom - down - PADDING,
    )


def text_top(envelope: str) -> float:
    """Return where the text begins: below the fold, so that the window shows none of it."""
    return A4_HEIGHT / SHAPES[Envelope(envelope)].folds + 6
