"""What providers, the post and operators do with a wave, by sets.

Rows end as the dispatcher and the call list leave them: ``tests/test_like_services.py`` compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from opora.deadlines.queries import calendar
from opora.informing.models import Wave
from opora.informing.words import Channel, Outcome, WaveState
from opora.informing.yearly import what_informs
from opora.shared.sql import text
from opora.simulation.akbars.people import SALT
from opora.simulation.akbars.world import HOME, SMS_PRICE, World

SQL = Path(__file__).parent / "sql"
WORKER = "year-2024"
NO_QUOTA = 2**31


@dataclass(frozen=True, slots=True)
class Quota:
    """How many more may be told for the first time, and again, this year."""

    firsts: int = NO_QUOTA
    repeats: int = NO_QUOTA


@dataclass(frozen=True, slots=True)
class Manner:
    """How a channel fares, as running shares of its touches; ``returns`` hours until it is known. All assumed.

    ``bad`` is the share of people whose number never works, whatever the wave.
    """

    refused: float
    undelivered: float
    silent: float
    bad: float
    returns: int
    returned: Outcome


MANNERS = {
    Channel.SMS: Manner(0.004, 0.014, 0.034, 0.025, 47, Outcome.UNDELIVERED),
    Channel.LETTER: Manner(0, 0.03, 1, 0, 600, Outcome.RETURNED),
}


@dataclass(frozen=True, slots=True)
class Carried:
    """How a wave ended: ``ends`` is when its last touch did; ``is_full`` — the quota was filled before it was over."""

    ends: datetime
    is_full: bool = False


def carry(world: World, wave: Wave, quota: Quota) -> Carried:
    """Bring every touch of a wave to its end, up to the quota. Inside the transaction that launched it.

    That transaction has written hundreds of thousands of touches the planner does not know of: it is told, or it would
    go through all that were told before for each of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE informing_touch_{int(world.targets.year)}")
    if wave.rung.channel == Channel.CALL:
        return _phone(world, wave)
    given = _given(world, wave, quota)
    is_sms = wave.rung.channel == Channel.SMS
    with connection.cursor() as cursor:
        for name in ("carry", "give", "answer", *(("told",) if is_sms else ())):
            cursor.execute(text(SQL / f"{name}.sql"), given)
        cursor.execute(
            "SELECT max(final_at) FILTER (WHERE goes), max(at) FILTER (WHERE goes), bool_or(NOT goes) FROM carried"
        )
        ends, last, is_full = cursor.fetchone() or (None, None, False)
        cursor.execute("DROP TABLE carried")
    if is_full:
        return Carried((last or _began(wave)) + timedelta(minutes=1), is_full=True)
    return Carried(ends or _began(wave))


def close(wave: Wave, carried: Carried) -> None:
    """End a wave of which nothing waits any more, as ``dispatch.finish_waves`` does."""
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.FINISHED, finished_at=carried.ends)


def _given(world: World, wave: Wave, quota: Quota) -> dict[str, Any]:
    is_sms = wave.rung.channel == Channel.SMS
    manner = MANNERS[Channel(wave.rung.channel)]
    return {
        **what_informs(),
        "year": world.targets.year,
        "insurer": world.insurer.pk,
        "measure": wave.campaign.measure,
        "wave": wave.pk,
        "seed": world.seed * SALT,
        "salt": _salt(world, wave),
        "refused": manner.refused,
        "undelivered": manner.undelivered,
        "silent": manner.silent,
        "bad": manner.bad,
        "returns": manner.returns,
        "returned": manner.returned,
        "silence": timedelta(hours=settings.INFORMING_SILENCE_HOURS),
        "firsts": quota.firsts,
        "repeats": quota.repeats,
        "worker": WORKER,
        "gateway": world.gateway if is_sms else None,
        "price": SMS_PRICE if is_sms else 0,
    }


def _phone(world: World, wave: Wave) -> Carried:
    """Phone everybody of a wave up to five times."""
    given: dict[str, Any] = {
        "year": world.targets.year,
        "insurer": world.insurer.pk,
        "territory": HOME,
        "wave": wave.pk,
        "salt": _salt(world, wave),
        "operators": list(world.operators),
        "days": working_days(world.targets.year),
    }
    with connection.cursor() as cursor:
        for name in ("phone", "attempts", "take", "hang_up"):
            cursor.execute(text(SQL / f"{name}.sql"), given)
        cursor.execute("SELECT max(at) FROM phoned")
        ends = (cursor.fetchone() or (None,))[0]
        cursor.execute("DROP TABLE phoned")
    return Carried(ends or _began(wave))


def working_days(year: int) -> list[date]:
    """Return the working days of the year by the calendar of the territory."""
    works = calendar(HOME).works
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366))
    return [day for day in days if day.year == year and works(day)]


def _began(wave: Wave) -> datetime:
    return wave.launched_at or wave.made_at


def _salt(world: World, wave: Wave) -> int:
    """Return a salt for the chances of a wave: its campaign's place among those of the year and its round."""
    place = sum(map(ord, wave.campaign.title)) * 10 + wave.round
    return world.seed * SALT * 1000 + place * 100
