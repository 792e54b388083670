"""A drawing as SVG: shapes with classes, so that the page gives them the colours of its theme."""

from html import escape

from opora.shared.drawing.shapes import PAPER_INKS, Area, Drawing, Shape, Strokes


def svg_of(drawing: Drawing) -> str:
    """Return one ``<svg>`` without identifiers, scripts or style attributes; a reader of the screen passes it by."""
    size = f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" width="{_n(drawing.width)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} height="{_n(drawing.height)}" aria-hidden="true">'
    return head + "".join(_shape(shape) for shape in drawing.shapes) + "</svg>"


def _shape(shape: Shape) -> str:
    if isinstance(shape, Area):
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
        return f'<polygon class="fill-{shape.ink}" fill="{PAPER_INKS[shape.ink]}" points="{points}"/>'
    if isinstance(shape, Strokes):
        return _strokes(shape)
    x, y = shape.at
    return (
        f'<text class="fill-{shape.ink}" fill="{PAPER_INKS[shape.ink]}" x="{_n(x)}" y="{_n(y)}"'
        f' font-size="{_n(shape.size)}" text-anchor="{shape.anchor}">{escape(shape.text)}</text>'
    )


def _strokes(shape: Strokes) -> str:
    path = "".join("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in line) for line in shape.lines)
    dash = f' stroke-dasharray="{" ".join(_n(part) for part in shape.dash)}"' if shape.dash else ""
    return (
        f'<path class="stroke-{shape.ink}" stroke="{PAPER_INKS[shape.ink]}" fill="none"'
        f' stroke-width="{_n(shape.width)}"{dash} d="{path}"/>'
    )


def _n(number: float) -> str:
    """Return a coordinate to a tenth of a pixel.

    >>> _n(12.0), _n(3.14159), _n(-0.01)
    ('12', '3.1', '0')
    """
    return f"{round(number, 1) + 0:g}"
