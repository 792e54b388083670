"""Of what a drawn chart consists: three shapes, in units of a screen pixel, y downwards."""

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]
    ink: str


@dataclass(frozen=True, slots=True)
class Strokes:
    """Lines through points, all of one ink and width; ``dash`` is dash and gap in the same units, nothing for solid."""

    lines: tuple[tuple[Point, ...], ...]
    ink: str
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; the point is on its baseline."""

    at: Point
    text: str
    anchor: Anchor = "start"
    ink: str = "text"
    size: float = 12.0


Shape = Area | Strokes | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in the order they are laid on the sheet."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def box(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


# Colours of paper; on a page the tokens of ``charts.css`` stand in their place.
PAPER_INKS = {
    "1": "#1f6496",
    "2": "#a86400",
    "3": "#2b7a53",
    "4": "#84498c",
    "5": "#0b7a82",
    "6": "#6b6055",
    "former": "#8a95a1",
    "text": "#1c242e",
    "quiet": "#5f6976",
    "rule": "#d5d9de",
    "paper": "#ffffff",
    "heat-0": "#f4f5f6",
    "heat-1": "#dbe8f2",
    "heat-2": "#bfd8e9",
    "heat-3": "#9dc2dd",
    "heat-4": "#79aacd",
    "heat-5": "#1f6496",
}
