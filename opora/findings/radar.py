"""The radar of waits: clinic by service, against the limit in force, and the rows behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum

from opora.access.scope import Sees
from opora.appeals import waits
from opora.classifiers.models import Topic
from opora.deadlines import waiting
from opora.deadlines.waiting import Suspicion, WaitingPack
from opora.findings.models import NOBODY, Day, Fact
from opora.findings.words import What
from opora.organisations.models import Organisation
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOST = 200  # lines of the radar
NO_SUSPICION = "none"  # in addresses and forms, where an empty word is «whatever it is»
NO_SERVICE = "Услугу не назвали"
NO_CLINIC = "Клинику не назвали"
_radar = question(Path(__file__).parent / "sql", "radar")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the radar: days inclusive; ``insurer`` and ``provider`` None — all she sees."""

    since: date
    until: date
    insurer: int | None = None
    provider: int | None = None

    @property
    def weeks(self) -> int:
        return (self.until - self.since).days // 7 + 1

    def query(self, **more: object) -> str:
        given = {"insurer": self.insurer, "provider": self.provider, **more}
        kept = {name: value for name, value in given.items() if value not in (None, "")}
        return urlencode({"since": self.since.isoformat(), "until": self.until.isoformat(), **kept})


@dataclass(frozen=True, slots=True)
class Cell:
    """What a number counts; days inclusive, None — whatever it is."""

    what: str
    code: str
    since: date
    until: date
    provider: int | None = None
    insurer: int | None = None
    suspicion: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One clinic and service: ``numbers`` and ``overs`` by week from the first; ``limit`` in words, empty — unknown."""

    provider: int
    clinic: str
    code: str
    suspicion: str
    service: str
    number: int
    over: int
    middle: int | None
    longest: int | None
    limit: str
    numbers: list[int]
    overs: list[int]
    query: str

    @property
    def named(self) -> bool:
        """Whether a finding can be made of it: a clinic and a service."""
        return self.provider != NOBODY and bool(self.code)

    @property
    def subject(self) -> str:
        """What a finding of this line is about, as its form has it."""
        return f"{What.WAIT}:{self.code}:{self.suspicion or NO_SUSPICION}"


def lines(asked: Asked, employee: Employee) -> list[Line]:
    """Return the radar, the most over the limit first. Two queries; packs are read from memory."""
    scope = employee.scope
    territory = scope.territory
    insurer = scope.insurer if scope.sees == Sees.INSURER else asked.insurer
    if scope.sees in {Sees.PROVIDER, Sees.NOTHING}:
        return []
    rows = _radar(
        since=asked.since, until=asked.until, territory=territory, insurer=insurer, provider=asked.provider, most=MOST
    )
    clinics = names({row.provider_id for row in rows})
    place = territory or _home(employee)
    packs, titles = waits.packs(place), dict(waits.services(place))
    return [
        Line(
            provider=row.provider_id,
            clinic=clinics.get(row.provider_id, NO_CLINIC),
            code=row.code,
            suspicion=row.suspicion,
            service=service_words(titles, row.code, row.suspicion),
            number=row.number,
            over=row.over,
            middle=row.middle,
            longest=row.longest,
            limit=limit_words(packs, row.code, row.suspicion, asked, place),
            numbers=_spread(row.weeks, row.numbers, asked.weeks),
            overs=_spread(row.weeks, row.overs, asked.weeks),
            query=asked.query(
                provider=row.provider_id, what=str(What.WAIT), code=row.code, suspicion=row.suspicion or NO_SUSPICION
            ),
        )
        for row in rows
    ]


def counted(cell: Cell, employee: Employee) -> tuple[int, int]:
    """Return (appeals, over the limit) of a cell as counts say it. One query."""
    sums = _of_cell(Day.objects.accessible_to(employee), cell).aggregate(number=Sum("number"), over=Sum("over"))
    return sums["number"] or 0, sums["over"] or 0


def rows(cell: Cell, employee: Employee, *, only_over: bool = False) -> QuerySet[Fact]:
    """Return the facts behind a number that she may see: fewer than the number where another answers for some."""
    found = _of_cell(Fact.objects.accessible_to(employee), cell)
    found = found.filter(is_over=True) if only_over else found
    return found.select_related("appeal__topic", "appeal__handler")


def names(providers: set[int]) -> dict[int, str]:
    found = Organisation.objects.filter(pk__in=providers - {NOBODY})
    return dict(found.values_list("pk", "name"))


def suspicion_of(word: str) -> str | None:
    """Return a suspicion as an address or a form names it: None — whatever it is, «» — of none."""
    return {"": None, NO_SUSPICION: ""}.get(word, word)


def topic_words(codes: set[str]) -> dict[str, str]:
    """Return titles of topics, the newest wording of each."""
    found = Topic.objects.filter(code__in=codes).order_by("edition__since", "edition_id")
    return dict(found.values_list("code", "title"))


def subject(what: str, code: str, territory: str, suspicion: str = "") -> str:
    """Return what a cell is about, in words."""
    if what == What.WAIT:
        return "Ожидание: " + service_words(dict(waits.services(territory)), code, suspicion)
    return topic_words({code}).get(code, code)


def service_words(titles: dict[str, str], code: str, suspicion: str) -> str:
    words = titles.get(code, code) if code else NO_SERVICE
    known = suspicion if suspicion in set(Suspicion) else ""
    return f"{words}, подозрение: {Suspicion(known).words}" if known else words


def limit_words(packs: Sequence[WaitingPack], code: str, suspicion: str, asked: Asked, territory: str) -> str:
    """Return the limit in force over the period; where the law changed in it, all of them from oldest to newest."""
    days = {asked.since, asked.until, *(pack.since for pack in packs if asked.since < pack.since <= asked.until)}
    found = []
    for day in sorted(days):
        try:
            limit, _ = waiting.choose(packs, service=code, on=day, suspicion=Suspicion(suspicion), territory=territory)
        except (waiting.NoSuchLimit, ValueError):
            continue
        found.append(limit.in_words)
    return ", затем ".join(dict.fromkeys(found))


def last_weeks(today: date, weeks: int = 13) -> tuple[date, date]:
    """Return a period of whole weeks that ends today: from a Monday."""
    return today - timedelta(days=today.weekday() + 7 * (weeks - 1)), today


def _of_cell[M: (Day, Fact)](found: QuerySet[M], cell: Cell) -> QuerySet[M]:
    given = {"provider_id": cell.provider, "insurer_id": cell.insurer, "suspicion": cell.suspicion}
    narrow = {name: value for name, value in given.items() if value is not None}
    return found.filter(what=cell.what, code=cell.code, day__gte=cell.since, day__lte=cell.until, **narrow)


def _spread(weeks: list[int], values: list[int], length: int) -> list[int]:
    found = dict(zip(weeks, values, strict=True))
    return [found.get(week, 0) for week in range(length)]


def _home(employee: Employee) -> str:
    assignment = employee.assignment
    return str(assignment.organisation.territory_id) if assignment else ""
