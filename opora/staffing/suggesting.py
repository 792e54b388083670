"""Which shifts cover the need with the fewest paid hours, by OR-tools. Pure.

A roster is a week of one person: 5/2 — five days of eight hours and two off in a row, 2/2 — twelve hours two days in
four. The hour of beginning and the hour of the break are free; the week goes round, so a night of Sunday serves Monday.
The library is heavy: it is imported when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

HALVES = 48
WEEK = 7 * HALVES
SECONDS = 4.0
GAP = 0.01  # of the hours: nearer the search does not go
PERSON = 0.05  # hours
DAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


@dataclass(frozen=True, slots=True)
class Pattern:
    """``span`` half-hours on the place, a break of ``rest`` of them; source of lengths: Labour Code, art. 91, 108."""

    code: str
    span: int
    rest: int
    breaks: tuple[int, ...]  # half-hours after the beginning
    weeks: tuple[tuple[int, ...], ...]  # working days, 0 is Monday


FIVE_TWO = Pattern(
    "5/2", 18, 2, (6, 8, 10), tuple(tuple((off + 2 + step) % 7 for step in range(5)) for off in range(7))
)
TWO_TWO = Pattern("2/2", 24, 2, (8, 11, 14), ((0, 1, 4, 5), (1, 2, 5, 6), (2, 3, 6), (0, 3, 4)))
PATTERNS = (FIVE_TWO, TWO_TWO)


@dataclass(frozen=True, slots=True, order=True)
class Roster:
    """So many ``people`` work so: half-hours from midnight."""

    code: str
    begins: int
    ends: int
    break_from: int
    break_until: int
    days: tuple[int, ...]
    people: int

    @property
    def hours(self) -> float:
        """Paid hours of all its people in a week."""
        return self.people * len(self.days) * (self.ends - self.begins - self.break_until + self.break_from) / 2

    @property
    def times(self) -> str:
        return f"{_clock(self.begins)}–{_clock(self.ends)}, обед {_clock(self.break_from)}–{_clock(self.break_until)}"

    @property
    def days_off(self) -> str:
        return ", ".join(name for day, name in enumerate(DAYS) if day not in self.days)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``is_best`` — proved that no set of these patterns takes a hundredth fewer hours; else the best found in time."""

    rosters: tuple[Roster, ...]
    there: tuple[tuple[int, ...], ...]
    is_best: bool

    @property
    def people(self) -> int:
        return sum(one.people for one in self.rosters)

    @property
    def hours(self) -> float:
        return sum(one.hours for one in self.rosters)


def suggest(
    need: Sequence[Sequence[int]], patterns: Sequence[Pattern] = PATTERNS, *, seconds: float = SECONDS
) -> Suggestion | None:
    """Return rosters that cover ``need`` (seven days of 48 half-hours); None when nothing was found in the time."""
    flat = [people for day in need for people in day]
    if not any(flat):
        return Suggestion((), ((0,) * HALVES,) * 7, is_best=True)
    from ortools.linear_solver import pywraplp

    rosters = list(_candidates(patterns, need))
    solver = pywraplp.Solver.CreateSolver("SCIP")
    most = max(flat)
    counts = [solver.IntVar(0, most, str(number)) for number in range(len(rosters))]
    covering: list[list[int]] = [[] for _ in range(WEEK)]
    for number, roster in enumerate(rosters):
        for half in _halves(roster):
            covering[half].append(number)
    for half, people in enumerate(flat):
        if people:
            solver.Add(solver.Sum([counts[number] for number in covering[half]]) >= people)
    # A person costs a little more than her hours: of two sets of equal hours the one with fewer people.
    prices = [one.hours + PERSON for one in rosters]
    solver.Minimize(solver.Sum([price * count for price, count in zip(prices, counts, strict=True)]))
    solver.SetTimeLimit(round(seconds * 1000))
    asked = pywraplp.MPSolverParameters()
    asked.SetDoubleParam(pywraplp.MPSolverParameters.RELATIVE_MIP_GAP, GAP)
    state = solver.Solve(asked)
    if state not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    chosen = [
        replace(one, people=round(count.solution_value()))
        for one, count in zip(rosters, counts, strict=True)
        if round(count.solution_value())
    ]
    there = [0] * WEEK
    for roster in chosen:
        for half in _halves(roster):
            there[half] += roster.people
    rows = tuple(tuple(there[day * HALVES : (day + 1) * HALVES]) for day in range(7))
    return Suggestion(tuple(sorted(chosen)), rows, is_best=state == pywraplp.Solver.OPTIMAL)


def _candidates(patterns: Sequence[Pattern], need: Sequence[Sequence[int]]) -> Iterator[Roster]:
    busy = [half for day in need for half, people in enumerate(day) if people]
    first, last = min(busy), max(busy) + 1
    for pattern in patterns:
        # Where the line sleeps nobody begins before it opens or stays on after it closes, unless the day is shorter.
        latest = HALVES - 1 if last - first >= HALVES - 4 else max(first, last - pattern.span)
        for begins in range(first, latest + 1):
            for pause in pattern.breaks:
                for days in pattern.weeks:
                    since = begins + pause
                    yield Roster(pattern.code, begins, begins + pattern.span, since, since + pattern.rest, days, 1)


def _halves(roster: Roster) -> Iterator[int]:
    for day in roster.days:
        for half in range(roster.begins, roster.ends):
            if not roster.break_from <= half < roster.break_until:
                yield (day * HALVES + half) % WEEK


def _clock(half: int) -> str:
    return f"{half // 2 % 24}:{half % 2 * 30:02}"
