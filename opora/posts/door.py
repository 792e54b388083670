"""Batches are let in one at a time by each process, and after each it rests, so that desks have their share of it.

Whoever finds the door shut waits for a moment; one waits, so that the other threads of the process stay for desks.
The others are told when to come: each a place behind the one before, so that five hundred do not come again at once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

WAIT = 0.5  # seconds the one waits
REST = 1.0  # seconds of rest for each second of a batch
LONGEST_REST = 0.5
SOONEST, LATEST = 2, 50  # seconds to stay away: the bar for all of them is a minute
TOOK = 0.05  # seconds of a batch before any was measured; then the mean of the latest ones


class Shut(Exception):
    """The door is shut. ``seconds`` says when to come again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Door:
    """The door of one process; ``enter`` is held while a batch is taken."""

    def __init__(self, *, wait: float = WAIT) -> None:
        self._wait, self._turn = wait, Condition()
        self._is_taken = self._somebody_waits = False
        self._opens_at = self._line_until = 0.0
        self._took = TOOK

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Hold the door. Raises Shut."""
        with self._turn:
            if not self._may_enter(time.monotonic() + self._wait):
                raise Shut(self._place())
            self._is_taken = True
        began = time.monotonic()
        try:
            yield
        finally:
            with self._turn:
                ended = time.monotonic()
                self._took += (ended - began - self._took) / 8
                self._opens_at = ended + min(REST * (ended - began), LONGEST_REST)
                self._is_taken = False
                self._turn.notify()

    def _may_enter(self, until: float) -> bool:
        """Wait, if nobody else does, until it is open or the monotonic clock says ``until``."""
        if self._is_open():
            return True
        if self._somebody_waits:
            return False
        self._somebody_waits = True
        try:
            while not self._is_open() and (left := until - time.monotonic()) > 0:
                self._turn.wait(left if self._is_taken else min(left, self._opens_at - time.monotonic()))
        finally:
            self._somebody_waits = False
        return self._is_open()

    def _is_open(self) -> bool:
        return not self._is_taken and time.monotonic() >= self._opens_at

    def _place(self) -> int:
        """Return the seconds until the turn of one more who is sent away."""
        now = time.monotonic()
        turn = max(self._line_until, now + SOONEST) + self._took * (1 + REST)
        if turn > now + LATEST:  # a line longer than that goes through the same moments once more
            turn = now + SOONEST
        self._line_until = turn
        return math.ceil(turn - now)
