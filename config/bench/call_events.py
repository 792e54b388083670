"""telephony.events — three hundred operators in live calls: from the fact of an exchange to the news of it, p95.

Facts come by their own clock, as an exchange tells them, and are taken in the portions of the listening process:
whatever waits when the former portion is done. A fact has arrived when its rows are committed and desks have been told.
"""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.population import LONG_AGO, territory_of
from config.bench.times import percentile, spent
from opora.access.scope import Scope, enter
from opora.organisations.models import Assignment, Employee, Organisation, Role
from opora.telephony.models import Agent, Call, Line
from opora.telephony.ports import Kind, PbxEvent
from opora.telephony.services import take_in
from opora.telephony.words import AgentState

PBX = "bench-events"
OPERATORS = 300
PER_SECOND, SECONDS = 40, 20
MOST_AT_ONCE = 500
STEPS = (
    *(Kind.ARRIVED, Kind.QUEUED, Kind.RINGING, Kind.ANSWERED, Kind.HELD, Kind.RESUMED),
    *(Kind.RECORDED, Kind.LEFT, Kind.ENDED),
)
HELD_BY = {Kind.RINGING, Kind.ANSWERED, Kind.LEFT}


@work(
    "telephony.events",
    unit="мс",
    bar=("figure <= 300", "lost <= 0"),
    note="p95 от факта АТС до новости; 300 операторов в разговорах, 40 фактов/с — 20 с; work — процессоров на факт",
    needs_people=False,
)
def events(bench: Bench) -> Iterator[Round]:
    """Every operator talks; each goes on with her call or takes the next one, forty facts a second together."""
    _furnish()
    for number in bench.rounds:
        calls = [_Caller(str(1000 + seat), f"{timezone.now():%H%M%S}-{number}-{seat}") for seat in range(OPERATORS)]
        take_in([fact for call in calls for fact in call.until(Kind.ANSWERED)])
        with enter(Scope.system("bench")):
            live = Call.objects.live().filter(pbx=PBX).count()
        if live != OPERATORS:
            raise BenchRefused(f"Живых звонков {live} вместо {OPERATORS}")
        waits, works, lost = _tell(calls, random.Random(number))  # noqa: S311 - a game
        also = {"lost": lost, "longest": 1000 * max(waits), "facts": len(waits), "portions": len(works)}
        also["work"] = 1000 * sum(works) / len(waits)
        yield Round(percentile(waits), None, also)
        take_in([fact for call in calls for fact in call.until(Kind.ENDED)])


class _Caller:
    """One extension and its calls, one after another."""

    def __init__(self, agent: str, name: str) -> None:
        self.agent, self.name, self.number, self.step = agent, name, 0, 0

    def next(self) -> PbxEvent:
        if self.step == len(STEPS):
            self.number, self.step = self.number + 1, 0
        kind = STEPS[self.step]
        call = f"{self.name}-{self.number}"
        self.step += 1
        return PbxEvent(
            PBX,
            f"{call}-{kind}",
            call,
            kind,
            timezone.now() + timedelta(microseconds=self.step),
            "100" if kind is Kind.ARRIVED else "",
            f"7900{hash(call) % 10_000_000:07}" if kind is Kind.ARRIVED else "",
            self.agent if kind in HELD_BY else "",
        )

    def until(self, kind: Kind) -> list[PbxEvent]:
        """Go on to a step; nothing when it has been made already."""
        told = []
        while self.step <= STEPS.index(kind):
            told.append(self.next())
        return told


def _tell(calls: list[_Caller], rnd: random.Random) -> tuple[list[float], list[float], int]:
    """Return how long each fact waited, what each portion cost the processors (seconds), how many were not taken."""
    told = 0
    waits: list[float] = []
    works: list[float] = []
    taken: list[int] = []
    began = time.monotonic()
    while told < PER_SECOND * SECONDS:
        now = time.monotonic() - began
        due = min(int(now * PER_SECOND), PER_SECOND * SECONDS)
        if due <= told:
            time.sleep((told + 1) / PER_SECOND - now)
            continue
        portion = [rnd.choice(calls).next() for _ in range(min(due - told, MOST_AT_ONCE))]
        cost = spent(partial(_take, portion, taken))
        works.append(cost.work if cost.work is not None else cost.wall)
        done = time.monotonic() - began
        waits += [done - (told + place + 1) / PER_SECOND for place in range(len(portion))]
        told += len(portion)
    return waits, works, told - sum(taken)


def _take(portion: list[PbxEvent], taken: list[int]) -> None:
    taken.append(take_in(portion))


def _furnish() -> None:
    """Bring a line and three hundred employees at their places; found again by the next run."""
    with enter(Scope.system("bench")):
        territory = territory_of("99998", time_zone="Europe/Moscow")
        insurer, _ = Organisation.objects.get_or_create(
            kind=Organisation.Kind.INSURER, code="99998", defaults={"name": "Замер", "territory": territory}
        )
        Line.objects.get_or_create(pbx=PBX, number="100", defaults={"organisation": insurer, "title": "Замер"})
        role = Role.objects.get(slug="sp1")
        for seat in range(OPERATORS):
            employee, made = Employee.objects.get_or_create(
                login=f"bench.line.{seat}", defaults={"surname": "Замеров", "given_name": "Пётр", "password": "!"}
            )
            if made:
                Assignment.objects.create(employee=employee, organisation=insurer, role=role, since=LONG_AGO)
            place = {"organisation": insurer, "employee": employee, "state": AgentState.READY}
            Agent.objects.update_or_create(pbx=PBX, extension=str(1000 + seat), defaults=place)
