"""Questions of the line: who is calling, what waits, what she has to do. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals.actor import actor_of
from opora.appeals.models import Appeal, Callback, Draft
from opora.appeals.queries import cases_of
from opora.informing.models import Touch
from opora.informing.words import Channel, Measure, Outcome, TouchState
from opora.insured.models import Contact, Person
from opora.insured.search.find import shown
from opora.telephony.hours import opens
from opora.telephony.models import Agent, Call, CallBack, CallEvent, Command, ExtensionRange, Line
from opora.telephony.services.taking import SLACK
from opora.telephony.words import Act, AgentState, Answer, Direction, Now

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOST_PEOPLE, CONTACTS, LAST_CALLS, TASKS, PROMISES = 5, 3, 12, 30, 10


@dataclass(frozen=True, slots=True)
class Reached:
    """One contact of ours with a person, or a list he stands on (``is_ahead``)."""

    measure: str
    channel: str
    at: datetime
    outcome: str
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """A call at her extension and whom the number names. ``person`` when it names one; ``more`` — others were left
    out."""

    call: Call
    people: list[Person] = field(default_factory=list)
    more: bool = False
    cases: list[Appeal] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    before: int = 0
    extension: str = ""
    goals: list[tuple[str, str]] = field(default_factory=list)

    @property
    def stands(self) -> str:
        """What she can do: it «rings» at her, she «talks», «held» him, «asks» a colleague, is «asked» by one."""
        call, here = self.call, self.extension
        if here in call.ringing:
            return "rings" if call.direction == Direction.IN else ""
        if call.aside == here:
            return "asked"
        if call.aside or call.ringing:
            return "asks"
        return {Now.TALKING: "talks", Now.HELD: "held"}.get(Now(call.now), "")

    @property
    def person(self) -> Person | None:
        return self.people[0] if len(self.people) == 1 else None

    @property
    def phone(self) -> str:
        return f"+{self.call.caller}" if self.call.caller else ""

    @property
    def open_cases(self) -> list[Appeal]:
        return [case for case in self.cases if case.closed_at is None]


def caller_of(employee: Employee) -> Caller | None:
    """Who calls her now, the earliest of two; while she talks — with whom. Nine queries at most, none by scan."""
    agent = Agent.objects.filter(employee=employee).first()
    if agent is None:
        return None
    call = Call.objects.accessible_to(employee).at(agent).select_related("line").order_by("began_at").first()
    if call is None:
        return None
    here = agent.extension
    goals = goals_of(agent) if call.now == Now.TALKING and call.extension == here else []
    number = call.caller
    if len(number) < 10 or not employee.holds(Right.INSURED_SEARCH):
        return Caller(call, extension=here, goals=goals)
    people = people_of(number, employee)
    one = people[0] if len(people) == 1 else None
    cases = list(cases_of(employee, person_id=one.pk if one else None, phone=f"+{number}"))
    before = Call.objects.accessible_to(employee).filter(caller=number).exclude(pk=call.pk).count()
    reached = reached_of(one, employee) if one and employee.holds(Right.INFORMING_VIEW) else []
    return Caller(call, people[:MOST_PEOPLE], len(people) > MOST_PEOPLE, cases, reached, before, here, goals)


def goals_of(agent: Agent) -> list[tuple[str, str]]:
    """Whom a call may be handed over to: lines of the next level, then colleagues on the line. Two queries."""
    whose = {"organisation": agent.organisation_id, "pbx": agent.pbx}
    lines = Line.objects.filter(**whose, closed_on=None, level__gt=1).order_by("level", "title")
    seated = Agent.objects.filter(**whose, employee__isnull=False).exclude(pk=agent.pk).select_related("employee")
    free = {AgentState.READY: 0, AgentState.WRAP: 1}
    near = sorted(seated, key=lambda one: (free.get(AgentState(one.state), 2), one.extension))
    return [
        *((line.number, line.title) for line in lines),
        *((one.extension, f"{one.employee}, {one.get_state_display()}") for one in near),
    ]


def people_of(number: str, employee: Employee) -> list[Person]:
    """People she may see who gave this number, one more than is shown; not those it was wrong for. Two queries."""
    named = Contact.objects.filter(kind=Contact.Kind.PHONE, normalised=number).exclude(state=Contact.State.WRONG)
    ids = list(named.values_list("person", flat=True).distinct()[: MOST_PEOPLE + 1])
    return list(shown(employee).filter(pk__in=ids).order_by("birth_on", "pk")) if ids else []


def reached_of(person: Person, employee: Employee) -> list[Reached]:
    """Lists he stands on and our last contacts, latest first. One query."""
    found = Touch.objects.accessible_to(employee).filter(person_id=person.pk).order_by("-planned_at")
    return [
        Reached(
            Measure(touch.measure).label,
            Channel(touch.channel).label,
            touch.final_at or touch.planned_at,
            Outcome(touch.outcome).label if touch.outcome else "",
            touch.state == TouchState.PLANNED,
        )
        for touch in found[:CONTACTS]
    ]


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line at this moment: how many wait, since when the first of them, whether operators are at work."""

    line: Line
    waiting: int
    since: datetime | None
    opens: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page of the line shows an operator."""

    agent: Agent | None
    lines: list[LineNow]
    colleagues: dict[str, int]
    tasks: list[CallBack]
    promises: list[Callback]
    calls: list[tuple[Call, Draft | None]]
    channel: str
    unheard: str = ""
    extensions: str = ""


def desk_of(employee: Employee, now: datetime | None = None) -> Desk:
    """Return her page of the line. Thirteen queries and those of the calendar."""
    now = now or timezone.now()
    organisation = employee.scope.organisation
    agents = Agent.objects.accessible_to(employee).exclude(state=AgentState.AWAY)
    states = dict(agents.order_by("state").values_list("state").annotate(Count("pk")))
    mine = Call.objects.accessible_to(employee).filter(employee=employee).select_related("line")
    calls = list(mine.order_by("-began_at")[:LAST_CALLS])
    actor = actor_of(employee)
    hers = Callback.objects.open().filter(owner=employee)
    nobodys = Callback.objects.of_line(actor.holder, actor.line)
    promises = [
        promise
        for rows in (hers, nobodys)
        for promise in rows.select_related("appeal__topic").order_by("due_at")[:PROMISES]
    ]
    agent = Agent.objects.filter(employee=employee).first()
    return Desk(
        agent=agent,
        lines=lines_now(employee, now),
        colleagues={str(AgentState(state).label): number for state, number in states.items()},
        tasks=sorted(tasks_of(employee, now)[:TASKS], key=lambda task: (task.due_at, task.pk)),
        promises=sorted(promises, key=lambda promise: (promise.due_at, promise.pk)),
        calls=with_drafts(calls, employee),
        channel=f"org:{organisation}:line emp:{employee.pk}",
        unheard=unheard(agent) if agent else "",
        extensions="" if agent else extensions_of(employee),
    )


def extensions_of(employee: Employee) -> str:
    """Return the extensions of her organisation in words, "" where none are written down. One query."""
    own = ExtensionRange.objects.accessible_to(employee).order_by("first")
    return ", ".join(map(str, own.filter(pbx__in=Line.objects.accessible_to(employee).values("pbx"))))


def unheard(agent: Agent) -> str:
    """Return why the exchange does not know what she does now, "" when it does or there is none. One query."""
    if settings.PBX is None:
        return ""
    told = Command.objects.filter(employee=agent.employee_id, act=Act.STATE).order_by("-asked_at").first()
    if told is None or told.answer in {Answer.DONE, Answer.TAKEN}:
        return ""
    if told.answer == Answer.WAITING and told.expires_at > timezone.now():
        return ""
    return told.sentence or "Команда АТС не выполнена."


def tasks_of(employee: Employee, now: datetime) -> QuerySet[Any, Any]:
    """People to call back now, of whom the page shows the first: her own, then nobody's and colleagues', by their term.

    ``ahead`` — how many who called the line before him still wait there: nobody, and his turn has come.
    """
    found = CallBack.objects.accessible_to(employee).open().filter(Q(not_before=None) | Q(not_before__lte=now))
    mine = Q(owner=employee)
    earlier = Call.objects.live().filter(line=OuterRef("line"), direction="in", answered_at=None)
    ahead = earlier.filter(began_at__lt=OuterRef("called_at")).order_by().values("line").annotate(number=Count("pk"))
    found = found.annotate(ahead=Coalesce(Subquery(ahead.values("number")), 0))
    return found.select_related("owner", "line").annotate(is_mine=mine).order_by("-is_mine", "due_at", "pk")


def lines_now(employee: Employee, now: datetime) -> list[LineNow]:
    """Her organisation's lines with what waits on them."""
    lines = Line.objects.accessible_to(employee).filter(closed_on=None).select_related("organisation__territory")
    live = Call.objects.live().filter(now__in=[Now.WAITING, Now.RINGING], direction="in")
    waiting = {row["line"]: row for row in live.values("line").annotate(number=Count("pk"), since=Min("began_at"))}
    found = []
    for line in lines.prefetch_related("organisation__working_hours", "days"):
        queue: Any = waiting.get(line.pk, {})
        at = opens(line, now)
        found.append(LineNow(line, queue.get("number", 0), queue.get("since"), at, at == now))
    return found


def with_drafts(calls: Sequence[Call], employee: Employee) -> list[tuple[Call, Draft | None]]:
    """Return calls with her drafts that carry them. One query."""
    drafts = Draft.objects.filter(employee=employee, call_id__in=[call.code for call in calls])
    found = {draft.call_id: draft for draft in drafts.select_related("appeal")}
    return [(call, found.get(call.code)) for call in calls]


def story_of(call: Call) -> list[CallEvent]:
    """Return the facts of a call she has been found to see, in the order of the exchange's clock."""
    with enter(Scope.system("the call itself was found in her scope")):
        facts = CallEvent.objects.filter(pbx=call.pbx, call=call.call, at__gte=call.began_at - SLACK)
        return list(facts.order_by("at", "key"))


def is_shared(pbx: str) -> bool:
    """Whether several houses have lines of an exchange. One query."""
    with enter(Scope.system("whose other lines of an exchange are is not told, only that there are some")):
        return Line.objects.filter(pbx=pbx).order_by().values("organisation").distinct().count() > 1


def context_of(caller: Caller | None) -> dict[str, Any]:
    """Return what the pop-up's template wants."""
    return {"caller": caller, "is_ringing": caller is not None and caller.extension in caller.call.ringing}
