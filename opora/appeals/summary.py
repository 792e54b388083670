"""What is late and what will be, by whom and about what: sums of kept counters, topics from the open grants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils import timezone

from opora.appeals.actor import actor_of
from opora.classifiers.models import Topic
from opora.classifiers.words import Line
from opora.organisations.models import Employee, Organisation
from opora.shared.sql import question

if TYPE_CHECKING:
    from collections.abc import Callable

SQL = Path(__file__).parent / "sql"
_tally = question(SQL, "late_by_place")
_topics = question(SQL, "late_by_topic")
_intake = question(SQL, "intake_time")
MONTH = timedelta(days=30)
FEWEST = 5  # a median of fewer would tell of single talks
DUES = ("overdue", "today", "week")


@dataclass(slots=True)
class Row:
    """One line of the summary: counts by when they are due; each opens its list by ``words`` of the address."""

    title: str
    words: dict[str, Any]
    overdue: int = 0
    today: int = 0
    week: int = 0
    open: int = 0

    def add(self, found: Any) -> None:
        for name in (*DUES, "open"):
            setattr(self, name, getattr(self, name) + (getattr(found, name) or 0))

    @property
    def cells(self) -> list[tuple[str, int, str]]:
        """Return (name, number, address words) of each number."""
        lists = [(due, getattr(self, due), urlencode({**self.words, "due": due})) for due in DUES]
        return [*lists, ("open", self.open, urlencode({**self.words, "state": "open"}))]


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole page of numbers."""

    total: Row
    organisations: list[Row]
    lines: list[Row]
    employees: list[Row]
    topics: list[Row]


def summary(employee: Employee) -> Summary:
    """Return what is late, due today and this week where she supervises. Four queries, none of them counts appeals."""
    today, actor = _today(employee), actor_of(employee)
    sunday = today + timedelta(days=6 - today.weekday())
    is_fund = employee.scope.sees == "territory"
    found = _tally(
        today=today,
        sunday=sunday,
        territory=employee.scope.territory or None,
        handler=None if is_fund else actor.holder,
    )
    names = dict(Organisation.objects.filter(pk__in={row.handler_id for row in found}).values_list("pk", "name"))
    people = {
        person.pk: person.short_name for person in Employee.objects.filter(pk__in={row.owner_id for row in found})
    }
    total = Row("Всего", {} if is_fund else {"handler": actor.holder})
    for row in found:
        total.add(row)
    own = [row for row in found if row.handler_id == actor.holder]
    return Summary(
        total,
        _grouped(
            found, lambda row: row.handler_id, lambda key: names.get(key, "организация"), lambda key: {"handler": key}
        ),
        _grouped(
            own,
            lambda row: row.line,
            lambda key: str(Line(key).label),
            lambda key: {"handler": actor.holder, "line": key},
        ),
        _grouped(
            own,
            lambda row: row.owner_id,
            lambda key: people.get(key, "сотрудник") if key else "Никто не взял",
            lambda key: {"handler": actor.holder, **({"owner": key} if key else {"whose": "nobody"})},
        ),
        _by_topic(employee, today, sunday),
    )


def _grouped(
    rows: Iterable[Any], key: Callable[[Any], Any], title: Callable[[Any], str], words: Callable[[Any], dict[str, Any]]
) -> list[Row]:
    found: dict[Any, Row] = {}
    for row in rows:
        place = key(row)
        found.setdefault(place, Row(title(place), words(place))).add(row)
    return sorted(found.values(), key=lambda row: (-row.overdue, -row.today, -row.week, row.title))


def _by_topic(employee: Employee, today: date, sunday: date) -> list[Row]:
    zone = employee.assignment.organisation.zone if employee.assignment else timezone.get_current_timezone()
    now = timezone.now()

    def end(day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)

    found = _topics(
        holder=actor_of(employee).holder,
        territory=employee.scope.territory or None,
        now=now,
        today=end(today),
        sunday=end(sunday),
    )
    titles = topic_titles(row.topic_code for row in found)
    rows = []
    for row in found:
        line = Row(titles.get(row.topic_code, row.topic_code), {"topic": row.topic_code})
        line.add(row)
        rows.append(line)
    return rows


def topic_titles(codes: Iterable[str]) -> dict[str, str]:
    """Return the titles of topics by code, those of the latest edition."""
    return dict(Topic.objects.filter(code__in=set(codes)).order_by("pk").values_list("code", "title"))


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """How long registering takes on one topic, never by whom."""

    title: str
    median: timedelta
    talks: int


def intake_times(employee: Employee) -> list[IntakeRow]:
    """Return medians of the last thirty days by topic, the longest first."""
    today = _today(employee)
    found = _intake(holder=actor_of(employee).holder, since=today - MONTH, until=today, fewest=FEWEST)
    titles = topic_titles(row.topic_code for row in found)
    return [
        IntakeRow(titles.get(row.topic_code, row.topic_code), timedelta(seconds=int(row.median)), row.talks)
        for row in found
    ]


def _today(employee: Employee) -> date:
    zone = employee.assignment.organisation.zone if employee.assignment else None
    return timezone.localdate(timezone=zone)
