"""What rooms tell one another of a hot line: calls to expect, operators on shift, when it has operators.

    capacity.expect(callbacks)              # informing, in its apps.py
    capacity.expected(insurer.pk, since, until)
    capacity.know_shifts(on_shift)          # staffing
    capacity.on_shift(insurer.pk, since, until)
    capacity.know_usual(usual)              # staffing
    capacity.usual(insurer.pk, since, until)
    capacity.know_hours(open_between)       # telephony
    capacity.hours(insurer.pk, since, until)

Half-hours are named by the moment they begin; times carry a zone. The scope of the caller is the scope of the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

type Expected = Callable[[int, datetime, datetime], Mapping[datetime, float]]
type Span = tuple[datetime, datetime]
type Hours = Callable[[int, datetime, datetime], Sequence[Span] | None]
type OnShift = Callable[[int, datetime, datetime], Mapping[datetime, int]]
type Usual = Callable[[int, datetime, datetime], Mapping[datetime, float]]

_expected: dict[str, Expected] = {}
_on_shift: dict[str, OnShift] = {}
_usual: dict[str, Usual] = {}
_hours: dict[str, Hours] = {}


def expect(source: Expected) -> None:
    """Add a source of calls beyond the usual ones; the same one again replaces itself."""
    _expected[f"{source.__module__}.{source.__qualname__}"] = source


def know_shifts(source: OnShift) -> None:
    """Add who knows the shifts of an organisation."""
    _on_shift[f"{source.__module__}.{source.__qualname__}"] = source


def know_usual(source: Usual) -> None:
    """Add who forecasts the usual calls of an organisation."""
    _usual[f"{source.__module__}.{source.__qualname__}"] = source


def know_hours(source: Hours) -> None:
    """Add who knows hours of lines; it returns None where no line of an organisation has hours of its own."""
    _hours[f"{source.__module__}.{source.__qualname__}"] = source


def hours(organisation: int, since: datetime, until: datetime) -> Sequence[Span] | None:
    """Return when the lines of an organisation have operators, whatever zone; None — as the organisation works."""
    told = (source(organisation, since, until) for source in _hours.values())
    return next((spans for spans in told if spans is not None), None)


def expected(organisation: int, since: datetime, until: datetime) -> dict[datetime, float]:
    """Return calls expected beside the usual ones, by half-hour; a half-hour that is absent has none."""
    found: Counter[datetime] = Counter()
    for source in _expected.values():
        for at, calls in source(organisation, since, until).items():
            found[at] += calls  # type: ignore[assignment]
    return dict(found)


def on_shift(organisation: int, since: datetime, until: datetime) -> dict[datetime, int]:
    """Return operators on shift by half-hour; empty where nobody has entered shifts. An absent half-hour has nobody."""
    found: Counter[datetime] = Counter()
    for source in _on_shift.values():
        found.update(source(organisation, since, until))
    return dict(found)


def usual(organisation: int, since: datetime, until: datetime) -> dict[datetime, float]:
    """Return seconds that usual calls will take of operators, by half-hour; empty where the past is not known."""
    found: Counter[datetime] = Counter()
    for source in _usual.values():
        for at, seconds in source(organisation, since, until).items():
            found[at] += seconds  # type: ignore[assignment]
    return dict(found)
