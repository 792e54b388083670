"""When a wave may go: hours of allowed days, so many touches in each. Pure.

The hour is in the person's own clock; the claim query looks at his hours again, so an hour is a promise not to be
earlier, never a promise to be on time. Allowed hours: ``opora.insured.reach`` and its source.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from opora.informing.errors import LimitsRefused
from opora.informing.words import Channel, Lane
from opora.shared import erlang

DAY = timedelta(days=1)
UNLIMITED = 0
LONGEST = 366
URGENT_HOURS = (8, 22)  # of every day, weekends too  # assumed: what ``insured.reach`` allows for calls on working days
BITS = 1e-6  # lost by halves of bits: a third of an hour of thirty is ten


@dataclass(frozen=True, slots=True)
class Taken:
    """What other waves take of the operators in an hour: ``calls`` back, as long as ours, and ``talks`` — operators who
    do nothing but phone."""

    calls: float = 0.0
    talks: float = 0.0


FREE = Taken()

type Shifts = Mapping[date, Sequence[int]]  # operators in each of the 24 hours; a day that is absent has no shifts


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised to other waves: of ``operators`` in each of the 24 hours of a day, of ``clinics`` by day — how
    many are invited into each."""

    operators: Mapping[date, Sequence[Taken]] = field(default_factory=dict)
    clinics: Mapping[date, Mapping[int, int]] = field(default_factory=dict)


NOTHING = Promised()
NOBODY = (0,) * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Пределы кампании; 0 — without a limit.

    ``per_day`` touches of the campaign, ``per_clinic_day`` invited into one clinic, ``cap_days`` between two touches of
    a person over all campaigns, ``opens`` … ``closes`` hours of the person's clock, ``operators`` on shift for the
    call-backs of a ``callback_percent`` of recipients, each of ``talk_seconds``, ``longest`` segments of a text. Of the
    call list each touch is a talk of theirs, unless it has ``own_callers``; ``by_phone`` comes from the rung.
    """

    per_day: int = 0
    per_clinic_day: int = 0
    cap_days: int = 7
    weekends: bool = False
    opens: int = 9
    closes: int = 20
    operators: int = 0
    callback_percent: int = 5
    talk_seconds: int = 180
    own_callers: bool = False
    one_per_number: bool = False
    longest: int = 6
    by_phone: bool = False

    @classmethod
    def read(cls, given: Mapping[str, Any], lane: str = Lane.BULK, channel: str = "") -> Limits:
        """Return the limits of a campaign; the urgent lane has hours of its own. Raises LimitsRefused in words."""
        known = {one.name for one in fields(cls)} - {"by_phone"}
        if strange := sorted(set(given) - known):
            raise LimitsRefused(f"Такого предела нет: {', '.join(strange)}.")
        for name, value in given.items():
            if not isinstance(value, int) or value < 0:
                raise LimitsRefused(f"Предел «{name}» — целое число не меньше нуля.")
        found = cls(**given, by_phone=channel == Channel.CALL)
        if not 0 <= found.opens < found.closes <= 24:
            raise LimitsRefused("Часы: начало раньше конца, от 0 до 24.")
        if found.callback_percent > 100:
            raise LimitsRefused("Доля перезвонивших — от 0 до 100.")
        if lane == Lane.URGENT:
            return replace(found, opens=URGENT_HOURS[0], closes=URGENT_HOURS[1], weekends=True)
        return found

    @property
    def hours(self) -> int:
        return self.closes - self.opens

    @property
    def a_day(self) -> int:
        """Touches of a whole day: the smaller of its own limit and what operators answer when people call back; 0 —
        without a limit."""
        return min(
            filter(None, (self.per_day, self.answered_in_an_hour(self.operators) * self.hours)), default=UNLIMITED
        )

    @property
    def are_set(self) -> bool:
        return bool(self.a_day or self.per_clinic_day)

    @property
    def take_operators(self) -> bool:
        """Whether touches come to operators of the shift: they phone, or people call back."""
        return not self.own_callers if self.by_phone else bool(self.callback_percent)

    @property
    def taken(self) -> Taken:
        """What one touch an hour takes of the operators."""
        if not self.take_operators:
            return FREE
        return Taken(talks=self.talk_seconds / 3600) if self.by_phone else Taken(calls=self.callback_percent / 100)

    def answered_in_an_hour(self, operators: int) -> int:
        """Touches of an hour that so many operators manage; 0 — without a limit."""
        if not operators or not self.take_operators:
            return UNLIMITED
        return max(1, self.managed_in_an_hour(operators))

    def managed_in_an_hour(self, operators: int, taken: Taken = FREE) -> int:
        """Touches of an hour that so many operators manage beside what is ``taken`` of them; 0 — none.

        Who phones talks all the time; those who call back are answered in time by the others (Erlang C).
        """
        if self.by_phone:
            left = operators - taken.talks - erlang.operators_needed(taken.calls, self.talk_seconds)
            return max(0, int(left * 3600 / self.talk_seconds + BITS))
        answer = int(operators - taken.talks + BITS)
        if answer < 1:
            return 0
        calls = erlang.calls_served(answer, self.talk_seconds) - taken.calls
        return max(0, int(calls * 100 / self.callback_percent + BITS))

    def operators_for(self, an_hour: int, taken: Taken = FREE) -> int:
        """Return how many operators so many touches an hour need, those included whom others take."""
        own = self.taken
        calls = erlang.operators_needed(taken.calls + an_hour * own.calls, self.talk_seconds)
        return calls + math.ceil(taken.talks + an_hour * own.talks - BITS)


@dataclass(frozen=True, slots=True)
class Layout:
    """A wave laid over days. ``opens`` of each day in local time, and for how many ``hours``; ``shares[clinic]`` is how
    many of the clinic's people go on each of the days. ``operators`` on shift in its hours, 0 — no shifts; ``taken`` —
    the most that others take of them there.
    """

    opens: tuple[datetime, ...]
    hours: tuple[float, ...]
    shares: Mapping[int, tuple[int, ...]]
    operators: tuple[int, ...] = ()
    taken: tuple[Taken, ...] = ()

    @property
    def ends(self) -> datetime:
        return self.opens[-1] + timedelta(hours=self.hours[-1])

    @property
    def busiest_hour(self) -> int:
        return max(self._an_hour, default=0)

    @property
    def operators_then(self) -> int:
        """Operators on shift on the day of the busiest hour; 0 — not entered."""
        return self.operators[self._busiest_day] if self.operators else 0

    @property
    def taken_then(self) -> Taken:
        """What others take of them on that day."""
        return self.taken[self._busiest_day] if self.taken else FREE

    @property
    def hours_then(self) -> tuple[datetime, datetime]:
        """From when until when touches go on that day, by the clock of the territory."""
        opens = self.opens[self._busiest_day]
        return opens, opens + timedelta(hours=self.hours[self._busiest_day])

    @property
    def _busiest_day(self) -> int:
        """The day of the busiest hour, of several alike the one with most operators."""
        days = zip(self._an_hour, self.operators or [0] * len(self.opens), strict=True)
        return max(enumerate(days), key=lambda day: day[1])[0]

    @property
    def _an_hour(self) -> list[int]:
        by_day = [sum(shares[day] for shares in self.shares.values()) for day in range(len(self.opens))]
        return [math.ceil(people / max(1, hours)) for people, hours in zip(by_day, self.hours, strict=True)]


@dataclass(frozen=True, slots=True)
class Window:
    """When touches of a day go: ``room`` of them, 0 — without a limit."""

    opens: datetime
    hours: float
    room: int
    operators: int = 0
    taken: Taken = FREE


def lay(
    limits: Limits,
    begins: datetime,
    people: Mapping[int, int],
    works: Callable[[date], bool],
    shifts: Shifts | None = None,
    gone: Mapping[int, int] | None = None,
    promised: Promised = NOTHING,
) -> Layout:
    """Lay people of clinics (0 — of none, who has no clinic's day) over days.

    ``begins`` is naive local time, ``works`` tells working days. A day that is not enough for everybody is divided by
    how many of each clinic still wait. A day of ``shifts`` takes what those on shift answer, in the hours they are
    there, instead of ``limits.operators``. ``gone`` went into each clinic on the day of ``begins`` already: a day laid
    twice is still one day. What is ``promised`` to other waves is taken away first.

    Raises LimitsRefused when a wave would last longer than a year.
    """
    gone = gone or {}
    rest = {clinic: count for clinic, count in people.items() if count}
    shares: dict[int, list[int]] = {clinic: [] for clinic in people}
    windows: list[Window] = []
    for day in _days(begins.date(), limits, works):
        first = max(begins, datetime.combine(day, time(limits.opens)))
        others = promised.operators.get(day)
        window = _window(limits, first, (shifts or {}).get(day), others) if first.hour < limits.closes else None
        went = gone if day == begins.date() else {}
        if window is not None and limits.per_day and went:
            left = limits.per_day - sum(went.values())
            window = replace(window, room=min(window.room, left)) if left > 0 else None
        if window is None:
            continue
        into_clinics = Counter(went)
        into_clinics.update(promised.clinics.get(day, {}))
        taken = _share(rest, window.room, limits.per_clinic_day, into_clinics)
        if rest and not any(taken.values()):
            continue
        windows.append(window)
        for clinic, row in shares.items():
            row.append(taken.get(clinic, 0))
        rest = {clinic: count - taken.get(clinic, 0) for clinic, count in rest.items() if count > taken.get(clinic, 0)}
        if not rest:
            return Layout(
                tuple(one.opens for one in windows),
                tuple(one.hours for one in windows),
                {clinic: tuple(row) for clinic, row in shares.items()},
                tuple(one.operators for one in windows),
                tuple(one.taken for one in windows),
            )
    if promised.operators or promised.clinics:
        raise LimitsRefused(
            "Волна не кончится и за год: операторов и дни клиник занимают другие кампании. Приостановите одну из них"
            " или смягчите пределы."
        )
    raise LimitsRefused("С такими пределами волна не кончится и за год: смягчите их.")


def foreseen(entered: Shifts, since: date, works: Callable[[date], bool]) -> Shifts:
    """Return the shifts of the year from a day on, as far as those that are ``entered`` tell.

    After the last of them each day is as the same weekday of their last week: shifts are entered for weeks, a wave may
    take months. On a day off nobody is there unless entered. A working day that nothing tells of is absent.
    """
    if not entered:
        return {}
    last, found = max(entered), {}
    for day in (since + step * DAY for step in range(LONGEST)):
        like = day if day <= last else last - ((last - day).days % 7) * DAY
        if works(day) == works(like) and like in entered:
            found[day] = entered[like]
        elif not works(day):
            found[day] = NOBODY
    return found


def allowed_time(limits: Limits, since: datetime, until: datetime, works: Callable[[date], bool]) -> timedelta:
    """Return how much time between two naive local moments touches might have gone in.

    >>> allowed_time(Limits(), datetime(2026, 3, 6, 19), datetime(2026, 3, 9, 11), lambda day: day.weekday() < 5)
    datetime.timedelta(seconds=10800)
    """
    whole = timedelta()
    for day in _days(since.date(), limits, works):
        if day > until.date():
            break
        midnight = datetime.combine(day, time())
        opens, closes = midnight + timedelta(hours=limits.opens), midnight + timedelta(hours=limits.closes)
        whole += max(timedelta(), min(closes, until) - max(opens, since))
    return whole


def _window(
    limits: Limits, first: datetime, operators: Sequence[int] | None, others: Sequence[Taken] | None
) -> Window | None:
    """Return the hours of a day in which most touches may go; None — nobody is free in any of them.

    Touches stand evenly within a day, so a run of hours takes as many as its emptiest hour, times the hours.
    """
    left = limits.closes - _clock(first)
    there = operators
    if there is None and others is not None and limits.operators:
        there = [limits.operators] * 24
    if there is None or not limits.take_operators:
        return Window(first, left, _room(limits, left), taken=_most(others and others[first.hour : limits.closes]))
    managed = [_managed(limits, *hour) for hour in zip(there, others or [FREE] * 24, strict=True)]
    found = None
    for since in range(first.hour, limits.closes):
        least = managed[since]
        begins = max(_clock(first), since)
        for until in range(since + 1, limits.closes + 1):
            least = min(least, managed[until - 1])
            if not least:
                break
            room = _whole(least * (until - begins))
            if found is None or room > found.room:
                opens = max(first, first.replace(hour=since, minute=0, second=0, microsecond=0))
                on_shift = min(operators[since:until]) if operators else 0
                found = Window(opens, until - begins, room, on_shift, _most(others and others[since:until]))
    if found is not None and limits.per_day:
        of_day = _whole(limits.per_day * left / limits.hours)
        found = replace(found, room=min(found.room, of_day))
    return found


@lru_cache(maxsize=4096)
def _managed(limits: Limits, operators: int, taken: Taken) -> int:
    """Touches of an hour; somebody on shift whom nobody takes manages one at least."""
    managed = limits.managed_in_an_hour(operators, taken) if operators else 0
    return max(1, managed) if operators and taken == FREE else managed


def _most(others: Sequence[Taken] | None) -> Taken:
    return Taken(max(one.calls for one in others), max(one.talks for one in others)) if others else FREE


def _clock(moment: datetime) -> float:
    """Hours since midnight: what begins at twenty to eight and closes at eight has a third of an hour."""
    return moment.hour + moment.minute / 60 + moment.second / 3600


def _room(limits: Limits, hours: float) -> int:
    """Touches of a day that has so many hours left."""
    return _whole(limits.a_day * hours / limits.hours) if limits.a_day else UNLIMITED


def _whole(touches: float) -> int:
    """Return whole touches, one at least; a third of an hour of thirty is ten, whatever halves of bits are lost."""
    return max(1, int(touches + BITS))


def _share(rest: Mapping[int, int], room: int, clinic_day: int, went: Mapping[int, int]) -> dict[int, int]:
    """Divide a day among clinics: nobody above his clinic's day less what ``went`` there, all not above the room."""
    wanted = {
        clinic: min(count, max(0, clinic_day - went.get(clinic, 0))) if clinic_day and clinic else count
        for clinic, count in rest.items()
    }
    total = sum(wanted.values())
    if not room or total <= room:
        return wanted
    waiting = sum(rest.values())
    taken = {clinic: min(count, room * rest[clinic] // waiting) for clinic, count in wanted.items()}
    left = room - sum(taken.values())
    for clinic in sorted(wanted, key=lambda clinic: (taken[clinic] - rest[clinic], clinic)):
        more = min(left, wanted[clinic] - taken[clinic])
        taken[clinic] += more
        left -= more
    return taken


def _days(since: date, limits: Limits, works: Callable[[date], bool]) -> Iterator[date]:
    for step in range(LONGEST):
        day = since + step * DAY
        if limits.weekends or works(day):
            yield day
