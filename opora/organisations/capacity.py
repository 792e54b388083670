"""What rooms of one floor tell one another of a hot line: calls to expect, operators on shift.

    capacity.expect(callbacks)              # informing, in its apps.py
    capacity.expected(insurer.pk, since, until)
    capacity.know_shifts(on_shift)          # staffing
    capacity.on_shift(insurer.pk, since, until)

Half-hours are named by the moment they begin; times carry a zone. The scope of the caller is the scope of the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

type Expected = Callable[[int, datetime, datetime], Mapping[datetime, float]]
type OnShift = Callable[[int, datetime, datetime], Mapping[datetime, int]]

_expected: dict[str, Expected] = {}
_on_shift: dict[str, OnShift] = {}


def expect(source: Expected) -> None:
    """Add a source of calls beyond the usual ones; the same one again replaces itself."""
    _expected[f"{source.__module__}.{source.__qualname__}"] = source


def know_shifts(source: OnShift) -> None:
    """Add who knows the shifts of an organisation."""
    _on_shift[f"{source.__module__}.{source.__qualname__}"] = source


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
