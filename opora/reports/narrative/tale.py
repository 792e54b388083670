"""What every section needs: the figures, how the two periods are called, the voice; and lines of lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from opora.reports.narrative.analysis import Analysis, Count, Item
from opora.reports.narrative.change import MOVES, short, trend
from opora.reports.narrative.dates import Called, year_before
from opora.reports.narrative.grammar import Voice, tidy
from opora.reports.narrative.numbers import amount, shares_said
from opora.shared.typography import NBSP

DASH = f"{NBSP}— "


@dataclass
class Tale:
    """One text while it is written."""

    analysis: Analysis
    now: Called = field(init=False)
    former: Called = field(init=False)
    voice: Voice = field(default_factory=Voice)

    def __post_init__(self) -> None:
        since, until = self.analysis.since, self.analysis.until
        self.now = Called.of(since, until)
        self.former = Called.of(year_before(since), year_before(until), is_former=True)

    @property
    def compares(self) -> bool:
        """Whether the year before is known."""
        return self.analysis.total.former is not None

    @property
    def is_small(self) -> bool:
        """Whether the whole is too small for per cents."""
        return not any(shares_said([self.analysis.total.now], self.analysis.total.now))


Named = tuple[str, Count]


def largest_first(items: Iterable[Named]) -> list[Named]:
    """Return items that were or had been, largest first; equal ones keep their order."""
    return sorted((item for item in items if item[1].now or item[1].former), key=lambda item: -item[1].now)


def lines(items: Sequence[Named], whole: int) -> tuple[str, ...]:
    """Return lines of a list: «консультации — 54 211 (84,4 %), на 5,8 % больше»."""
    shares = shares_said([count.now for _, count in items], whole)
    return tuple(line(name, count, share) for (name, count), share in zip(items, shares, strict=True))


def line(name: str, count: Count, share: str) -> str:
    many = amount(count.now) if count.now else "нет"
    in_brackets = f" ({share})" if share and count.now else ""
    change = short(count)
    return f"{name}{DASH}{many}{in_brackets}{f', {change}' if change else ''}"


def leader(items: Sequence[Named]) -> Named | None:
    """Return the largest item, if nobody shares its place and it is more than a single appeal."""
    positive = [item for item in items if item[1].now]
    if not positive or positive[0][1].now == 1:
        return None
    return None if len(positive) > 1 and positive[1][1].now == positive[0][1].now else positive[0]


def movers(items: Sequence[Named]) -> tuple[Named | None, Named | None]:
    """Return whose number has grown most and whose has fallen most, in pieces; None where no one may be named.

    Nobody is named where a year before is not known, where two moved alike, or where the change is not to be told in
    per cents: «больше всего» must be true of all.
    """
    gaps = [(count.now - count.former, (name, count)) for name, count in items if count.former is not None]
    if len(gaps) < len(items):
        return None, None
    return _alone([gap for gap in gaps if gap[0] > 0]), _alone([(-gap, item) for gap, item in gaps if gap < 0])


def _alone(gaps: list[tuple[int, Named]]) -> Named | None:
    largest = max((gap for gap, _ in gaps), default=0)
    first = [item for gap, item in gaps if gap == largest]
    return first[0] if len(first) == 1 and trend(first[0][1]) in MOVES else None


def named(items: Iterable[Item]) -> list[Named]:
    return [(tidy(item.name), item.count) for item in items]
