"""To whom an appeal should go: suggestions with reasons, never orders. Routes are rows of the territory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from opora.appeals.actor import Actor, first_line, holder_id, kind_of
from opora.appeals.models import Appeal, Route
from opora.appeals.rules import LEVELS
from opora.appeals.services import Target
from opora.classifiers.models import Topic
from opora.classifiers.words import Kind, Line, Outside
from opora.organisations.models import Employee, Organisation
from opora.shared.sql import question

FRESH = 30.0  # seconds a process believes the routes it has read
SOON = timedelta(days=1)
_workload = question(Path(__file__).parent / "sql", "workload")
_UP = {
    "fund": {1: Line.OP2},
    "insurer": {1: Line.SP2, 2: Line.SP3},
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is known when somebody asks where an appeal should go.

    ``insurer`` is that of the person, None — not known; ``person_territory`` where he is insured, empty — not known;
    ``besides`` the appeal itself, when it is registered already. ``clinic`` is the one he waits in or is attached to,
    ``accused`` are keys of the clinics he complains about: nothing is suggested to them.
    """

    kind: str
    topic: Topic
    flags: Sequence[str] = ()
    text: str = ""
    insurer: Organisation | None = None
    person_territory: str = ""
    person_id: int | None = None
    besides: UUID | None = None
    clinic: Organisation | None = None
    accused: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go. ``target`` None — stay (answer by the card) or send outside: ``outside`` says where, ``addressee``
    to whom if the reference book has it.
    """

    send_to: str
    title: str
    why: str
    target: Target | None = None
    outside: str = ""
    source: str = ""
    appeal: Appeal | None = None
    addressee: Organisation | None = None


def suggest(asked: Question, *, actor: Actor, level: int | None, on: date | None = None) -> list[Suggestion]:
    """Return where the appeal should go, the best first; the same place is named once.

    A case of the person that is still open goes to who has it. Shape: at most three queries, most days one.
    """
    found = list(_open_cases(asked))
    day = on or timezone.localdate()
    for route in routes(actor.territory):
        if fits(route, asked, actor, level, day):
            suggestion = _place(route, asked, actor, level)
            if suggestion is not None and all(not _same(suggestion, other) for other in found):
                found.append(suggestion)
    return found


def routes(territory: str) -> Sequence[Route]:
    """Return the routes a territory follows, in their order: its own if it has any, else the country's."""
    return _routes(territory, int(time.monotonic() / FRESH))


def fits(route: Route, asked: Question, actor: Actor, level: int | None, on: date) -> bool:
    """Say whether every condition of a route holds; an empty one fits all."""
    if not (route.since <= on and (route.until is None or on <= route.until)):
        return False
    flags = {*map(str, asked.flags), *asked.topic.flags}
    text = asked.text.casefold()
    conditions = (
        not route.organisation_kind or route.organisation_kind == kind_of(actor.organisation),
        route.level is None or route.level == level,
        not route.kinds or asked.kind in route.kinds,
        not route.topics or any(_belongs(asked.topic.code, topic) for topic in route.topics),
        not route.flags or bool(flags & set(route.flags)),
        not route.words or any(word.casefold() in text for word in route.words),
        route.is_typical is None or route.is_typical == asked.topic.is_typical,
        not route.person or route.person == whose(asked, actor),
    )
    return all(conditions)


def whose(asked: Question, actor: Actor) -> str:
    """Return whose insured the person is, seen by who asks; empty when it is not known."""
    if asked.person_territory and asked.person_territory != actor.territory:
        return Route.Person.ELSEWHERE
    if asked.insurer is None:
        return ""
    return Route.Person.OWN if holder_id(asked.insurer) == actor.holder else Route.Person.OTHER


@dataclass(frozen=True, slots=True)
class Load:
    """How busy an employee is: open appeals, those due within a day."""

    employee: Employee
    open: int
    due_soon: int


def least_busy(holder: int, line: str) -> list[Load]:
    """Return who works on a line now, the least busy by nearest deadline first. Two queries."""
    now = timezone.now()
    level = LEVELS.get(Line(line), 0)
    rows = _workload(holder=holder, level=level, today=timezone.localdate(), soon=now + SOON)
    people = Employee.objects.in_bulk([row.employee_id for row in rows])
    return [Load(people[row.employee_id], row.open, row.due_soon) for row in rows if row.employee_id in people]


def forget(**_: object) -> None:
    _routes.cache_clear()


def _open_cases(asked: Question) -> Iterable[Suggestion]:
    if asked.person_id is None:
        return
    cases = Appeal.objects.open().filter(parties__person=asked.person_id).distinct()
    if asked.besides is not None:
        cases = cases.exclude(pk=asked.besides)
    for case in cases.select_related("handler", "owner", "topic").order_by("-registered_at")[:3]:
        same = case.topic_code.partition(".")[0] == asked.topic.code.partition(".")[0]
        if not same:
            continue
        owner = case.owner if case.owner is not None and case.owner.is_active else None
        who = owner.short_name if owner else Line(case.line).label
        yield Suggestion(
            send_to="owner",
            title=f"{case.handler.name}, {who}",
            why=f"По обращению {case.number} этого человека ещё идёт работа: повторное передают тому, кто её ведёт.",
            target=Target(handler=case.handler, line=Line(case.line), owner=owner),
            source="п. 33",
            appeal=case,
        )


def _place(route: Route, asked: Question, actor: Actor, level: int | None) -> Suggestion | None:
    make = _PLACES[Route.SendTo(route.send_to)]
    found = make(route, asked, actor, level)
    if found is None:
        return None
    title, target, outside, *addressee = found
    whom = next(iter(addressee), None)
    return Suggestion(route.send_to, title, route.why, target, outside, route.source, addressee=whom)


type Found = tuple[str, Target | None, str] | tuple[str, None, str, Organisation] | None


def _stay(route: Route, asked: Question, actor: Actor, level: int | None) -> Found:
    return "Ответить самим по карточке", None, ""


def _up(route: Route, asked: Question, actor: Actor, level: int | None) -> Found:
    line = Line(route.line) if route.line else _UP.get(kind_of(actor.organisation), {}).get(level or 0)
    return (f"На линию {line.label}", Target(line=line), "") if line else None


def _expert(route: Route, asked: Question, actor: Actor, level: int | None) -> Found:
    if level == 3 or kind_of(actor.organisation) != "insurer":
        return None
    return f"На линию {Line.SP3.label}", Target(line=Line.SP3), ""


def _insurer(route: Route, asked: Question, actor: Actor, level: int | None) -> Found:
    if asked.insurer is None or holder_id(asked.insurer) == actor.holder:
        return None
    line = Line(route.line) if route.line else first_line(asked.insurer)
    outside = Outside.INSURER if kind_of(actor.organisation) == "insurer" else ""
    return f"{asked.insurer.name}, {line.label}", Target(handler=asked.insurer, line=line), outside


def _fund(route: Route, asked: Question, actor: Actor, level: int | None) -> Found:
    funds = Organisation.objects.current().filter(kind=Organisation.Kind.FUND, territory=actor.territory)
    fund = funds.first()
    if fund is None or fund.pk == actor.holder:
        return None
    line = Line(route.line) if route.line else first_line(fund)
    return f"{fund.name}, {line.label}", Target(handler=fund, line=line), ""


def _elsewhere(route: Route, asked: Question, actor: Actor, level: int | None) -> Found:
    if not asked.person_territory or asked.person_territory == actor.territory:
        return None
    fund = Organisation.objects.filter(kind=Organisation.Kind.FUND, territory=asked.person_territory).first()
    return (fund.name if fund else "Фонд другого региона"), None, Outside.TERRITORY


def _provider(route: Route, asked: Question, actor: Actor, level: int | None) -> Found:
    clinic = asked.clinic
    if clinic is None or clinic.territory_id != actor.territory or clinic.pk == actor.holder:
        return None
    if clinic.closed_on is not None or (asked.kind == Kind.COMPLAINT and clinic.pk in asked.accused):
        return None
    return clinic.name, None, Outside.PROVIDER, clinic


def _authority(route: Route, asked: Question, actor: Actor, level: int | None) -> Found:
    here = Organisation.objects.current().filter(kind=Organisation.Kind.AUTHORITY, territory=actor.territory)
    authority = here.order_by("name", "pk").first()
    if authority is None or authority.pk == actor.holder:
        return None
    return authority.name, None, Outside.AUTHORITY, authority


_PLACES: dict[str, Callable[[Route, Question, Actor, int | None], Found]] = {
    Route.SendTo.STAY: _stay,
    Route.SendTo.UP: _up,
    Route.SendTo.EXPERT: _expert,
    Route.SendTo.INSURER: _insurer,
    Route.SendTo.FUND: _fund,
    Route.SendTo.ELSEWHERE: _elsewhere,
    Route.SendTo.PROVIDER: _provider,
    Route.SendTo.AUTHORITY: _authority,
}


def _same(one: Suggestion, other: Suggestion) -> bool:
    return (one.target, one.outside, one.target is None and one.send_to) == (
        other.target,
        other.outside,
        other.target is None and other.send_to,
    )


def _belongs(code: str, topic: str) -> bool:
    return code == topic or code.startswith(f"{topic}.")


@lru_cache(maxsize=64)
def _routes(territory: str, moment: int) -> Sequence[Route]:
    found = list(Route.objects.filter(territory__in=["", territory]).order_by("position", "pk"))
    own = [route for route in found if route.territory]
    return tuple(own or found)
