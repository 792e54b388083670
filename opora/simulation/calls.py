"""Invented calls to a line: how many a half-hour brings, who answers, how long it takes. Same seed, same calls.

Shares of days and hours are those of the journal; lengths, patience and marks are assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from opora.organisations.hours import Week, opening
from opora.simulation.journal.stream import DAY_OFF, HOURS, WEEKDAYS
from opora.telephony.ports import Kind, PbxEvent

HALF = timedelta(minutes=30)
DAY = timedelta(days=1)
HIDDEN, RETURNS_BY_HIMSELF, TRANSFERRED, HELD, RATED, OVERFLOWS = 0.04, 0.25, 0.05, 0.07, 0.25, 0.02
SHORT = {9, 10, 13}
LEFT = 7  # missed calls, the latest, nobody has called back about yet
CLOSED = 0.1  # of those who would call come while nobody is at work
SPEAKS_TO_SECRETARY, GIVES_UP, HANGS_UP = 0.85, 0.04, 90  # at night; at day; seconds he waits at most
MARKS, MARK_SHARES = (5, 4, 3, 2, 1), (0.72, 0.16, 0.06, 0.03, 0.03)
Fate = Literal["answered", "abandoned", "secretary"]


@dataclass(frozen=True, slots=True)
class Flow:
    """Calls of one line: ``daily`` on an average day, the hours of its operators, their extensions.

    ``neighbours`` are extensions that help out, ``callers`` digits of numbers people call from.
    """

    pbx: str
    line: str
    seed: int
    daily: float
    zone: ZoneInfo
    week: Week
    works: Callable[[date], bool]
    extensions: Sequence[str] = ()
    neighbours: Sequence[str] = ()
    callers: Sequence[str] = ()

    def is_open(self, at: datetime) -> bool:
        return opening(self.week, self.zone, at, works=self.works) == at

    def at_telephone(self, at: datetime) -> list[str]:
        """Return who takes calls at an hour: half of the people, one less when many call or rest; they take turns."""
        local = at.astimezone(self.zone)
        number = max(1, len(self.extensions) // 2 - (local.hour in SHORT))
        turn = local.date().toordinal() + local.hour // 4
        return [self.extensions[(turn + step) % len(self.extensions)] for step in range(number)]

    def counts(self, day: date) -> list[int]:
        """Return how many call in each half-hour of a day."""
        rng = np.random.default_rng([self.seed, day.toordinal()])
        share = WEEKDAYS[day.weekday()] if self.works(day) or day.weekday() > 4 else DAY_OFF
        mean = self.daily * share / (sum(WEEKDAYS) / 7)
        hours = np.repeat(np.array(HOURS) / sum(HOURS) / 2, 2)
        return [int(number) for number in rng.poisson(mean * hours * self._openness(day))]

    def _openness(self, day: date) -> np.ndarray:
        midnight = datetime.combine(day, time(), self.zone)
        return np.array([1.0 if self.is_open(midnight + half * HALF) else CLOSED for half in range(48)])


@dataclass(slots=True)
class Call:
    """One call as it went; ``agents`` in the order they talked, lengths in seconds."""

    name: str
    at: datetime
    caller: str
    fate: Fate
    waited: int
    talked: int = 0
    agents: list[str] = field(default_factory=list)
    score: int = 0
    is_held: bool = False
    is_out: bool = False

    @property
    def answered_at(self) -> datetime:
        return self.at + timedelta(seconds=self.waited)

    @property
    def ended_at(self) -> datetime:
        return self.answered_at + timedelta(seconds=self.talked)

    def facts(self, flow: Flow) -> list[PbxEvent]:
        """Return what an exchange would tell of it, in order."""
        told: list[PbxEvent] = []

        def tell(kind: Kind, at: datetime, agent: str = "", **data: object) -> None:
            caller = self.caller if not told else ""
            line = flow.line if not told else ""
            key = f"{self.name}:{len(told)}"
            told.append(PbxEvent(flow.pbx, key, self.name, kind, at, line, caller, agent, data))

        if self.is_out:
            tell(Kind.ARRIVED, self.at, direction="out")
        else:
            tell(Kind.ARRIVED, self.at)
        if self.fate == "secretary":
            tell(Kind.SECRETARY, self.answered_at)
        elif self.fate == "abandoned":
            tell(Kind.ABANDONED, self.answered_at)
            return told
        else:
            tell(Kind.RINGING, self.answered_at - timedelta(seconds=min(self.waited, 4)), self.agents[0])
            tell(Kind.ANSWERED, self.answered_at, self.agents[0])
            middle = self.answered_at + timedelta(seconds=self.talked // 2)
            if self.is_held:
                tell(Kind.HELD, middle - timedelta(seconds=self.talked // 6))
                tell(Kind.RESUMED, middle)
            for agent in self.agents[1:]:
                tell(Kind.TRANSFERRED, middle, agent, to=agent, warm=True)
                tell(Kind.ANSWERED, middle + timedelta(seconds=5), agent)
        tell(Kind.ENDED, self.ended_at)
        if self.score:
            tell(Kind.RATED, self.ended_at, score=self.score)
        return told


def calls(flow: Flow, since: date, until: datetime) -> list[Call]:
    """Return all calls from the first day to a moment, in order, those back to people who were missed among them."""
    found: list[Call] = []
    busy: dict[str, datetime] = {}
    day = since
    while day <= until.astimezone(flow.zone).date():
        rng = np.random.default_rng([flow.seed, day.toordinal(), 1])
        for number, at in enumerate(_moments(flow, day, rng)):
            call = _one(flow, f"{flow.line}-{day:%Y%m%d}-{number}", at, rng, busy)
            if call.ended_at < until - timedelta(minutes=1):
                found.append(call)
        day += DAY
    return sorted([*found, *_back(flow, found, until)], key=lambda call: call.at)


def _moments(flow: Flow, day: date, rng: np.random.Generator) -> Iterator[datetime]:
    midnight = datetime.combine(day, time(), flow.zone)
    for half, number in enumerate(flow.counts(day)):
        for second in sorted(rng.integers(0, 1800, number).tolist()):
            yield midnight + half * HALF + timedelta(seconds=second)


def _one(flow: Flow, name: str, at: datetime, rng: np.random.Generator, busy: dict[str, datetime]) -> Call:
    caller = "" if rng.random() < HIDDEN else flow.callers[int(rng.integers(len(flow.callers)))]
    if not flow.is_open(at):
        if rng.random() < SPEAKS_TO_SECRETARY:
            return Call(name, at, caller, "secretary", 12, int(rng.integers(8, 45)))
        return Call(name, at, caller, "abandoned", int(rng.integers(5, 30)))
    agent, free_at = _free(flow, at, rng, busy)
    waited = max(int(rng.integers(4, 19)), round((free_at - at).total_seconds()) + 3)
    if waited > HANGS_UP or rng.random() < GIVES_UP:
        return Call(name, at, caller, "abandoned", int(min(rng.exponential(35) + 6, HANGS_UP)))
    call = Call(name, at, caller, "answered", waited, int(min(rng.lognormal(5.1, 0.6) + 15, 1500)), [agent])
    if rng.random() < TRANSFERRED:
        second, _ = _free(flow, call.answered_at, rng, busy)
        call.agents += [second] if second != agent else []
    call.is_held = len(call.agents) == 1 and rng.random() < HELD
    if rng.random() < RATED:
        call.score = int(rng.choice(MARKS, p=MARK_SHARES))
    for one in call.agents:
        busy[one] = call.ended_at + timedelta(seconds=int(rng.integers(15, 60)))
    return call


def _free(flow: Flow, at: datetime, rng: np.random.Generator, busy: dict[str, datetime]) -> tuple[str, datetime]:
    """Return who takes the call and from when she can: somebody free, else who is free first."""
    if flow.neighbours and rng.random() < OVERFLOWS:
        return flow.neighbours[int(rng.integers(len(flow.neighbours)))], at
    there = flow.at_telephone(at)
    free = [one for one in there if busy.get(one, at) <= at]
    if free:
        return free[int(rng.integers(len(free)))], at
    first = min(there, key=lambda one: busy[one])
    return first, busy[first]


def _back(flow: Flow, found: Sequence[Call], until: datetime) -> Iterator[Call]:
    """Yield what followed a call that was missed: he gets through himself, or we call him within the hour."""
    missed = [call for call in found if call.fate != "answered" and call.caller]
    for call in missed[:-LEFT]:
        rng = np.random.default_rng([flow.seed, int(call.at.timestamp())])
        opens = opening(flow.week, flow.zone, call.ended_at, works=flow.works)
        at = (opens or until) + timedelta(minutes=int(rng.integers(4, 50)))
        if at > until - HALF:
            continue
        agent = flow.extensions[int(rng.integers(len(flow.extensions)))]
        talked, is_out = int(rng.integers(60, 300)), rng.random() > RETURNS_BY_HIMSELF
        yield Call(f"{call.name}-back", at, call.caller, "answered", 9, talked, [agent], is_out=is_out)
