"""A drawing as PNG, for DOCX: editors read neither SVG alike nor our own shapes."""

from io import BytesIO
from itertools import pairwise
from typing import Any

from opora.shared.documents import FONTS
from opora.shared.drawing.shapes import PAPER_INKS, Area, Drawing, Point, Strokes, Words

SCALE = 5  # drawn this much larger, then halved: smooth edges, about 215 dots an inch at 165 mm
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def png_of(drawing: Drawing) -> bytes:
    """Return the picture on white, 2.5 pixels to a unit; the same drawing gives the same bytes."""
    from PIL import Image, ImageDraw, ImageFont

    size = round(drawing.width * SCALE / 2) * 2, round(drawing.height * SCALE / 2) * 2
    image = Image.new("RGB", size, PAPER_INKS["paper"])
    pen = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        if isinstance(shape, Area):
            pen.polygon([_at(point) for point in shape.points], fill=PAPER_INKS[shape.ink])
        elif isinstance(shape, Strokes):
            _strokes(pen, shape)
        else:
            font = ImageFont.truetype(str(FONTS / "LiberationSerif-Regular.ttf"), round(shape.size * SCALE))
            _words(pen, shape, font)
    written = BytesIO()
    image.resize((size[0] // 2, size[1] // 2), Image.Resampling.BOX).quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _strokes(pen: Any, shape: Strokes) -> None:
    width = max(1, round(shape.width * SCALE))
    for line in shape.lines:
        for piece in _dashed(line, shape.dash) if shape.dash else [line]:
            pen.line([_at(point) for point in piece], fill=PAPER_INKS[shape.ink], width=width, joint="curve")


def _words(pen: Any, shape: Words, font: Any) -> None:
    pen.text(_at(shape.at), shape.text, fill=PAPER_INKS[shape.ink], font=font, anchor=ANCHORS[shape.anchor])


def _dashed(line: tuple[Point, ...], dash: tuple[float, ...]) -> list[list[Point]]:
    """Cut a line into dashes; the pattern goes on over the corners."""
    pieces: list[list[Point]] = []
    turn, left = 0, dash[0]
    piece = [line[0]]
    for (x, y), (to_x, to_y) in pairwise(line):
        long = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
        done = 0.0
        while long - done > left:
            done += left
            at = (x + (to_x - x) * done / long, y + (to_y - y) * done / long)
            if turn % 2 == 0:
                pieces.append([*piece, at])
            turn += 1
            left, piece = dash[turn % len(dash)], [at]
        left -= long - done
        piece.append((to_x, to_y))
    if turn % 2 == 0 and len(piece) > 1:
        pieces.append(piece)
    return pieces


def _at(point: Point) -> Point:
    return point[0] * SCALE, point[1] * SCALE
