"""Desks asked for over HTTP as colleagues do: whole pages, and the part that is renewed when news come."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from django.urls import reverse

from config.bench.errors import BenchRefused
from config.bench.programs import PATIENCE

CSRF = "c" * 32


@dataclass(frozen=True)
class Habit:
    """How often one colleague opens her desk, and how often the part of it that moves is renewed (None — never)."""

    opens: float
    hears: float | None


class Clock:
    """What answers of desks took, in seconds: of whole pages and of the parts that move."""

    def __init__(self) -> None:
        self.pages, self.parts = list[float](), list[float]()

    def taken(self, pages: str, parts: str) -> dict[str, list[float]]:
        """Take what was measured so far, under these names, when there is a page. Raises BenchRefused."""
        until = time.monotonic() + PATIENCE
        while not self.pages:
            if time.monotonic() > until:
                raise BenchRefused("Столы не отвечают")
            time.sleep(0.05)
        found = {pages: list(self.pages), parts: list(self.parts)}
        del self.pages[: len(found[pages])], self.parts[: len(found[parts])]
        return found


@contextmanager
def asked_for(port: int, sessions: Sequence[str], habit: Habit, chance: random.Random) -> Iterator[Clock]:
    """Open desks until the block ends, each colleague in moments of her own; the clock fills with the answers."""
    stop, clock, faults = threading.Event(), Clock(), list[str]()

    def look(session: str, path: str, every: float, times: list[float], first: float) -> None:
        pause = random.Random(first)  # noqa: S311 - moments, not secrets
        wait = first * every
        while not stop.wait(wait):
            began = time.perf_counter()
            try:
                status, _, _ = asked(port, session, path)
            except (OSError, HTTPException) as fault:
                status = 0
                faults.append(type(fault).__name__)
            times.append(time.perf_counter() - began)
            if status != 200:
                faults.append(f"ответ {status}")
            wait = every * (0.5 + pause.random())

    wishes = [(reverse("workplace:desk"), habit.opens, clock.pages)]
    if habit.hears:
        wishes.append((reverse("workplace:work"), habit.hears, clock.parts))
    threads = [
        threading.Thread(target=look, args=(session, *one, chance.random()), daemon=True)
        for session in sessions
        for one in wishes
    ]
    for thread in threads:
        thread.start()
    try:
        yield clock
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    if faults:
        raise BenchRefused(f"Стол не открылся: {', '.join(sorted(set(faults)))}")


def asked(port: int, session: str, path: str, told: str | None = None) -> tuple[int, bytes, int]:
    """Return the status, the answer and how many seconds we are asked to stay away."""
    headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
    link = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        if told is None:
            link.request("GET", path, headers=headers)
        else:
            link.request("POST", path, told.encode(), headers | {"Content-Type": "application/json"})
        answer = link.getresponse()
        return answer.status, answer.read(), int(answer.headers.get("Retry-After", 0))
    finally:
        link.close()
