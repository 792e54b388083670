"""Bars with their intervals as SVG: one question, from zero, direct labels; the table beside says the same. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from opora.surveys.estimates import Share

WIDTH, ROW, LEFT, RIGHT = 680, 30, 250, 60
LONGEST = 32


@dataclass(frozen=True, slots=True)
class Bar:
    """Places are in units of the picture; ``words`` are what stands behind the bar."""

    label: str
    title: str
    words: str
    y: int
    middle: float
    width: float
    low: float
    high: float
    is_good: bool
    before: float | None

    @property
    def text_y(self) -> float:
        return self.middle + 4.5

    @property
    def label_x(self) -> float:
        return self.high + 8


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    width: int
    height: int
    left: int
    ticks: list[tuple[float, str]]


def chart(rows: list[tuple[str, Share, bool, Share | None]]) -> Chart:
    """Return the bars of ``(label, share, is good, share before)``."""
    room = WIDTH - LEFT - RIGHT

    def at(share: float) -> float:
        return round(LEFT + room * share, 1)

    bars = [
        Bar(
            label=label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…",
            title=label,
            words=f"{percent(share.value)} %",
            y=place * ROW + 6,
            middle=place * ROW + ROW / 2,
            width=round(room * share.value, 1),
            low=at(share.low),
            high=at(share.high),
            is_good=is_good,
            before=at(before.value) if before else None,
        )
        for place, (label, share, is_good, before) in enumerate(rows)
    ]
    ticks = [(at(part / 4), f"{part * 25} %") for part in range(5)]
    return Chart(bars, WIDTH, len(rows) * ROW + 18, LEFT, ticks)


def percent(share: float) -> str:
    """
    >>> percent(0.8449), percent(1)
    ('84,5', '100')
    """
    return f"{share * 100:.1f}".replace(".", ",").removesuffix(",0")
