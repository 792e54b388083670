"""Where everything of a chart stands: from a ``Chart`` to shapes, the same for a page, for PDF and for a picture."""

from collections.abc import Iterator, Sequence

from opora.shared.charts import LEVELS, Chart, Series, dresses, number
from opora.shared.drawing.patterns import DASHES, filled, mark
from opora.shared.drawing.scales import Scale, width_of, wrapped
from opora.shared.drawing.shapes import Drawing, Shape, Strokes, Words

WIDTH = 560.0
PLOT = 200.0  # height of an upright plot
SIZE, SMALL = 12.0, 11.0
LINE = 14.0
BAR = 16.0
THICK = 2.0
LEGEND = 22.0
MARKED = 40  # a line of more points is drawn without marks


def draw(chart: Chart, width: float = WIDTH) -> Drawing:
    """Return the drawing without its title and table: those are text, whoever places it writes them."""
    if chart.is_empty:
        return Drawing(width, 3 * LINE, (Words((0, 2 * LINE), "За этот период данных нет", ink="quiet"),))
    shapes, top = _legend(chart, width)
    if chart.kind == "heatmap":
        body, height = _heat(chart, width, top)
    elif chart.is_lying:
        body, height = _lying(chart, width, top)
    else:
        body, height = _upright(chart, width, top)
    return Drawing(width, round(height, 1), (*shapes, *body))


def _legend(chart: Chart, width: float) -> tuple[list[Shape], float]:
    if len(chart.series) < 2 or chart.kind == "heatmap":
        return [], 4.0
    shapes: list[Shape] = []
    x, y = 0.0, 4.0
    for series, (ink, pattern) in zip(chart.series, dresses(chart.series), strict=True):
        long = 28 + width_of(series.name, SIZE)
        if x and x + long > width:
            x, y = 0.0, y + LEGEND
        if chart.kind == "line":
            shapes += [_stroke([(x, y + 7), (x + 20, y + 7)], ink, pattern), mark((x + 10, y + 7), ink, pattern)]
        else:
            shapes += filled(x, y, 20, 14, ink, pattern)
        shapes.append(Words((x + 26, y + 11.5), series.name, size=SIZE))
        x += long + 18
    return shapes, y + LEGEND + 8


def _stroke(points: Sequence[tuple[float, float]], ink: str, pattern: int) -> Strokes:
    return Strokes((tuple(points),), ink, THICK, DASHES[pattern])


def _lying(chart: Chart, width: float, top: float) -> tuple[list[Shape], float]:
    """Bars from the left, names before them, numbers after them."""
    names = min(0.4 * width, max(width_of(name, SIZE) for name in chart.categories) + 4)
    tail = max(width_of(chart.label(s, n), SMALL) for s in chart.series for n in range(len(chart.categories))) + 8
    scale = Scale.over(_ends(chart), names + 10, width - tail)
    shapes: list[Shape] = []
    y = top
    for place, name in enumerate(chart.categories):
        lines = wrapped(name, names, SIZE)
        bars = 1 if chart.kind == "stack" else len(chart.series)
        tall = max(len(lines) * LINE, bars * (BAR + 2))
        first = y + (tall - len(lines) * LINE) / 2 + 11
        shapes += [Words((0, first + n * LINE), line, size=SIZE) for n, line in enumerate(lines)]
        shapes += _bars_of(chart, place, scale, y + (tall - bars * (BAR + 2)) / 2)
        y += tall + 8
    shapes.append(Strokes((((scale.at(0), top - 2), (scale.at(0), y - 4)),), "quiet"))
    return shapes, y + 2


def _bars_of(chart: Chart, place: int, scale: Scale, y: float) -> Iterator[Shape]:
    if chart.kind == "stack":
        ends = []
        for (low, high), (ink, pattern) in zip(_piled(chart, place), dresses(chart.series), strict=True):
            left, right = scale.at(low), scale.at(high)
            ends.append(right)
            if right > left:
                yield from filled(left, y, right - left, BAR, ink, pattern)
        total = sum(float(s.values[place] or 0) for s in chart.series)
        yield Words((max(ends) + 6, y + 12), number(total), size=SMALL)
        return
    for series, (ink, pattern) in zip(chart.series, dresses(chart.series), strict=True):
        left, right = sorted((scale.at(0), scale.at(float(series.values[place] or 0))))
        if right > left:
            yield from filled(left, y, right - left, BAR, ink, pattern)
        yield Words((right + 6, y + 12), chart.label(series, place), size=SMALL)
        y += BAR + 2


def _upright(chart: Chart, width: float, top: float) -> tuple[list[Shape], float]:
    """Bars that stand, or lines, over an axis of names."""
    low = top + 14 + PLOT
    scale = Scale.over(_ends(chart), low, top + 14)
    left = max(width_of(number(tick), SMALL) for tick in scale.ticks) + 8
    band = (width - left) / len(chart.categories)
    shapes: list[Shape] = []
    for tick in scale.ticks:
        y = scale.at(tick)
        shapes.append(Strokes((((left, y), (width, y)),), "quiet" if tick == 0 else "rule"))
        shapes.append(Words((left - 6, y + 4), number(tick), "end", "quiet", SMALL))
    centres = [left + band * (place + 0.5) for place in range(len(chart.categories))]
    shapes += _names_below(chart.categories, centres, band, low + 16)
    shapes += _lines(chart, centres, scale) if chart.kind == "line" else _columns(chart, centres, band, scale)
    return shapes, low + 24


def _names_below(names: Sequence[str], centres: Sequence[float], band: float, y: float) -> Iterator[Shape]:
    every = max(1, -(-int(max(width_of(name, SMALL) for name in names) + 8) // max(1, int(band))))
    for place in range(0, len(names), every):
        yield Words((centres[place], y), names[place], "middle", "quiet", SMALL)


def _columns(chart: Chart, centres: Sequence[float], band: float, scale: Scale) -> Iterator[Shape]:
    inner = min(band * 0.78, 96.0)
    if chart.kind == "stack":
        for place, centre in enumerate(centres):
            for (low, high), (ink, pattern) in zip(_piled(chart, place), dresses(chart.series), strict=True):
                if high > low:
                    x, y = centre - min(inner, 44) / 2, scale.at(high)
                    yield from filled(x, y, min(inner, 44), scale.at(low) - y, ink, pattern)
        return
    each = inner / len(chart.series)
    for order, (series, (ink, pattern)) in enumerate(zip(chart.series, dresses(chart.series), strict=True)):
        for place, value in enumerate(series.values):
            if value is None:
                continue
            x = centres[place] - inner / 2 + each * order
            y, base = sorted((scale.at(float(value)), scale.at(0)))
            if base > y:
                yield from filled(x + 1, y, each - 2, base - y, ink, pattern)
            if width_of(number(value), SMALL) <= each + 4:
                yield Words((x + each / 2, y - 4), number(value), "middle", "text", SMALL)


def _lines(chart: Chart, centres: Sequence[float], scale: Scale) -> Iterator[Shape]:
    for series, (ink, pattern) in zip(chart.series, dresses(chart.series), strict=True):
        for run in _runs(series, centres, scale):
            if len(run) > 1:
                yield _stroke(run, ink, pattern)
            if len(run) == 1 or len(centres) <= MARKED:
                yield from (mark(point, ink, pattern) for point in run)


def _runs(series: Series, centres: Sequence[float], scale: Scale) -> Iterator[list[tuple[float, float]]]:
    """Yield unbroken pieces of a line: a month without a figure leaves a gap, it is not zero."""
    run: list[tuple[float, float]] = []
    for centre, value in zip(centres, series.values, strict=True):
        if value is not None:
            run.append((centre, scale.at(float(value))))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _heat(chart: Chart, width: float, top: float) -> tuple[list[Shape], float]:
    names = min(0.3 * width, max(width_of(series.name, SIZE) for series in chart.series) + 8)
    cell = (width - names) / len(chart.categories)
    tall = 22.0
    centres = [names + cell * (place + 0.5) for place in range(len(chart.categories))]
    shapes: list[Shape] = [*_names_below(chart.categories, centres, cell, top + 12)]
    y = top + 20
    for series, levels in zip(chart.series, chart.levels(), strict=True):
        shapes.append(Words((0, y + 15), wrapped(series.name, names, SIZE, most=1)[0], size=SIZE))
        for place, (value, level) in enumerate(zip(series.values, levels, strict=True)):
            shapes += filled(names + cell * place + 0.5, y + 0.5, cell - 1, tall - 1, f"heat-{level}", 0)
            text = "" if value is None else number(value)
            if text and width_of(text, SMALL) <= cell:
                shapes.append(
                    Words((centres[place], y + 15), text, "middle", "paper" if level == LEVELS else "text", SMALL)
                )
        y += tall
    return shapes, y + 4


def _ends(chart: Chart) -> list[float]:
    if chart.kind == "stack":
        return [end for place in range(len(chart.categories)) for pair in _piled(chart, place) for end in pair]
    return [float(value) for series in chart.series for value in series.values if value is not None]


def _piled(chart: Chart, place: int) -> list[tuple[float, float]]:
    """Return from where to where each series of a pile reaches; what is below zero is piled downwards."""
    up = down = 0.0
    reach = []
    for series in chart.series:
        value = float(series.values[place] or 0)
        if value >= 0:
            reach.append((up, up + value))
            up += value
        else:
            reach.append((down + value, down))
            down += value
    return reach
