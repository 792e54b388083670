"""A drawing on a page of PDF: lines stay lines, however large it is printed."""

from typing import Any

from opora.shared.drawing.shapes import PAPER_INKS, Area, Drawing, Strokes, Words

MM_OF_POINT = 0.3528


def draw_on(sheet: Any, drawing: Drawing, *, x: float, y: float, width: float, family: str) -> float:
    """Draw with the left upper corner at ``x``, ``y`` (mm), ``width`` mm wide; return the height taken, mm.

    ``sheet`` is an ``fpdf.FPDF`` in millimetres; ``family`` is a font it has already. Colours, the font and the width
    of lines are put back as they were.
    """
    scale = width / drawing.width
    font = (sheet.font_family, sheet.font_style, sheet.font_size_pt)
    with sheet.local_context(stroke_cap_style="butt"):  # square ends would swell dots and dashes
        for shape in drawing.shapes:
            if isinstance(shape, Area):
                sheet.set_fill_color(PAPER_INKS[shape.ink])
                sheet.polygon([(x + px * scale, y + py * scale) for px, py in shape.points], style="F")
            elif isinstance(shape, Strokes):
                _strokes(sheet, shape, x, y, scale)
            else:
                _words(sheet, shape, x, y, scale, family)
        sheet.set_dash_pattern()
    sheet.set_font(*font)
    return drawing.height * scale


def _strokes(sheet: Any, shape: Strokes, x: float, y: float, scale: float) -> None:
    sheet.set_draw_color(PAPER_INKS[shape.ink])
    sheet.set_line_width(shape.width * scale)
    dash, gap = (shape.dash[0] * scale, shape.dash[1] * scale) if shape.dash else (0, 0)
    sheet.set_dash_pattern(dash=dash, gap=gap)
    for line in shape.lines:
        sheet.polyline([(x + px * scale, y + py * scale) for px, py in line])


def _words(sheet: Any, shape: Words, x: float, y: float, scale: float, family: str) -> None:
    sheet.set_font(family, "", shape.size * scale / MM_OF_POINT)
    sheet.set_text_color(PAPER_INKS[shape.ink])
    left = x + shape.at[0] * scale
    long = sheet.get_string_width(shape.text) if shape.anchor != "start" else 0
    sheet.text(left - long * {"start": 0, "middle": 0.5, "end": 1}[shape.anchor], y + shape.at[1] * scale, shape.text)
