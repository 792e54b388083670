"""The months themselves: people, colleagues, the journal of both years, its chain, what became of complaints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal
from opora.insured.models import Person
from opora.organisations.models import HotLine, Organisation
from opora.shared.sql import question
from opora.simulation.cases.settle import settle_cases
from opora.simulation.chaining import chain_all
from opora.simulation.directory import ensure_directory
from opora.simulation.journal.exact import Order, first_of, tell
from opora.simulation.journal.stream import Stream
from opora.simulation.novosibirsk.errors import OtherJournal
from opora.simulation.novosibirsk.targets import OFFICES, Aims, aims, orders, people_needed, years
from opora.simulation.people.finish import refresh
from opora.simulation.people.plan import Plan
from opora.simulation.people.words import territories
from opora.simulation.people.work import load_people
from opora.simulation.staff import ensure_staff

HOME, CLINICS = "50000", 12
STAFF_SINCE, STAFF_SEED = date(2023, 1, 9), 2_025
LIVED = Scope.system("months of a contact centre are lived")

_counted = question(Path(__file__).parent / "sql", "counted")


@dataclass(frozen=True, slots=True)
class Told:
    """One year: its stream and what is ordered of it."""

    aim: Aims
    stream: Stream
    orders: list[Order]


@dataclass(frozen=True, slots=True)
class Counted:
    """What plain SQL finds in the journal of the months of a year."""

    year: int
    appeals: int
    consultations: int
    oral: int
    fund_line: int
    insurers_lines: int
    feedback: int
    feedback_consultations: int
    feedback_by_insurers: int
    chat: int
    complaints: int
    justified: int
    quality: int
    not_received: int
    in_time: int
    still_open: int
    cases: int
    restored: int


def live(
    scale: float,
    seed: int,
    *,
    done: Callable[[int], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Counted]:
    """Live both years at a scale; return what is counted over the rows, the year before first.

    ``done`` hears people, appeals and events in their turn, ``say`` what goes on. Safe to stop and to repeat.
    Raises OtherJournal where the months hold other appeals.
    """
    with enter(LIVED):
        offices = _offices()
    both = [_told(aims(year, scale), offices, seed) for year in years()]
    say("Люди")
    _populate(people_needed(scale), seed, done)
    _check(both)
    for one in both:
        say(f"Обращения {one.aim.year} года")
        tell(one.stream, one.orders, done=done)
    with enter(LIVED):
        say("Дела по жалобам")
        settle_cases(HOME, seed=seed)
    say("Цепочка событий")
    chain_all(done)
    with enter(LIVED):
        return [counted(one.aim) for one in both]


def size(scale: float) -> int:
    """Return how many people and appeals there will be."""
    return people_needed(scale) + sum(aims(year, scale).total for year in years())


def counted(aim: Aims) -> Counted:
    zone = ZoneInfo(next(one for one in territories() if one.okato == HOME).time_zone)
    since = datetime.combine(aim.since, datetime.min.time(), tzinfo=zone)
    until = datetime.combine(aim.until + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    return Counted(aim.year, *_counted(territory=HOME, since=since, until=until)[0])


def _offices() -> dict[str, int]:
    """Make the organisations and their colleagues; return their keys by the names of doors.tsv."""
    home = next(one for one in territories() if one.okato == HOME)
    directory = ensure_directory(home, insurers=len(OFFICES) - 1, clinics=CLINICS)
    fund = Organisation.objects.get(kind=Organisation.Kind.FUND, code=f"{home.enp_region}900")
    insurers = list(Organisation.objects.filter(pk__in=directory.insurers).order_by("code"))
    ensure_staff([fund, *insurers], since=STAFF_SINCE, seed=STAFF_SEED)
    for number, one in enumerate([fund, *insurers]):
        if not HotLine.objects.filter(organisation=one).exists():
            HotLine.objects.create(organisation=one, phone=f"+7800000002{number}", is_round_the_clock=one != fund)
    return dict(zip(OFFICES, [one.pk for one in (fund, *insurers)], strict=True))


def _told(aim: Aims, offices: dict[str, int], seed: int) -> Told:
    return Told(aim, Stream(HOME, aim.since, aim.until, seed=seed), orders(aim, offices, seed))


def _populate(wanted: int, seed: int, done: Callable[[int], None]) -> None:
    """Bring the people unless so many live there already."""
    with enter(LIVED):
        if Person.objects.filter(territory=HOME).count() >= wanted:
            done(wanted)
            return
    home = next(one for one in territories() if one.okato == HOME)
    plan = Plan(seed=seed, as_of=date(2024, 1, 1), insurers=len(OFFICES) - 1, clinics=CLINICS, territories=(home,))
    refresh(load_people(plan, wanted, done=done))


def _check(both: list[Told]) -> None:
    firsts = [first_of(one.stream, one.orders) for one in both]
    with enter(LIVED):
        if Appeal.objects.filter(pk__in=[life.id for life in firsts if life]).exists():
            return
        if any(counted(one.aim).appeals for one in both):
            raise OtherJournal
