"""A page of our own: the font of the house inside the file, no name and no moment in its properties."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fpdf import FPDF

from opora.shared.documents import FONTS
from opora.shared.documents.letter import clean

SERIF = "LiberationSerif"
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)
POINT = 0.3528  # millimetres


class Sheet(FPDF):
    """A page of any size without automatic breaks. ``size`` is width × height."""

    def __init__(self, size: tuple[float, float]) -> None:
        super().__init__(orientation="portrait", unit="mm", format=size)
        self.add_font(SERIF, "", FONTS / "LiberationSerif-Regular.ttf")
        self.add_font(SERIF, "B", FONTS / "LiberationSerif-Bold.ttf")
        self.set_margins(0, 0, 0)
        self.set_auto_page_break(auto=False)
        self.set_creation_date(MADE_AT)
        self.set_producer("Opora")
        self.set_lang("ru-RU")
        self.set_font(SERIF, size=10)

    def words(
        self, text: str, x: float, y: float, width: float, *, size: float = 10, bold: bool = False, most: int = 1
    ) -> float:
        """Write a text in at most ``most`` lines of ``width``; what does not fit is cut. Returns y under it."""
        self.set_font(SERIF, "B" if bold else "", size)
        height = size * POINT * 1.2
        lines: Any = self.multi_cell(width, height, clean(text), dry_run=True, output="LINES") if text else []
        for line in lines[:most]:
            self.set_xy(x, y)
            self.cell(width, height, str(line))
            y += height
        return y

    def square_code(self, text: str, x: float, y: float, side: float) -> None:
        """Draw a square code of ``text`` (QR)."""
        matrix = _matrix(text)
        step = side / len(matrix)
        for row, line in enumerate(matrix):
            for column, is_dark in enumerate(line):
                if is_dark:
                    self.rect(x + column * step, y + row * step, step, step, style="F")


def _matrix(text: str) -> list[list[Any]]:
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return list(code.get_matrix())
