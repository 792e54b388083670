"""Each finished week is tested once for bursts: for every insurer its own facts, for the fund all of the territory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.findings import bursts, rules
from opora.findings.models import NOBODY, Alarm, Day, Watch
from opora.organisations.models import Territory
from opora.shared.sql import question

WEEK = timedelta(days=7)
_weeks = question(Path(__file__).parent / "sql", "weeks")


@dataclass(frozen=True, slots=True)
class Series:
    """Weekly counts of one watcher: a row for each (clinic, what, code), the tested week last."""

    keys: list[tuple[int, str, str]]
    counts: bursts.Counts


def watch(now: datetime | None = None) -> int:
    """Test the last finished week of every territory for every watcher; return how many alarms were raised.

    A week already tested is left alone, and so is one with less than ``rules.LEAST_WEEKS`` of past.
    """
    raised = 0
    with enter(Scope.system("bursts are looked for in every territory")):
        begun = dict(Day.objects.values("territory").annotate(first=Min("day")).values_list("territory", "first"))
        for place in Territory.objects.filter(pk__in=begun):
            today = (now or timezone.now()).astimezone(ZoneInfo(place.time_zone)).date()
            for insurer, since, week in _unwatched(place.pk, begun[place.pk], today):
                raised += _test(place.pk, insurer, since, week)
    return raised


def series(territory: str, insurer: int | None, since: date, week: date) -> Series:
    """Return counts of the weeks from ``since`` to ``week``, both Mondays, the last included. One query."""
    rows = _weeks(territory=territory, insurer=insurer, since=since, until=week + WEEK)
    keys = sorted({(row.provider_id, row.what, row.code) for row in rows})
    place = {key: number for number, key in enumerate(keys)}
    counts = np.zeros((len(keys), (week - since).days // 7 + 1), dtype=np.int64)
    for row in rows:
        counts[place[row.provider_id, row.what, row.code], row.week] = row.number
    return Series(keys, counts)


def _unwatched(territory: str, begun: date, today: date) -> Iterator[tuple[int, date, date]]:
    """Yield (insurer or NOBODY for the fund, first Monday of the past, Monday of the week)."""
    week = today - timedelta(days=today.weekday()) - WEEK
    first = begun + timedelta(days=-begun.weekday() % 7)  # a week that began before the first fact is not whole
    since = max(first, week - rules.WEEKS * WEEK)
    if (week - since).days // 7 < rules.LEAST_WEEKS:
        return
    done = set(Watch.objects.filter(territory=territory, week=week).values_list("insurer_id", flat=True))
    found = Day.objects.filter(territory=territory, day__gte=since, day__lt=week + WEEK)
    watchers = {NOBODY, *found.order_by().values_list("insurer_id", flat=True).distinct()}
    for insurer in sorted(watchers - done):
        yield insurer, since, week


@transaction.atomic
def _test(territory: str, insurer: int, since: date, week: date) -> int:
    found = series(territory, insurer or None, since, week)
    tested = bursts.bursts(found.counts)
    weeks = found.counts.shape[1] - 1
    watched, is_new = Watch.objects.get_or_create(
        territory=territory,
        insurer_id=insurer,
        week=week,
        defaults={"series": tested.series, "rate": rules.RATE, "weeks": weeks},
    )
    if not is_new:
        return 0
    alarms = [
        Alarm(
            watch=watched,
            territory=territory,
            insurer_id=insurer,
            week=week,
            provider_id=found.keys[place][0],
            what=found.keys[place][1],
            code=found.keys[place][2],
            number=int(found.counts[place, -1]),
            expected=float(tested.expected[place]),
            chance=float(tested.chance[place]),
        )
        for place in np.flatnonzero(tested.is_burst)
    ]
    return len(Alarm.objects.bulk_create(alarms))
