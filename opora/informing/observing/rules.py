"""What the lists of the third level look for: codes from a pack, last days from the law packs of ``deadlines``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from opora.deadlines.errors import NoSuchLimit
from opora.deadlines.queries import calendar, waiting_packs
from opora.deadlines.waiting import Suspicion, answer

PACK = Path(__file__).parent.parent / "packs" / "observation.json"
LOOKED_BACK = 366
NOON = time(12)
UTC = ZoneInfo("UTC")


@cache
def pack() -> dict[str, Any]:
    """Return the shipped codes: results that mean the third group, diagnoses of cancer, terms that concern them."""
    found: dict[str, Any] = json.loads(PACK.read_text(encoding="utf-8"))
    return found


def cancer_pattern() -> str:
    """Return the beginnings of cancer diagnoses as a pattern of PostgreSQL."""
    return f"^({'|'.join(map(re.escape, pack()['cancer']))})"


@dataclass(frozen=True, slots=True)
class Lawful:
    """Who began to wait on ``started_on`` for ``service`` waits lawfully until ``due_on``; ``why`` names the limit."""

    service: str
    started_on: date
    due_on: date
    why: str


def lawful_days(territory: str, today: date) -> Iterator[Lawful]:
    """Yield the last lawful day for each day of the year behind; a day without a limit in force is left out."""
    packs, days = waiting_packs(territory), calendar(territory)
    told: Any = {"suspicion": Suspicion.ONCOLOGY, "territory": territory}
    for term in pack()["cancer_terms"]:
        for back in range(LOOKED_BACK):
            started = datetime.combine(today - timedelta(days=back), NOON, tzinfo=UTC)
            try:
                found = answer(packs, days, service=term["code"], started=started, **told)
            except NoSuchLimit:
                continue
            if found.clock is not None:
                why = f"{found.limit.title}: {found.limit.in_words}, пак {found.pack.version}"
                yield Lawful(term["code"], started.date(), found.clock.due_on, why)
