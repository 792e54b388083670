"""How often a program may ask: a bucket of requests that fills up again evenly, one per partner and web process."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from threading import Lock

BURST = 5  # seconds of its pace a program may spend at once


@dataclass(slots=True)
class Bucket:
    """``left`` requests at the moment ``at`` (seconds of the monotonic clock)."""

    left: float
    at: float


class Pace:
    """Buckets by partner. ``clock`` gives seconds."""

    def __init__(self, clock: object = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[int, Bucket] = {}
        self._lock = Lock()

    def wait(self, partner: int, per_minute: int) -> int:
        """Take one request out of the partner's bucket; return 0, or after how many whole seconds to come again."""
        now: float = self._clock()  # type: ignore[operator]
        rate = per_minute / 60
        most = max(1.0, rate * BURST)
        with self._lock:
            bucket = self._buckets.setdefault(partner, Bucket(most, now))
            bucket.left = min(most, bucket.left + (now - bucket.at) * rate)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                return 0
            return max(1, math.ceil((1 - bucket.left) / rate))


pace = Pace()
