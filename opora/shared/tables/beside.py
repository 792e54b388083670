"""Rows are written while the next are being read: the database and the program work at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

AHEAD = 2  # pieces read and not written yet: more of them would only be memory


@contextmanager
def beside[Piece]() -> Iterator[Callable[[Callable[[Piece], object], Piece], None]]:
    """Give a function that has ``work(piece)`` done on a thread of its own, in the order given.

    What the work raises comes out of a later call, at the latest of the end. An error of the caller's own leaves out
    what has not begun. The work must touch neither the database nor the time zone: both belong to the caller's thread.
    """
    waiting: deque[Future[object]] = deque()
    with ThreadPoolExecutor(1, "beside") as thread:

        def give(work: Callable[[Piece], object], piece: Piece) -> None:
            while len(waiting) >= AHEAD:
                waiting.popleft().result()
            waiting.append(thread.submit(work, piece))

        try:
            yield give
            while waiting:
                waiting.popleft().result()
        finally:
            for piece in waiting:
                piece.cancel()
