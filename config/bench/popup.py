"""telephony.popup — from the ringing fact of an exchange to the fragment with the person, call after call."""

import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.person_page import SIGN_IN_BACKEND
from config.bench.population import colleague, identifiers
from config.bench.times import Spent, both, percentile, spent, timed
from opora.access.scope import Scope, enter
from opora.insured.models import Contact
from opora.organisations.models import Employee
from opora.telephony.models import Agent, Line
from opora.telephony.ports import Kind, PbxEvent
from opora.telephony.services import take_in
from opora.telephony.words import AgentState

CALLS = 100
PBX, EXTENSION = "bench", "201"


@work(
    "telephony.popup",
    unit="мс",
    bar=("figure <= 150",),
    note="p95; событие вызова и страница карточки; предел — поиск людей по номеру",
)
def popup(bench: Bench) -> Iterator[Round]:
    """Ring with numbers of the register; the limit asks for the contacts of the number under the same row security."""
    employee = colleague("sp1")
    _seat(employee)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(employee, backend=SIGN_IN_BACKEND)
    for number in bench.rounds:
        callers = _numbers(employee, number)
        _one(browser, callers[0])
        figure, also = both([_one(browser, caller) for caller in callers])
        yield Round(figure, percentile(_by_number(employee, callers)), also)


def _seat(employee: Employee) -> None:
    assignment = employee.assignment
    if assignment is None:
        raise BenchRefused("У сотрудника замера нет места работы")
    with enter(Scope.system("bench")):
        whose = {"organisation": assignment.organisation}
        Line.objects.get_or_create(pbx=PBX, number="100", defaults={**whose, "title": "Замер"})
        seat = {**whose, "employee": employee, "state": AgentState.READY}
        Agent.objects.update_or_create(pbx=PBX, extension=EXTENSION, defaults=seat)


def _numbers(employee: Employee, seed: int) -> list[str]:
    with enter(employee.scope):
        people = identifiers(4 * CALLS, seed + 1, employee)
        phones = Contact.objects.filter(person__in=people, kind="phone", normalised__regex=r"^7\d{10}$")
        found = list(phones.values_list("normalised", flat=True)[:CALLS])
    if not found:
        raise BenchRefused("В регистре замера нет телефонов")
    return found


def _one(browser: Client, caller: str) -> Spent:
    """Return what it took from the fact to the answer; the beginning and the end of the call are not counted."""
    now, call = timezone.now(), f"bench-{time.monotonic_ns()}"
    arrived, ringing, ended = [
        PbxEvent(PBX, f"{call}-{kind}", call, kind, now + timedelta(milliseconds=step), line, caller, agent)
        for step, (kind, line, agent) in enumerate(
            [(Kind.ARRIVED, "100", ""), (Kind.RINGING, "", EXTENSION), (Kind.ENDED, "", "")]
        )
    ]

    def show() -> None:
        take_in([ringing])
        answer = browser.get(reverse("telephony:ringing"))
        if b"data-ringing" not in answer.content:
            raise BenchRefused(f"Карточка звонка ответила {answer.status_code} без звонка")

    take_in([arrived])
    taken = spent(show)
    take_in([ended])
    return taken


def _by_number(employee: Employee, callers: list[str]) -> list[float]:
    def ask(caller: str) -> None:
        list(Contact.objects.filter(kind="phone", normalised=caller).values_list("person", flat=True))

    with enter(employee.scope):
        return [timed(partial(ask, caller))[0] for caller in callers]
