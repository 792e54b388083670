"""What tells series apart without colour: patterns on bars, shapes of points, dashes of lines."""

from collections.abc import Iterator
from math import cos, pi, sin

from opora.shared.drawing.shapes import Area, Point, Shape, Strokes, box

GAP = 7.0
WIDTH = 1.4
DOT = 2.0
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 4), (2, 3), (10, 4), (10, 3, 2, 3), (4, 2))


def filled(x: float, y: float, width: float, height: float, ink: str, pattern: int) -> Iterator[Shape]:
    """Yield a bar: its colour, and over it a pattern in the colour of paper."""
    yield Area(box(x, y, width, height), ink)
    lines = tuple(_dots(x, y, width, height) if pattern == 2 else _lines(x, y, width, height, pattern))
    if lines:
        yield Strokes(lines, "paper", DOT if pattern == 2 else WIDTH)


def mark(at: Point, ink: str, pattern: int) -> Area:
    """Return the shape of a point on a line: circle, square, triangle, diamond — another one for each pattern."""
    sides, turn = ((16, 0.0), (4, pi / 4), (3, -pi / 2), (4, 0.0), (3, pi / 2), (6, 0.0))[pattern]
    size = 4.0 if sides > 4 else 5.0
    return Area(
        tuple(
            (at[0] + size * cos(turn + 2 * pi * n / sides), at[1] + size * sin(turn + 2 * pi * n / sides))
            for n in range(sides)
        ),
        ink,
    )


def _lines(x: float, y: float, width: float, height: float, pattern: int) -> Iterator[tuple[Point, ...]]:
    if pattern in {1, 4}:
        yield from _diagonals(x, y, width, height, rising=pattern == 1)
    if pattern == 3:
        for at in _steps(height):
            yield (x, y + at), (x + width, y + at)
    if pattern == 5:
        for at in _steps(width):
            yield (x + at, y), (x + at, y + height)


def _diagonals(x: float, y: float, width: float, height: float, *, rising: bool) -> Iterator[tuple[Point, ...]]:
    """Yield lines at 45°, cut by the box. ``offset`` is where a line meets the left side, measured downwards."""
    for offset in _steps(width + height, GAP * 1.4):
        low, high = max(0.0, offset - height), min(width, offset)
        if high > low:
            ends = [(x + across, y + offset - across) for across in (low, high)]
            yield tuple(ends if rising else [(2 * x + width - px, py) for px, py in ends])


def _dots(x: float, y: float, width: float, height: float) -> Iterator[tuple[Point, ...]]:
    """Yield square dots as strokes as long as they are wide, every other row shifted."""
    for row, down in enumerate(_steps(height)):
        for across in _steps(width):
            at = across + (GAP / 2 if row % 2 else 0)
            if at + DOT / 2 < width and down + DOT / 2 < height:
                yield (x + at - DOT / 2, y + down), (x + at + DOT / 2, y + down)


def _steps(length: float, gap: float = GAP) -> Iterator[float]:
    at = gap / 2
    while at < length:
        yield at
        at += gap
