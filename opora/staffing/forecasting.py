"""Calls of a coming week by half-hour, from the past of the line. Pure.

A day is forecast by the mean of the last eight days like it: the same weekday that worked as usual, or — for a day off
that is no weekend — days off of the calendar, Sundays where there are too few. The season: what the same weeks of last
year brought against the eight weeks before them. The error is what the same rule would have missed on weeks held back.
Days are local; a day has 48 half-hours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HALVES = 48
LIKE = 8  # days a profile is made of
FEW = 3  # days off of the calendar: fewer are filled up with Sundays
HELD_BACK = 4  # weeks
YEAR = timedelta(weeks=52)
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
REACH = timedelta(weeks=60)  # how far back profiles look: eight holidays are most of a year
STEADY = (0.5, 2.0)  # a season is never believed beyond these

type Past = Mapping[date, Sequence[float]]  # calls of each half-hour; a day that is absent was not counted


@dataclass(frozen=True, slots=True)
class Forecast:
    """Calls of seven days from ``monday``; ``season`` is the factor, 1 where last year is not known.

    ``days_like`` says how many days each forecast day stands on; 0 — nothing is known of such days.
    """

    monday: date
    days: tuple[tuple[float, ...], ...]
    season: float
    days_like: tuple[int, ...]

    @property
    def is_known(self) -> bool:
        return any(self.days_like)


@dataclass(frozen=True, slots=True)
class Missed:
    """The error on weeks held back: shares of calls. ``by_half`` and ``by_day`` are WAPE (absolute misses together by
    calls together), ``mape_by_day`` the mean miss of a day that had calls."""

    weeks: int
    by_half: float
    by_day: float
    mape_by_day: float


def forecast(past: Past, monday: date, kind: Callable[[date], str], *, known_until: date | None = None) -> Forecast:
    """Forecast the week of ``monday`` from days before ``known_until`` (not included; the Monday itself by default).

    ``kind`` tells how a day stands in the production calendar: equal kinds are like days.
    """
    until = min(known_until or monday, monday)
    season = _season(past, monday, until)
    days, like = [], []
    for step in range(7):
        chosen = _days_like(past, monday + step * DAY, until, kind)
        like.append(len(chosen))
        days.append(tuple(_mean([past[day][half] for day in chosen]) * season for half in range(HALVES)))
    return Forecast(monday, tuple(days), season, tuple(like))


def missed(past: Past, last_monday: date, kind: Callable[[date], str], weeks: int = HELD_BACK) -> Missed | None:
    """Return the error on the ``weeks`` before ``last_monday``, each forecast from what was before it."""
    off_half = off_day = calls = 0.0
    shares: list[float] = []
    used = 0
    for back in range(1, weeks + 1):
        monday = last_monday - back * WEEK
        told = forecast(past, monday, kind)
        if not all(told.days_like):
            continue
        used += 1
        for step in range(7):
            was = past.get(monday + step * DAY, (0.0,) * HALVES)
            off_half += sum(abs(a - b) for a, b in zip(was, told.days[step], strict=True))
            day_off = abs(sum(was) - sum(told.days[step]))
            off_day += day_off
            calls += sum(was)
            if sum(was):
                shares.append(day_off / sum(was))
    return Missed(used, off_half / calls, off_day / calls, _mean(shares)) if calls else None


def _days_like(past: Past, day: date, until: date, kind: Callable[[date], str]) -> list[date]:
    wanted, weekday = kind(day), day.weekday()
    is_off = wanted not in {"working", "weekend"}
    found: list[date] = []
    sundays: list[date] = []
    near = until - DAY
    while near >= until - REACH and len(found) < LIKE:
        if near in past:
            same = kind(near) == wanted and (is_off or near.weekday() == weekday)
            if same:
                found.append(near)
            elif is_off and near.weekday() == 6 and len(sundays) < LIKE:
                sundays.append(near)
        near -= DAY
    if is_off and len(found) < FEW:
        return [*found, *sundays[: LIKE - len(found)]]
    return found or _of_kind(past, wanted, until, kind)


def _of_kind(past: Past, wanted: str, until: date, kind: Callable[[date], str]) -> list[date]:
    """Days of the kind on any weekday: for a Saturday that works there is hardly another."""
    near = (until - step * DAY for step in range(1, LIKE * 7))
    return [day for day in near if day in past and kind(day) == wanted][:LIKE]


def _season(past: Past, monday: date, until: date) -> float:
    """What the same week of last year brought against the weeks before it that stand where our profile stands."""
    then = monday - YEAR
    week = _a_day(past, then - WEEK, then + 2 * WEEK)  # three weeks: one alone is mostly chance
    before = _a_day(past, until - YEAR - LIKE * WEEK, until - YEAR)
    if week is None or before is None or before == 0:
        return 1.0
    return min(STEADY[1], max(STEADY[0], week / before))


def _a_day(past: Past, since: date, until: date) -> float | None:
    """Calls a day over whole weeks; None when a day of them is not known."""
    days = [since + step * DAY for step in range((until - since).days)]
    if not days or any(day not in past for day in days):
        return None
    return _mean([sum(past[day]) for day in days])


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0
