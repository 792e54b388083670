"""The figures of a period, as a text is written from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from opora.classifiers.words import Channel, Kind


@dataclass(frozen=True, slots=True)
class Count:
    """How many in the period, and in the same days of the year before; ``former`` None — not known.

    ``is_first``: it never happened before; say so only when it is known. Raises ValueError for a negative number.
    """

    now: int
    former: int | None = None
    is_first: bool = False

    def __post_init__(self) -> None:
        if self.now < 0 or (self.former or 0) < 0:
            raise ValueError("a count is never negative")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in two cases: «Территориальный фонд ОМС», «Территориального фонда ОМС»."""

    nominative: str
    genitive: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: a topic, a reason, an organisation. ``parts`` are those of it worth naming apart."""

    name: str
    count: Count
    parts: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints that came in the period, and what was decided in it, whenever they came.

    ``justified`` are of ``decided``; ``settled`` (before court) and ``in_court`` are of ``justified``, None — not
    known; ``pending`` are being considered at the end of the period. A complaint may have several reasons. Raises
    ValueError where a part is larger than its whole.
    """

    received: Count
    decided: Count
    justified: Count
    reasons: tuple[Item, ...] = ()
    settled: int | None = None
    in_court: int | None = None
    pending: int | None = None

    def __post_init__(self) -> None:
        _part("justified", self.justified.now, self.decided.now)
        _part("settled", (self.settled or 0) + (self.in_court or 0), self.justified.now)
        if self.justified.former is not None and self.decided.former is not None:
            _part("justified a year before", self.justified.former, self.decided.former)


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Answers given in the period: how many, how many of them in time, how many at once; days of a written answer."""

    answered: Count
    in_time: Count
    at_once: int | None = None
    mean_days: Decimal | None = None
    former_mean_days: Decimal | None = None

    def __post_init__(self) -> None:
        _part("in time", self.in_time.now, self.answered.now)
        _part("at once", self.at_once or 0, self.answered.now)
        if self.in_time.former is not None and self.answered.former is not None:
            _part("in time a year before", self.in_time.former, self.answered.former)


@dataclass(frozen=True, slots=True)
class Measure:
    """What was done: a word of ``words.MEASURES`` and how much (roubles for money), or a ``sentence`` of one's own."""

    code: str = ""
    amount: Decimal | int = 0
    sentence: str = ""


@dataclass(frozen=True)
class Analysis:
    """Everything the text may tell; what is left out is not mentioned.

    ``since`` and ``until`` are days of the territory, both counted, of one year. ``kinds`` and ``channels`` are keyed
    by our codes; where kinds (channels, topics, performers) do not add up to ``total``, nobody says they do. Raises
    ValueError where they are more than ``total``.
    """

    organisation: Name
    territory: Name
    since: date
    until: date
    total: Count
    kinds: Mapping[Kind, Count] = field(default_factory=dict)
    channels: Mapping[Channel, Count] = field(default_factory=dict)
    oral: Count | None = None
    written: Count | None = None
    topics: tuple[Item, ...] = ()
    by_fund: Count | None = None
    by_insurers: tuple[Item, ...] = ()
    complaints: Complaints | None = None
    timeliness: Timeliness | None = None
    measures: tuple[Measure, ...] = ()

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("a period ends after it begins")
        if self.since.year != self.until.year:
            raise ValueError("a period lies within one year")
        for name, parts in (("kinds", self.kinds.values()), ("channels", self.channels.values())):
            _part(name, sum(count.now for count in parts), self.total.now)
        _part("topics", sum(topic.count.now for topic in self.topics), self.total.now)


def _part(name: str, part: int, whole: int) -> None:
    if part > whole:
        raise ValueError(f"{name}: {part} of {whole}")
