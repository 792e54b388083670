"""A wait somebody told of, held against the limit of the guarantee programme that was in force."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as day_time
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from opora.appeals import terms
from opora.appeals.errors import NotComplete
from opora.appeals.models.wait import Wait
from opora.deadlines import queries, waiting
from opora.deadlines.clock import Unit
from opora.deadlines.errors import NoSuchLimit
from opora.deadlines.events import pack_loaded
from opora.deadlines.waiting import Suspicion, WaitingPack

LONGEST = 3660  # days
FRESH = 30.0  # seconds a process believes the packs it has read


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWait:
    """``days`` calendar days from ``started_on`` (None — from the day of the talk) to the day that was offered."""

    service: str
    days: int
    suspicion: str = ""
    started_on: date | None = None
    provider_id: int | None = None
    provider_name: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A wait held against its limit; ``due_on`` None — the limit is in hours."""

    title: str
    limit: str
    due_on: date | None
    pack: str
    is_over: bool


def judge(new: NewWait, *, on: date, territory: str, zone: ZoneInfo) -> Judged:
    """Hold a wait against the limit of the day it began; ``on`` is the local day of the talk.

    Raises NotComplete: a service without a limit, days out of range, a beginning that has not come.
    Source: domain handbook 06 §3, rules 1–3.
    """
    started = new.started_on or on
    if not 0 <= new.days <= LONGEST:
        raise NotComplete("Сколько дней ждать — число от 0 до 3660.")
    if started > on:
        raise NotComplete("Ожидание не может начаться в будущем. Проверьте, с какого дня ждут.")
    try:
        found = waiting.answer(
            packs(territory),
            terms.calendar_of(territory),
            service=new.service,
            started=datetime.combine(started, day_time(), zone),
            suspicion=Suspicion(new.suspicion),
            territory=territory,
        )
    except (NoSuchLimit, ValueError):
        raise NotComplete("На этот день предела ожидания для такой услуги нет. Выберите услугу из списка.") from None
    limit = found.limit
    if found.clock is not None:
        due = found.clock.due_on
        return Judged(limit.title, limit.in_words, due, found.pack.version, started + timedelta(days=new.days) > due)
    longest = timedelta(hours=limit.length) if limit.unit == Unit.HOURS else timedelta(minutes=limit.length)
    return Judged(limit.title, limit.in_words, None, found.pack.version, timedelta(days=new.days) > longest)


def note(appeal_id: UUID, new: NewWait, judged: Judged, *, on: date) -> Wait:
    """Write a wait down, over the one that was there."""
    columns = {
        "service": new.service,
        "suspicion": new.suspicion,
        "days": new.days,
        "started_on": new.started_on or on,
        "provider_id": new.provider_id,
        "provider_name": new.provider_name[:200],
        "title": judged.title[:200],
        "limit": judged.limit[:60],
        "due_on": judged.due_on,
        "pack": judged.pack,
        "is_over": judged.is_over,
    }
    row, _ = Wait.objects.update_or_create(appeal_id=appeal_id, defaults=columns)
    return row


def told(wait: Wait | None) -> dict[str, Any] | None:
    """Return what the history holds of a wait: codes and numbers, no words."""
    if wait is None:
        return None
    return {
        "service": wait.service,
        "suspicion": wait.suspicion,
        "days": wait.days,
        "from": wait.started_on.isoformat(),
        "provider": wait.provider_id,
        "over": wait.is_over,
    }


def services(territory: str) -> list[tuple[str, str]]:
    """Return (code, title) of services a wait in days can be told of; those with a limit in minutes are left out."""
    found = packs(territory)
    in_minutes = {limit.service for pack in found for limit in pack.limits if limit.unit == Unit.MINUTES}
    return [(code, title) for code, title in waiting.services(found) if code not in in_minutes]


def packs(territory: str) -> tuple[WaitingPack, ...]:
    return _packs(territory, int(time.monotonic() / FRESH))


@lru_cache(maxsize=64)
def _packs(territory: str, moment: int) -> tuple[WaitingPack, ...]:
    return tuple(queries.waiting_packs(territory))


def forget(**_: object) -> None:
    _packs.cache_clear()


pack_loaded.connect(forget, dispatch_uid="appeals.waits.forget")
