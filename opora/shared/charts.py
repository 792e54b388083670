"""A chart as data: what is drawn on a page, on paper and without a script, and written as a table each time.

    chart = Chart("bar", "Обращения по видам", "обращений", ["Жалобы", "Консультации"], [Series("2025", [12, 5214])])
    {% chart chart %}           # a page: docs/ui.md
    drawing.svg(chart)          # opora.shared.drawing: SVG, PNG, a sheet of fpdf2

Words: category (what stands along the axis), series (one set of numbers), former (the same period of last year). Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from opora.shared.shares import shares
from opora.shared.typography import thousands

Kind = Literal["bar", "line", "stack", "share", "heatmap"]
KINDS: tuple[Kind, ...] = ("bar", "line", "stack", "share", "heatmap")
LONG_NAME = 14  # longer names do not stand under a bar: the bars lie down
SHORT_NAME = 5
ROOM_FOR_NAMES = 75  # letters under a plot
LEVELS = 5  # of a heatmap, beside «nothing»
INKS = 6  # colours; the seventh series has the first colour and another pattern
FORMER_PATTERN = 1
PATTERNS = (
    0,
    2,
    3,
    4,
    5,
)  # plain, dots, level lines, other diagonal, upright lines: ``drawing.patterns``, ``chart-option.js``
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Series:
    """One set of numbers, as long as the categories; None where there is no figure.

    ``former`` is paler and hatched: the same period of last year. ``links`` are addresses of this program («/…» or
    «?…», empty for none): a click on the point, and the number in the table, open them.
    """

    name: str
    values: Sequence[float | Decimal | None]
    former: bool = False
    links: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure of a report.

    ``bar`` compares, ``line`` follows time, ``stack`` adds series up, ``share`` divides a whole (its series are
    counts; the share is counted here), ``heatmap`` lays series (rows) over categories (columns). ``unit`` is written
    under the title: «обращений», «%». Raises ValueError when series and categories differ in length, or a link leads
    outside.
    """

    kind: Kind
    title: str
    unit: str
    categories: Sequence[str]
    series: Sequence[Series]
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind == "share" and any(v is not None and v < 0 for one in self.series for v in one.values):
            raise ValueError("a part of a whole is never negative")
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of chart: {self.kind}")
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(f"{series.name}: {len(series.values)} values for {len(self.categories)} categories")
            if series.links and len(series.links) != len(self.categories):
                raise ValueError(f"{series.name}: {len(series.links)} links for {len(self.categories)} categories")
            if any(link and not _is_ours(link) for link in series.links):
                raise ValueError(f"{series.name}: a link leads outside")

    @property
    def is_empty(self) -> bool:
        """Whether there is no number at all."""
        return all(value is None for series in self.series for value in series.values)

    @property
    def is_lying(self) -> bool:
        """Whether bars lie: names are too long to stand under them all. Short ones (months, hours) may be left out.

        >>> Chart("bar", "", "", ["Май"], []).is_lying, Chart("share", "", "", ["Май"], []).is_lying
        (False, True)
        """
        longest = max((len(name) for name in self.categories), default=0)
        crowded = longest > SHORT_NAME and longest * len(self.categories) > ROOM_FOR_NAMES
        return self.kind == "share" or (self.kind in {"bar", "stack"} and (longest > LONG_NAME or crowded))

    @property
    def caption(self) -> str:
        return f"{self.title}, {self.unit}" if self.unit else self.title

    def shares(self, series: Series) -> list[float | None]:
        """Return per cents of the whole, to one decimal, 100 in all; None where there is no figure or no whole.

        >>> one = Series("2025", [1, 3, None])
        >>> Chart("share", "", "", ["а", "б", "в"], [one]).shares(one)
        [25.0, 75.0, None]
        """
        known = [value for value in series.values if value is not None]
        if not any(known):
            return [None] * len(series.values)
        parts = iter(shares(known))
        return [None if value is None else float(next(parts)) for value in series.values]

    def label(self, series: Series, place: int) -> str:
        """Return what is written beside a point: the number, in a ``share`` with its per cent."""
        value = series.values[place]
        if value is None:
            return NOTHING
        share = self.shares(series)[place] if self.kind == "share" else None
        return number(value) if share is None else f"{number(value)} · {number(share)} %"

    def levels(self) -> list[list[int]]:
        """Return how dark each cell of a heatmap is: 0 for none or zero, then 1 to 5 in equal steps to the largest.

        >>> two_days = [Series("пн", [0, 1, 50]), Series("вт", [None, 25, 100])]
        >>> Chart("heatmap", "", "", ["8", "9", "10"], two_days).levels()
        [[0, 1, 3], [0, 2, 5]]
        """
        largest = max((float(v) for s in self.series for v in s.values if v is not None), default=0)
        return [[level(value, largest) for value in series.values] for series in self.series]

    @property
    def table(self) -> "Table":
        """The same numbers as rows and columns: categories down, series across; a heatmap keeps its shape."""
        if self.kind == "heatmap":
            names = self.categories
            rows = [
                (series.name, [_cell(series, place, step) for place, step in enumerate(levels)])
                for series, levels in zip(self.series, self.levels(), strict=True)
            ]
            return Table(list(names), rows)
        rows = [
            (name, [cell for series in self.series for cell in self._cells(series, place)])
            for place, name in enumerate(self.categories)
        ]
        return Table([head for series in self.series for head in self._heads(series)], rows)

    def _heads(self, series: Series) -> list[str]:
        return [series.name, f"{series.name}, %"] if self.kind == "share" else [series.name]

    def _cells(self, series: Series, place: int) -> list["Cell"]:
        cells = [_cell(series, place)]
        if self.kind == "share":
            share = self.shares(series)[place]
            cells.append(Cell(NOTHING if share is None else number(share)))
        return cells

    def spec(self) -> dict[str, Any]:
        """Return what the script of the page draws from; every decision is made here."""
        return {
            "kind": self.kind,
            "lying": self.is_lying,
            "title": self.caption,
            "categories": list(self.categories),
            "series": [
                {
                    "name": series.name,
                    "former": series.former,
                    "ink": ink,
                    "pattern": pattern,
                    "values": [None if value is None else float(value) for value in series.values],
                    "labels": [self.label(series, place) for place in range(len(self.categories))],
                    "links": list(series.links),
                }
                for series, (ink, pattern) in zip(self.series, dresses(self.series), strict=True)
            ],
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the table as it is written; ``level`` is how dark, in a heatmap."""

    text: str
    link: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The chart in figures: names of columns; rows of a name and its cells."""

    heads: list[str]
    rows: list[tuple[str, list[Cell]]]


def _cell(series: Series, place: int, level: int | None = None) -> Cell:
    value = series.values[place]
    return Cell(NOTHING if value is None else number(value), series.links[place] if series.links else "", level)


def number(value: float | Decimal) -> str:
    """Return a number as a chart writes it: «12 345,6», at most two decimals.

    >>> number(12345.678).replace(chr(0x202F), "_"), number(3.0), number(Decimal("2.50"))
    ('12_345,68', '3', '2,5')
    """
    return thousands(round(float(value), 2))


def level(value: float | Decimal | None, largest: float) -> int:
    if value is None or value <= 0 or largest <= 0:
        return 0
    return min(LEVELS, 1 + int(LEVELS * float(value) / largest))


def dresses(series: Sequence[Series]) -> Iterator[tuple[str, int]]:
    """Yield the ink and the pattern of each series: no two of thirty are the same; the hatch belongs to the former.

    >>> list(dresses([Series("2025", []), Series("2024", [], former=True), Series("план", [])]))
    [('1', 0), ('former', 1), ('2', 2)]
    """
    place = 0
    for one in series:
        if one.former:
            yield "former", FORMER_PATTERN
        else:
            yield str(place % INKS + 1), PATTERNS[place % len(PATTERNS)]
            place += 1


def _is_ours(link: str) -> bool:
    return link.startswith("?") or (link.startswith("/") and not link.startswith(("//", "/\\")))
