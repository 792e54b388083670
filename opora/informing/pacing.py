"""When a wave may go: hours of allowed days, so many touches in each. Pure.

The hour is in the person's own clock; the claim query looks at his hours again, so an hour is a promise not to be
earlier, never a promise to be on time. Allowed hours: ``opora.insured.reach`` and its source.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from opora.informing.errors import LimitsRefused
from opora.informing.words import Lane
from opora.shared import erlang

DAY = timedelta(days=1)
UNLIMITED = 0
LONGEST = 366
URGENT_HOURS = (8, 22)  # of every day, weekends too  # assumed: what ``insured.reach`` allows for calls on working days

type Shifts = Mapping[date, Sequence[int]]  # operators in each of the 24 hours; a day that is absent has no shifts


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Пределы кампании; 0 — without a limit.

    ``per_day`` touches of the campaign, ``per_clinic_day`` invited into one clinic, ``cap_days`` between two touches of
    a person over all campaigns, ``opens`` … ``closes`` hours of the person's clock, ``operators`` on shift for the
    call-backs of a ``callback_percent`` of recipients, each of ``talk_seconds``, ``longest`` segments of a text.
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
    one_per_number: bool = False
    longest: int = 6

    @classmethod
    def read(cls, given: Mapping[str, Any], lane: str = Lane.BULK) -> Limits:
        """Return the limits of a campaign; the urgent lane has hours of its own. Raises LimitsRefused in words."""
        known = {one.name: one for one in fields(cls)}
        if strange := sorted(set(given) - set(known)):
            raise LimitsRefused(f"Такого предела нет: {', '.join(strange)}.")
        for name, value in given.items():
            if not isinstance(value, int) or value < 0:
                raise LimitsRefused(f"Предел «{name}» — целое число не меньше нуля.")
        found = cls(**given)
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

    def answered_in_an_hour(self, operators: int) -> int:
        """Touches of an hour that so many operators answer when people call back; 0 — without a limit."""
        if not operators or not self.callback_percent:
            return UNLIMITED
        calls = erlang.calls_served(operators, self.talk_seconds)
        return max(1, int(calls * 100 / self.callback_percent))


@dataclass(frozen=True, slots=True)
class Layout:
    """A wave laid over days. ``opens`` of each day in local time, and for how many ``hours``; ``shares[clinic]`` is how
    many of the clinic's people go on each of the days. ``operators`` on shift in its hours, 0 — no shifts.
    """

    opens: tuple[datetime, ...]
    hours: tuple[float, ...]
    shares: Mapping[int, tuple[int, ...]]
    operators: tuple[int, ...] = ()

    @property
    def ends(self) -> datetime:
        return self.opens[-1] + timedelta(hours=self.hours[-1])

    @property
    def busiest_hour(self) -> int:
        return max(self._an_hour, default=0)

    @property
    def operators_then(self) -> int:
        """Operators on shift on the day of the busiest hour; 0 — not entered."""
        return max(zip(self._an_hour, self.operators, strict=True), default=(0, 0))[1] if self.operators else 0

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


def lay(
    limits: Limits,
    begins: datetime,
    people: Mapping[int, int],
    works: Callable[[date], bool],
    shifts: Shifts | None = None,
    gone: Mapping[int, int] | None = None,
) -> Layout:
    """Lay people of clinics (0 — of none, who has no clinic's day) over days.

    ``begins`` is naive local time, ``works`` tells working days. A day that is not enough for everybody is divided by
    how many of each clinic still wait. A day of ``shifts`` takes what those on shift answer, in the hours they are
    there, instead of ``limits.operators``. ``gone`` went into each clinic on the day of ``begins`` already: a day laid
    twice is still one day. Raises LimitsRefused when a wave would last longer than a year.
    """
    gone = gone or {}
    rest = {clinic: count for clinic, count in people.items() if count}
    shares: dict[int, list[int]] = {clinic: [] for clinic in people}
    windows: list[Window] = []
    for day in _days(begins.date(), limits, works):
        first = max(begins, datetime.combine(day, time(limits.opens)))
        window = _window(limits, first, (shifts or {}).get(day)) if first.hour < limits.closes else None
        went = gone if day == begins.date() else {}
        if window is not None and limits.per_day and went:
            left = limits.per_day - sum(went.values())
            window = replace(window, room=min(window.room, left)) if left > 0 else None
        if window is None:
            continue
        windows.append(window)
        taken = _share(rest, window.room, limits.per_clinic_day, went)
        for clinic, row in shares.items():
            row.append(taken.get(clinic, 0))
        rest = {clinic: count - taken.get(clinic, 0) for clinic, count in rest.items() if count > taken.get(clinic, 0)}
        if not rest:
            return Layout(
                tuple(one.opens for one in windows),
                tuple(one.hours for one in windows),
                {clinic: tuple(row) for clinic, row in shares.items()},
                tuple(one.operators for one in windows),
            )
    raise LimitsRefused("С такими пределами волна не кончится и за год: смягчите их.")


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


def _window(limits: Limits, first: datetime, operators: Sequence[int] | None) -> Window | None:
    """Return the hours of a day in which most touches may go; None — nobody is on shift in any of them.

    Touches stand evenly within a day, so a run of hours takes as many as its emptiest hour, times the hours.
    """
    left = limits.closes - _clock(first)
    if operators is None or not limits.callback_percent:
        return Window(first, left, _room(limits, left))
    found = None
    for since in range(first.hour, limits.closes):
        least = operators[since]
        begins = max(_clock(first), since)
        for until in range(since + 1, limits.closes + 1):
            least = min(least, operators[until - 1])
            if not least:
                break
            room = _whole(_answered(limits, least) * (until - begins))
            if found is None or room > found.room:
                opens = max(first, first.replace(hour=since, minute=0, second=0, microsecond=0))
                found = Window(opens, until - begins, room, least)
    if found is not None and limits.per_day:
        of_day = _whole(limits.per_day * left / limits.hours)
        found = replace(found, room=min(found.room, of_day))
    return found


@lru_cache(maxsize=1024)
def _answered(limits: Limits, operators: int) -> int:
    return limits.answered_in_an_hour(operators)


def _clock(moment: datetime) -> float:
    """Hours since midnight: what begins at twenty to eight and closes at eight has a third of an hour."""
    return moment.hour + moment.minute / 60 + moment.second / 3600


def _room(limits: Limits, hours: float) -> int:
    """Touches of a day that has so many hours left."""
    return _whole(limits.a_day * hours / limits.hours) if limits.a_day else UNLIMITED


def _whole(touches: float) -> int:
    """Return whole touches, one at least; a third of an hour of thirty is ten, whatever halves of bits are lost."""
    return max(1, int(touches + 1e-6))


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
