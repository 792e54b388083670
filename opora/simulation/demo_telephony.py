"""The hot lines of the demonstration: of the insurer and of the fund, ten days of calls without an exchange.

An exchange that plays beside the program (``--telephony``) adds lines of its own to the same name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.insured.models import Contact
from opora.organisations.models import Employee, HotLine, Organisation
from opora.simulation.moments import at
from opora.simulation.staff import NOBODY
from opora.telephony import services
from opora.telephony.errors import InTalk
from opora.telephony.models import Call, CallBack, ExtensionRange, Line, LineDay
from opora.telephony.ports import Kind, PbxEvent
from opora.telephony.services.commands import answer_order, take_orders
from opora.telephony.words import AgentState

if TYPE_CHECKING:
    from opora.simulation import calls

PBX = "demo"
CALLERS = 300
DAYS = timedelta(days=10)
WRITES_DOWN = timedelta(seconds=20)
SYSTEM = Scope.system("the hot lines of the demonstration")
WRITTEN_DOWN = 3  # of the latest calls of each operator it is known how long she wrote down


@dataclass(frozen=True, slots=True)
class Place:
    """A line and who sits at it, the shown login first, then colleagues; calls of an average day."""

    role: str
    extensions: tuple[str, ...]
    daily: float


# These telephones are there when an exchange plays beside: 101–103 answer by themselves, 104 is hers in the browser;
# 105 stays free for level 2.
PLACES = (
    Place("sp1", ("104", "101", "102", "103"), 110.0),
    Place("op1", ("201", "202", "203", "204"), 35.0),
)


@dataclass(frozen=True, slots=True)
class Seated:
    """A line with its operators by extension."""

    line: Line
    people: dict[str, Employee]
    flow: calls.Flow


def ensure_lines(pbx: str, numbers: dict[str, str], *, second: str, closed: str, operator: str) -> str:
    """Bring the lines ``numbers`` (number: title) of the insurer that ``operator`` (a login) works for.

    Returns the code of that insurer. ``second`` is the number of the line of level 2, ``closed`` of one whose operators
    are away today.
    """
    with enter(Scope.system("lines of the demonstration")):
        by = Employee.objects.filter(login=operator).first()
        if by is None or by.scope.organisation is None:
            return ""
        for number, title in numbers.items():
            level = 2 if number == second else 1
            given = {"title": title, "level": level, "is_round_the_clock": True}
            whose = {"organisation_id": by.scope.organisation}
            line, _ = Line.objects.get_or_create(pbx=pbx, number=number, defaults={**whose, **given})
            if number == closed:
                _one_day(line, timezone.localdate(), "выходной", "учёба операторов")
        return str(Organisation.objects.values_list("code", flat=True).get(pk=by.scope.organisation))


def _one_day(line: Line, day: date, hours: str, why: str) -> None:
    given = {"organisation_id": line.organisation_id, "hours": hours, "why": why}
    LineDay.objects.get_or_create(line=line, day=day, defaults=given)


def ensure_calls(logins: dict[str, str], *, scale: float = 1.0) -> None:
    """Bring the lines, their operators and ten days of calls once. One question when they are there."""
    with enter(SYSTEM):
        if Call.objects.exists():
            return
        people = {place: Employee.objects.get(login=logins[place.role]) for place in PLACES}
        places = [_seated(place, by, scale) for place, by in people.items()]
    now = timezone.now()
    with at(now - DAYS - timedelta(hours=1)):
        for place in places:
            for extension, employee in place.people.items():
                with enter(employee.scope):
                    services.take_seat(extension, by=employee)
    for place in places:
        _live(place, now)
    for role, employee in ((place.role, by) for place, by in people.items()):
        _work(employee, 2 if role == "sp1" else 1, now)


def write_callers(file: Path, *, operator: str) -> None:
    """Write numbers of invented people whom the organisation of ``operator`` (a login) knows: who calls is somebody."""
    with enter(SYSTEM):
        by = Employee.objects.filter(login=operator).first()
        phones = _phones(by.assignment.organisation) if by is not None and by.assignment is not None else ()
        file.write_text("".join(f"{number}\n" for number in phones))


def ring(login: str, seconds: float) -> Iterator[str]:
    """Ring at the extension of an employee from the number of somebody insured; he hangs up after a while.

    Yields a sentence when it rings and one when it is over. Whoever stops waiting sooner ends the call, too.
    """
    import time

    from opora.audit.services import uuid7
    from opora.telephony.models import Agent

    with enter(SYSTEM):
        agent = Agent.objects.filter(employee__login=login).select_related("organisation").first()
        line = Line.objects.filter(organisation=agent.organisation, pbx=agent.pbx).first() if agent else None
        if agent is None or line is None:
            yield f"{login} не на линии: займите место на странице «Линия»."
            return
        name, callers = f"ring-{uuid7()}", _phones(agent.organisation)
    number = callers[hash_of(name) % len(callers)]

    def tell(kind: Kind, place: int, extension: str = "") -> None:
        told = PbxEvent(agent.pbx, f"{name}:{place}", name, kind, timezone.now(), line.number, number, extension)
        services.take_in([told])

    tell(Kind.ARRIVED, 0)
    tell(Kind.RINGING, 1, agent.extension)
    try:
        yield f"Звонит {login}, добавочный {agent.extension}. Положит трубку через {seconds:.0f} с."
        time.sleep(seconds)
    finally:
        tell(Kind.ABANDONED, 2)
    yield "Не дождался."


def return_to_line(now: datetime | None = None) -> int:
    """Put people nobody can sign in as back on the line a while after their talk; return how many.

    An exchange that plays beside gives them calls, and nobody else would press «На линию» for them.
    """
    from opora.telephony.models import Agent

    with enter(SYSTEM):
        writing = Agent.objects.filter(state=AgentState.WRAP, employee__password=NOBODY)
        done = writing.filter(since__lt=(now or timezone.now()) - WRITES_DOWN).select_related("employee")
        people = [agent.employee for agent in done if agent.employee is not None]
    for employee in people:
        with suppress(InTalk), enter(employee.scope):  # the exchange was quicker
            services.change_state(AgentState.READY, by=employee)
    return len(people)


def hash_of(name: str) -> int:
    """Return a number of a name, the same in every process."""
    return int.from_bytes(name.encode()[-6:])


def _seated(place: Place, by: Employee, scale: float) -> Seated:
    from opora.deadlines.queries import calendar
    from opora.organisations.services.hours import week_of
    from opora.simulation import calls
    from opora.simulation.demo_staff import colleagues_of

    assert by.assignment is not None  # noqa: S101 - who plays in the demonstration works somewhere
    organisation = by.assignment.organisation
    hot = HotLine.objects.filter(organisation=organisation).order_by("pk").first()
    number = hot.phone.removeprefix("+7") if hot else "8000000000"
    line, _ = Line.objects.get_or_create(
        pbx=PBX, number=f"8{number}", defaults={"title": "Линия 8-800", "organisation": organisation, "hot_line": hot}
    )
    hundred = place.extensions[0][0]
    ExtensionRange.objects.get_or_create(organisation=organisation, pbx=PBX, first=f"{hundred}00", last=f"{hundred}99")
    _one_day(line, date(timezone.localdate().year, 12, 31), "9:00–15:00", "предпраздничный день")
    team = [by, *colleagues_of(by, len(place.extensions) - 1)]
    seats = dict(zip(place.extensions, team, strict=False))
    others = [extension for other in PLACES if other != place for extension in other.extensions]
    flow = calls.Flow(
        pbx=PBX,
        line=line.number,
        seed=int(organisation.code),
        daily=place.daily * min(1.0, scale),
        zone=organisation.zone,
        week=week_of(organisation),
        works=calendar(organisation.territory_id).works,
        extensions=tuple(seats),
        neighbours=tuple(others) if place.role == "sp1" else (),
        callers=_phones(organisation) or ("",),
    )
    return Seated(line, seats, flow)


def _phones(organisation: Organisation) -> tuple[str, ...]:
    found = Contact.objects.filter(kind=Contact.Kind.PHONE, person__died_on=None)
    if organisation.kind == Organisation.Kind.INSURER:
        found = found.filter(person__insurer=organisation)
    return tuple(found.order_by("pk").values_list("normalised", flat=True)[:CALLERS])


def _live(place: Seated, now: datetime) -> None:
    """Take in ten days; the latest calls of each operator fact by fact, so that she writes down after them."""
    from opora.simulation import calls

    flow = place.flow
    whole = calls.calls(flow, (now - DAYS).astimezone(flow.zone).date(), now)
    last = _latest(whole, place)
    services.take_in([fact for call in whole if call not in last for fact in call.facts(flow)])
    for step in range(WRITTEN_DOWN):
        together = [own[step] for own in _by_agent(last, place) if step < len(own)]
        facts = [fact for call in together for fact in call.facts(flow)]
        services.take_in([fact for fact in facts if fact.kind not in {Kind.ENDED, Kind.RATED}])
        services.take_in(facts)
        for call in together:
            employee = place.people[call.agents[0]]
            with at(call.ended_at + timedelta(seconds=12 + call.talked % 40)), enter(employee.scope):
                services.change_state(AgentState.READY, by=employee)
    *ready, resting = place.people.values()
    for employee in ready:
        with enter(employee.scope):
            services.change_state(AgentState.READY, by=employee)
    with enter(resting.scope):
        services.change_state(AgentState.BREAK, "meal", by=resting)
    _hear()


def _hear() -> None:
    """The invented exchange hears what employees do now; of what they did it was not told in time."""
    for order in take_orders(PBX):
        answer_order(order)


def _latest(whole: Sequence[calls.Call], place: Seated) -> list[calls.Call]:
    return [call for own in _by_agent(whole, place) for call in own[-WRITTEN_DOWN:]]


def _by_agent(whole: Sequence[calls.Call], place: Seated) -> list[list[calls.Call]]:
    plain = [call for call in whole if call.fate == "answered" and len(call.agents) == 1 and not call.is_out]
    return [[call for call in plain if call.agents[0] == extension] for extension in place.people]


def _work(employee: Employee, number: int, now: datetime) -> None:
    """Take some tasks to call back; nobody has answered the first of them yet."""
    with enter(employee.scope):
        open_ones = CallBack.objects.accessible_to(employee).open().filter(owner=None).exclude(caller="")
        tasks = list(open_ones.order_by("-due_at", "pk")[:number])
        for task in tasks:
            services.take_task(task.pk, by=employee)
        with at(now - timedelta(hours=2, minutes=10)):
            for task in tasks[:1]:
                services.call_back_later(task.pk, by=employee)
