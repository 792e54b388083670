"""How many operators so many calls need: Erlang B, C and A. Pure.

    operators_needed(1100, 180)                  # nobody hangs up: Erlang C
    operators_needed(1100, 180, patience=120)    # those who wait hang up, two minutes on average: Erlang A
    serve(61, 1100, 180, patience=120).abandoned

Erlang C supposes that everybody waits, so it asks for rather more operators than are needed; Erlang A (Palm) lets a
caller wait an exponential time of mean ``patience``. Calls come as a Poisson stream, talks are exponential.
Sources: A. K. Erlang, 1917; C. Palm, 1957; F. Baccelli, G. Hebuterne, 1981 (time of waiting); O. Garnett,
A. Mandelbaum, M. Reiman, «Designing a Call Center with Impatient Customers», MSOM 4 (3), 2002.
The libraries of the field bring a solver of a hundred megabytes for these lines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

SERVICE_LEVEL = 0.8  # 80 % of calls answered …
WITHIN = 20  # … in 20 seconds
MOST = 2_000
PANELS = 200  # of an integral over the time of waiting
NEGLIGIBLE = 1e-13
FADED = 45  # e**-45 adds nothing to a sum of ones


@dataclass(frozen=True, slots=True)
class Service:
    """How callers fare: shares of all calls, seconds.

    ``in_time`` is answered within the time asked for, ``answer`` the average wait of those who are answered,
    ``occupancy`` the share of an operator's time that she talks. A queue without end has ``answer`` infinite.
    """

    waits: float
    in_time: float
    answer: float
    abandoned: float
    occupancy: float


def blocked(operators: int, load: float) -> float:
    """Return the share of calls lost where nobody waits (Erlang B); ``load`` in erlangs.

    >>> round(blocked(10, 4.461), 4)
    0.01
    """
    lost = 1.0
    for line in range(1, operators + 1):
        lost = load * lost / (line + load * lost)
    return lost if load > 0 else 0.0


def waits(operators: int, load: float) -> float:
    """Return the share of callers that wait; ``load`` is calls an hour × seconds a call / 3600 (erlangs).

    >>> round(waits(10, 7), 3)
    0.222
    """
    if load <= 0:
        return 0.0
    if operators <= load:
        return 1.0
    lost = blocked(operators, load)
    return operators * lost / (operators - load * (1 - lost))


def service_level(
    operators: int, calls_an_hour: float, talk_seconds: float, within: float = WITHIN, patience: float | None = None
) -> float:
    """Return the share of all calls answered ``within`` seconds."""
    load = calls_an_hour * talk_seconds / 3600
    if load <= 0:
        return 1.0
    if operators <= 0:
        return 0.0
    if patience is not None:
        return _Patience.of(operators, calls_an_hour, talk_seconds, patience).in_time(within)
    if operators <= load:
        return 0.0
    return 1 - waits(operators, load) * math.exp(-(operators - load) * within / talk_seconds)


def serve(
    operators: int, calls_an_hour: float, talk_seconds: float, within: float = WITHIN, patience: float | None = None
) -> Service:
    """Return how callers fare with so many operators; ``patience`` None — nobody hangs up."""
    load = calls_an_hour * talk_seconds / 3600
    if load <= 0:
        return Service(0.0, 1.0, 0.0, 0.0, 0.0)
    if operators <= 0:
        return Service(1.0, 0.0, math.inf, 0.0 if patience is None else 1.0, 0.0)
    in_time = service_level(operators, calls_an_hour, talk_seconds, within, patience)
    if patience is not None:
        queue = _Patience.of(operators, calls_an_hour, talk_seconds, patience)
        talking = load * (1 - queue.abandoned) / operators
        return Service(queue.waits, in_time, queue.answer(), queue.abandoned, min(1.0, talking))
    if operators <= load:
        return Service(1.0, 0.0, math.inf, 0.0, 1.0)
    waiting = waits(operators, load)
    return Service(waiting, in_time, waiting * talk_seconds / (operators - load), 0.0, load / operators)


@lru_cache(maxsize=8192)
def operators_needed(
    calls_an_hour: float,
    talk_seconds: float,
    level: float = SERVICE_LEVEL,
    within: float = WITHIN,
    patience: float | None = None,
) -> int:
    """Return the fewest operators that keep the service level; ``MOST`` when even they do not.

    >>> operators_needed(1100, 180), operators_needed(1100, 180, patience=120)
    (61, 55)
    """
    if calls_an_hour <= 0:
        return 0
    low, high = 1, MOST
    if patience is None:
        low = max(1, min(MOST, math.ceil(calls_an_hour * talk_seconds / 3600)))
    while low < high:
        middle = (low + high) // 2
        if service_level(middle, calls_an_hour, talk_seconds, within, patience) >= level:
            high = middle
        else:
            low = middle + 1
    return low


def calls_served(operators: int, talk_seconds: int, level: float = SERVICE_LEVEL) -> int:
    """Return how many calls an hour so many operators answer at the service level; at least one."""
    low, high = 1, max(2, operators * 3600 // talk_seconds)
    while low < high:
        middle = (low + high + 1) // 2
        if service_level(operators, middle, talk_seconds) >= level:
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(frozen=True, slots=True)
class _Patience:
    """The queue M/M/n+M in balance. Rates are a second.

    The states «all talk and j wait» are added one by one to those of Erlang B, each time as shares of the whole, so no
    number grows with the load: 2000 operators and a crowd of thousands are as safe as one.
    """

    come: float
    leave: float  # a second, of all operators together
    give_up: float
    waits: float
    abandoned: float
    full: float  # logarithm of the share of time in which all talk and nobody waits

    @classmethod
    def of(cls, operators: int, calls_an_hour: float, talk_seconds: float, patience: float) -> _Patience:
        come, leave, give_up = calls_an_hour / 3600, operators / talk_seconds, 1 / max(patience, 1e-3)
        share = blocked(operators, calls_an_hour * talk_seconds / 3600)
        waits, queue, full = share, 0.0, math.log(share) if share else -math.inf
        waiting = 0
        while True:
            waiting += 1
            ratio = come / (leave + waiting * give_up)
            more = ratio * share
            whole = 1 + more
            waits, queue, share = (waits + more) / whole, (queue + waiting * more) / whole, more / whole
            full -= math.log1p(more)
            if ratio < 1 and share * (1 + waiting) < NEGLIGIBLE * (1 - ratio):
                break
        return cls(come, leave, give_up, waits, min(1.0, give_up * queue / come), full)

    def in_time(self, within: float) -> float:
        """The share of all calls answered within the time."""
        return min(1.0, max(0.0, 1 - self.waits + self._answered(within)))

    def answer(self) -> float:
        """Seconds that those who are answered have waited, on average."""
        answered = 1 - self.abandoned
        return self._answered(math.inf, moment=True) / answered if answered > NEGLIGIBLE else math.inf

    def _answered(self, within: float, *, moment: bool = False) -> float:
        """Integrate the density of a wait that ends with an answer; with ``moment`` the wait itself, in seconds.

        The density of the time a caller who never gives up would wait is nμ π_n exp(λ(1 − e^{−θu})/θ − nμu); a real
        one is still there with e^{−θu}. By Simpson, up to where it has faded.
        """
        return self._simpson(0.0, min(within, self._end()), moment=moment) if self.leave > 0 else 0.0

    def _simpson(self, since: float, until: float, *, moment: bool) -> float:
        if until <= since:
            return 0.0
        panels = PANELS * 10 if moment or self.come > self.leave else PANELS
        step = (until - since) / panels
        total = 0.0
        for number in range(panels + 1):
            at = since + number * step
            weight = 1 if number in {0, panels} else 4 if number % 2 else 2
            total += weight * math.exp(self._density(at)) * (at if moment else 1)
        return total * step / 3

    def _density(self, at: float) -> float:
        exponent = self.come * -math.expm1(-self.give_up * at) / self.give_up - (self.leave + self.give_up) * at
        return max(-745.0, math.log(self.leave) + self.full + exponent)

    def _end(self) -> float:
        """Where the density has faded behind its peak."""
        peak = max(0.0, math.log(self.come / self.leave) / self.give_up)
        highest, reach = self._density(peak), 1 / max(self.leave, self.give_up)
        while self._density(peak + reach) > highest - FADED and reach < 1e9:
            reach *= 1.5
        return peak + reach
