"""A journal of exactly so many appeals of each sort: a scenario orders them, chance tells when and how they went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

import numpy as np
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.classifiers.words import Channel, Kind
from opora.deadlines import queries as deadlines
from opora.deadlines.calendar import Calendar
from opora.shared.partitions import add_months
from opora.simulation.journal import mix
from opora.simulation.journal.life import Wish, lead
from opora.simulation.journal.load import store
from opora.simulation.journal.shares import divided
from opora.simulation.journal.stream import BLOCK, DAY, DAY_OFF, FRIDAY, HOURS, WEEKDAYS, Aspect, Stream
from opora.simulation.journal.teller import Life, Office, Setting
from opora.simulation.journal.work import Made, People, moment_of, setting_of

# Where somebody opens a door, people come in working time only; shares of the hours are assumed.
BY_DAY = {Channel.VISIT, Channel.CLINIC_POST, Channel.LETTER, Channel.POST}
OFFICE_HOURS = tuple(share if 8 <= hour < 19 else 0 for hour, share in enumerate(HOURS))
AFTER = 8  # months a life may last after its period: extended, late, reopened, late again
TOLD = Scope.system("an invented journal is made")


@dataclass(frozen=True, slots=True)
class Order:
    """``count`` appeals of one sort at the organisation ``office`` (a key).

    ``until`` — the last day they come, None — that of the period. ``by_day`` — in working time, as through doors
    somebody opens. ``identified`` — nobody among them is nameless.
    """

    office: int
    channel: Channel
    kind: Kind
    count: int
    topic: str = ""
    verdict: str = ""
    on_the_call: bool = False
    until: date | None = None
    identified: bool = False
    by_day: bool = False


def tell(stream: Stream, orders: Sequence[Order], *, done: Callable[[int], None] = lambda _: None) -> Made:
    """Bring what was ordered into the journal; ``done`` hears how many appeals each block had. Safe to repeat.

    Of ``stream`` counts the period, the place and the seed. Raises NowhereToWork.
    """
    with enter(TOLD):
        setting = _setting(stream)
        add_months("appeals_event", stream.since.replace(day=1), _months(stream))
    total = Made()
    for number, block in _blocks(stream, orders):
        with enter(TOLD):
            lives = list(_lives(stream, number, block, orders, setting))
        added = store(lives, setting)
        total = Made(total.appeals + added, total.events + (sum(len(life.events) for life in lives) if added else 0))
        done(len(lives))
    return total


def first_of(stream: Stream, orders: Sequence[Order]) -> Life | None:
    """Return the first life of what was ordered: whoever finds it in the journal knows that it was told already."""
    with enter(TOLD):
        setting = _setting(stream)
        for number, block in _blocks(stream, orders):
            return next(_lives(stream, number, block[:1], orders, setting))
    return None


def _setting(stream: Stream) -> Setting:
    """Return where the lives are led: the period ends, they go on to their ends unless today comes first."""
    return replace(setting_of(stream), until=timezone.now())


def _blocks(stream: Stream, orders: Sequence[Order]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield (number, [(moment, which order)]) in the order of time."""
    with enter(TOLD):
        calendar = deadlines.calendar(stream.territory)
    groups: dict[tuple[bool, bool, date], list[int]] = {}
    for place, order in enumerate(orders):
        by_day = order.by_day or order.channel in BY_DAY
        key = (by_day, order.channel == Channel.HOT_LINE, order.until or stream.until)
        groups.setdefault(key, []).extend([place] * order.count)
    moments, places = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for number, ((by_day, _, until), chosen) in enumerate(sorted(groups.items(), key=lambda item: item[0])):
        rng = stream.rng(number, Aspect.MOMENTS)
        moments.append(spread(len(chosen), stream.since, until, calendar, rng, by_day=by_day))
        places.append(rng.permutation(np.array(chosen, np.int64)))
    when, what = np.concatenate(moments), np.concatenate(places)
    order_of_time = np.argsort(when, kind="stable")
    rows = list(zip(when[order_of_time].tolist(), what[order_of_time].tolist(), strict=True))
    for number, start in enumerate(range(0, len(rows), BLOCK), start=1):
        yield number, rows[start : start + BLOCK]


def spread(
    count: int, since: date, until: date, calendar: Calendar, rng: np.random.Generator, *, by_day: bool
) -> np.ndarray:
    """Return ``count`` moments of local time as microseconds of the epoch, in no order.

    Hours have their shares exactly; where there are enough, each hour of the day has somebody, unless ``by_day``.
    """
    days = [since + DAY * number for number in range((until - since).days + 1)]
    weights = np.array([_weight(day, calendar, by_day=by_day) for day in days])
    chosen = np.repeat(np.arange(len(days)), rng.multinomial(count, weights / weights.sum()))
    shares = OFFICE_HOURS if by_day else HOURS
    sure = 1 if not by_day and count >= len(HOURS) else 0
    hours = divided(count - sure * len(HOURS), dict(enumerate(shares)))
    drawn = np.repeat(np.arange(24), [hours[hour] + sure for hour in range(24)])
    midnights = np.array([np.datetime64(day, "us").astype(np.int64) for day in days])
    within = rng.random(count) * 3600
    return midnights[chosen] + ((rng.permutation(drawn) * 3600 + within) * 1e6).astype(np.int64)


def _weight(day: date, calendar: Calendar, *, by_day: bool) -> float:
    share = WEEKDAYS[day.weekday()]
    if calendar.works(day):
        return max(share, WEEKDAYS[FRIDAY])  # a working Saturday is a short Friday
    return 0.0 if by_day else min(share, DAY_OFF)


def _lives(
    stream: Stream, number: int, block: Sequence[tuple[int, int]], orders: Sequence[Order], setting: Setting
) -> Iterator[Life]:
    # Each life has a chance of its own: what becomes of one changes no other. A journal of another size has others.
    size = sum(order.count for order in orders)
    rng = np.random.default_rng([stream.seed, stream.since.toordinal(), number, int(Aspect.LIVES), size])
    seeds = rng.integers(2**63, size=BLOCK).tolist()
    offices: dict[int, Office] = {office.id: office for office in setting.offices}
    end = datetime.combine(stream.until + DAY, datetime.min.time(), tzinfo=setting.zone) - timedelta(seconds=1)
    people = People(stream, number, setting)
    for (moment, place), seed in zip(block, seeds, strict=False):
        order, chance = orders[place], Random(seed)  # noqa: S311 - figures, not secrets
        nameless = chance.random() < mix.ANONYMOUS and not order.identified
        person = None if nameless else people.one(offices[order.office])
        wish = Wish(order.kind, end, order.topic, order.verdict, order.on_the_call)
        yield lead(
            moment_of(moment, setting.zone), (offices[order.office], order.channel), person, setting, chance, wish
        )


def _months(stream: Stream) -> int:
    return (stream.until.year - stream.since.year) * 12 + stream.until.month - stream.since.month + AFTER
