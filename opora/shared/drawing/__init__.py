"""Charts drawn by the server: for a page without a script, for PDF and for DOCX.

    drawing.svg(chart)                                        # a page; takes the colours of the theme by classes
    drawing.on_sheet(sheet, chart, x=30, y=80, width=165)     # a page of fpdf2, vector; returns the height, mm
    drawing.png(chart)                                        # for python-docx, which has no charts of its own

One layout (``layout.draw``) gives shapes, three files write them down. Modest on purpose: no title and no table, the
document around has them as text.
"""

from typing import Any

from opora.shared.charts import Chart
from opora.shared.drawing.layout import draw
from opora.shared.drawing.vector import svg_of

__all__ = ["draw", "on_sheet", "png", "svg"]


def svg(chart: Chart) -> str:
    """Return ``<svg>`` for a page: safe, texts are escaped."""
    return svg_of(draw(chart))


def png(chart: Chart) -> bytes:
    """Return a picture 1400 pixels wide; the library is loaded with the first one."""
    from opora.shared.drawing.picture import png_of

    return png_of(draw(chart))


def on_sheet(sheet: Any, chart: Chart, *, x: float, y: float, width: float, family: str = "LiberationSerif") -> float:
    """Draw on a page of ``fpdf.FPDF``, millimetres; return the height taken."""
    from opora.shared.drawing.paper import draw_on

    return draw_on(sheet, draw(chart), x=x, y=y, width=width, family=family)
