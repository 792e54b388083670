"""How many operators a wave calls for: Erlang C. Pure.

The libraries of the field bring a solver of a hundred megabytes for these twenty lines; the formula is A. K. Erlang's
of 1917 for a queue where nobody hangs up, so it asks for rather more operators than are needed.
"""

from __future__ import annotations

import math

SERVICE_LEVEL = 0.8  # 80 % of calls answered …
WITHIN = 20  # … in 20 seconds
MOST = 2_000


def waits(operators: int, load: float) -> float:
    """Return the share of callers that wait; ``load`` is calls an hour × seconds a call / 3600 (erlangs).

    >>> round(waits(10, 7), 3)
    0.222
    """
    if load <= 0:
        return 0.0
    if operators <= load:
        return 1.0
    blocked = 1.0
    for line in range(1, operators + 1):
        blocked = load * blocked / (line + load * blocked)
    return operators * blocked / (operators - load * (1 - blocked))


def service_level(operators: int, calls_an_hour: float, talk_seconds: int, within: int = WITHIN) -> float:
    """Return the share of calls answered ``within`` seconds."""
    load = calls_an_hour * talk_seconds / 3600
    if operators <= load:
        return 0.0
    return 1 - waits(operators, load) * math.exp(-(operators - load) * within / talk_seconds)


def operators_needed(calls_an_hour: float, talk_seconds: int, level: float = SERVICE_LEVEL) -> int:
    """Return the fewest operators that keep the service level.

    >>> operators_needed(1100, 180)
    61
    """
    if calls_an_hour <= 0:
        return 0
    found = max(1, math.ceil(calls_an_hour * talk_seconds / 3600))
    while found < MOST and service_level(found, calls_an_hour, talk_seconds) < level:
        found += 1
    return found


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
