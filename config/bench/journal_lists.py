"""journal.desk, .list, .filters, .counters — what is looked at all day, in a journal of many years.

Every answer is the whole one, from the session to the last tag. The limit reads the keys of as many rows by one index.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.bench.archive import House, archive
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.times import Spent, both, percentile, spent, timed
from opora.access.scope import Scope, enter
from opora.appeals.listing import Filter
from opora.appeals.listing.page import BY_DAY, BY_DUE
from opora.appeals.models import Grant
from opora.appeals.models.grant import holder_of
from opora.classifiers.words import Channel, Flag, Form, Kind, Line
from opora.organisations.models import Employee
from opora.shared.pages import token_after

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TIMES, SHOWN = 10, 12
READERS = ("insurer", "fund", "branch")
MANY_YEARS_AGO = timedelta(days=900)
NOTE = "p95 всей страницы; предел — ключи стольких же строк из одного индекса"
ORDINARY = (Filter(), Filter(state="all"), Filter(whose="mine"), Filter(whose="queue"), Filter(state="closed"))

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ask:
    """One list as somebody opens it; ``after`` — the token of a page far behind the first."""

    who: str
    chosen: Filter
    after: str | None = None

    @property
    def name(self) -> str:
        words = "+".join(f"{name}={value}" for name, value in self.chosen.words.items())
        return f"{self.who} {words or 'open'}{' deep' if self.after else ''}"


@work(
    "journal.desk",
    unit="мс",
    bar=("figure <= 50",),
    note="p95 стола операторов; предел — строки стола по ключам",
    needs_people=False,
)
def desk(bench: Bench) -> Iterator[Round]:
    """Desks of colleagues of an insurer and of the fund, each her own."""
    with archive(bench) as house:
        address = reverse("workplace:desk")
        colleagues = [*_colleagues(house.insurer), *_colleagues(house.fund)]
        browsers = [browser_of(one) for one in colleagues]
        for _ in bench.rounds:
            for browser in browsers[:2]:
                answer(browser, address)
            times = [spent(partial(answer, browser, address)) for browser in browsers for _ in range(2)]
            figure, work_done = both(times)
            yield Round(figure, _limit(house.insurer, Filter(), len(times)), work_done)


@work("journal.list", unit="мс", bar=("figure <= 50", "deep <= 50"), note=NOTE, needs_people=False)
def lists(bench: Bench) -> Iterator[Round]:
    """The lists everybody opens: the first page and one years behind it."""
    with archive(bench) as house:
        asked = [Ask(who, chosen) for who in READERS for chosen in ORDINARY]
        deep = [Ask(one.who, one.chosen, _far(one.chosen)) for one in asked]
        for _ in bench.rounds:
            first, work_done = both([one for ask in asked for one in _ask(house, ask)])
            behind, further = both([one for ask in deep for one in _ask(house, ask)])
            limit = _limit(house.insurer, Filter(state="all"), 20 * TIMES)
            yield Round(first, limit, {**work_done, "deep": behind, **{f"deep_{k}": v for k, v in further.items()}})


@work(
    "journal.filters",
    unit="мс",
    bar=("figure <= 50", "worst <= 50"),
    note=NOTE + "; work — без ожидания процессора, worst — худший отбор",
    needs_people=False,
)
def filters(bench: Bench) -> Iterator[Round]:
    """Every filter by itself and the common pairs, first page and deep, for an insurer, a fund, a branch."""
    with archive(bench) as house:
        asked = [
            Ask(who, chosen, after) for who in READERS for chosen in _choices(house) for after in (None, _far(chosen))
        ]
        for _ in bench.rounds:
            times = {ask: _ask(house, ask, 3) for ask in asked}
            each = {
                ask.name: (figure, work_done) for ask, found in times.items() for figure, work_done in [both(found)]
            }
            worst = sorted(each.items(), key=lambda item: -item[1][1].get("work", item[1][0]))
            for name, (figure, work_done) in worst[:SHOWN]:
                log.warning("bench.filter", list=name, wall=round(figure, 1), **work_done)
            limit = _limit(house.insurer, Filter(state="all"), 20 * TIMES)
            figure, work_done = both([one for found in times.values() for one in found])
            most = {"worst": worst[0][1][0], "worst_work": worst[0][1][1].get("work", 0.0)}
            yield Round(figure, limit, {"lists": len(each), **work_done, **most})


@work(
    "journal.counters",
    unit="мс",
    bar=("figure <= 50",),
    note="p95 сводки старшей; предел — её строки счёта",
    needs_people=False,
)
def counters(bench: Bench) -> Iterator[Round]:
    """The page of a supervisor: what is late by organisation, line, employee and topic."""
    with archive(bench) as house:
        browser = browser_of(house.supervisor)
        address = reverse("appeals:supervisor")
        for _ in bench.rounds:
            answer(browser, address)
            figure, work_done = both([spent(partial(answer, browser, address)) for _ in range(2 * TIMES)])
            yield Round(figure, _limit(house.fund, Filter(), 20 * TIMES), work_done)


def _choices(house: House) -> list[Filter]:
    """Return the lists of one word and of two."""
    today = timezone.localdate()
    month = {"since": today - timedelta(days=400), "until": today - timedelta(days=370)}
    own = house.insurer.assignment
    assert own is not None  # noqa: S101 - everybody in the house works somewhere
    everything = Filter(state="all")
    single = [
        *(Filter(due=due) for due in ("overdue", "today", "week")),
        *(Filter(kind=kind) for kind in Kind.values),
        *(everything.but(kind=kind) for kind in Kind.values),
        *(everything.but(channel=channel) for channel in Channel.values),
        *(everything.but(form=form) for form in Form.values),
        *(everything.but(line=line) for line in Line.values),
        *(everything.but(topic=topic) for topic in ("2.1", "5.9", "9.1", "13.2", "14.1")),
        *(everything.but(flags=(flag,)) for flag in Flag.values),
        everything.but(handler=own.organisation_id),
        everything.but(owner=house.insurer.pk),
        everything.but(owner=house.second.pk),
        everything.but(since=today - timedelta(days=500), until=today - timedelta(days=500)),
        everything.but(**month),
        Filter(whose="mine", state="all"),
        Filter(whose="mine", state="closed"),
    ]
    kind, topic, channel = {"kind": Kind.COMPLAINT}, {"topic": "6.1"}, {"channel": Channel.POST}
    owner, line, handler = {"owner": house.second.pk}, {"line": Line.SP2}, {"handler": own.organisation_id}
    days, flag, form = month, {"flags": (Flag.values[0],)}, {"form": Form.WRITTEN}
    pairs = [
        (kind, topic), (kind, channel), (topic, channel), (kind, owner), (kind, line), (kind, handler), (kind, days),
        (topic, owner), (topic, line), (topic, handler), (topic, days), (channel, owner), (channel, line),
        (channel, handler), (channel, days), (owner, line), (owner, days), (line, days), (line, handler),
        (handler, days), (flag, kind), (flag, topic), (flag, owner), (flag, line), (flag, days), (form, kind),
        (form, topic), (form, owner), (form, line), (form, days),
    ]  # fmt: skip
    closed = [Filter(state="closed", **word) for word in (kind, topic, channel, owner, line, days)]
    late = [Filter(due="overdue", **word) for word in (kind, topic, channel, line, handler)]
    return [*single, *(everything.but(**{**one, **other}) for one, other in pairs), *closed, *late]  # type: ignore[dict-item]


def browser_of(employee: Employee) -> Client:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(employee, backend=SIGN_IN_BACKEND)
    return browser


def answer(browser: Client, address: str) -> None:
    found = browser.get(address)
    if found.status_code != 200:
        raise BenchRefused(f"{address} ответила {found.status_code}")


def _ask(house: House, ask: Ask, times: int = TIMES) -> list[Spent]:
    browser = browser_of(getattr(house, ask.who))
    address = f"{reverse('appeals:list')}?{ask.chosen.query}{f'&after={ask.after}' if ask.after else ''}"
    answer(browser, address)
    return [spent(partial(answer, browser, address)) for _ in range(times)]


def _far(chosen: Filter) -> str:
    """Return the token of a place in the middle of the years, or of the open ones."""
    now: datetime = timezone.now()
    row = Grant(registered_at=now - MANY_YEARS_AGO, due_at=now + timedelta(days=1), appeal_id=UUID(int=2**127))
    return token_after(row, order=BY_DUE if chosen.is_open else BY_DAY)


def _colleagues(employee: Employee, count: int = 20) -> list[Employee]:
    place = employee.assignment
    assert place is not None  # noqa: S101 - everybody in the house works somewhere
    with enter(Scope.system("the bench works as colleagues")):
        rows = Employee.objects.filter(assignments__organisation=place.organisation_id, assignments__role=place.role_id)
        return list(rows.order_by("pk")[:count])


def _limit(employee: Employee, chosen: Filter, times: int) -> float:
    """Return the percentile of reading the keys of one page from one index, at different depths."""
    index = (
        "closed_at IS NULL ORDER BY due_at, appeal_id"
        if chosen.is_open
        else "registered_at < %(at)s ORDER BY registered_at DESC, appeal_id DESC"
    )
    statement = f"SELECT appeal_id FROM appeals_grant WHERE organisation_id = %(holder)s AND {index} LIMIT 51"  # noqa: S608 - own words
    now = timezone.now()
    holder = holder_of(employee.scope)

    def read(step: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"holder": holder, "at": now - timedelta(days=step)})
            cursor.fetchall()

    with enter(employee.scope):
        read(0)
        return percentile([timed(partial(read, step))[0] for step in range(times)])
