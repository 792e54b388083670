"""``complaints.board``, ``complaints.case`` — cases of an insurer and of a fund that reads all of a territory.

Every answer is the whole one, from the session to the last tag. One case is carried by hand to a stage with documents,
an act and violations, and copied by sets; every second copy has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.journal_lists import answer, browser_of
from config.bench.population import territory_of
from config.bench.times import Spent, both, percentile, spent, timed
from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal
from opora.complaints.models import Case
from opora.complaints.services.tally import fold_tally
from opora.organisations.models import Employee, Organisation
from opora.shared.sql import text

TIMES = 20
PREFIX = "99992-"
FILL = Path(__file__).parent / "sql" / "cases.sql"
TABLES = (
    "appeals_appeal", "appeals_grant", "appeals_reason", "complaints_case", "complaints_casetally",
    "complaints_caseevent", "complaints_recordsrequest", "complaints_control", "complaints_violation",
)  # fmt: skip
SYSTEM = Scope.system("the bench fills a board of invented cases")
STAGES = ("", "?stage=opened", "?stage=with_clinic", "?stage=closed", "?due=late", "?due=late&stage=records", "?mine=1")
READ = """SELECT appeal_id FROM complaints_case WHERE insurer_id = %s AND closed_at IS NULL
           ORDER BY due_on, appeal_id LIMIT 51"""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who looks: an expert of the insurer that has most cases, an operator of the fund."""

    insurer: Employee
    fund: Employee


@work(
    "complaints.board",
    unit="мс",
    bar=("figure <= 50",),
    note="p95 всей доски: открытые, по этапам, просроченные, мои, завершённые; предел — ключи страницы из индекса;"
    " work — без ожидания процессора, fund — доска фонда",
    needs_people=False,
)
def board(bench: Bench) -> Iterator[Round]:
    """The board of both readers with each filter."""
    readers = ready(bench.appeals)
    address = reverse("complaints:board")
    for _ in bench.rounds:
        own = _asked(readers.insurer, [f"{address}{one}" for one in STAGES], TIMES)
        fund = _asked(readers.fund, [f"{address}{one}" for one in STAGES], TIMES)
        figure, work_done = both(own + fund)
        of_fund, of_fund_work = both(fund)
        also = {"cases": bench.appeals, **work_done, "fund": of_fund}
        yield Round(figure, _limit(readers), also | {f"fund_{name}": one for name, one in of_fund_work.items()})


@work(
    "complaints.case",
    unit="мс",
    bar=("figure <= 50",),
    note="p95 страницы дела с документами, актом и ходом; work — без ожидания процессора",
    needs_people=False,
)
def case(bench: Bench) -> Iterator[Round]:
    """Cases from all over the board."""
    readers = ready(bench.appeals)
    with enter(SYSTEM):
        numbers = list(
            Appeal.objects.filter(number__startswith=PREFIX, control_case__insurer=_place(readers.insurer))
            .order_by("number")
            .values_list("number", flat=True)[:TIMES]
        )
    pages = [reverse("complaints:case", args=[number]) for number in numbers]
    for _ in bench.rounds:
        figure, work_done = both(_asked(readers.insurer, pages, 3))
        yield Round(figure, _limit(readers), {"cases": bench.appeals, **work_done})


def _asked(who: Employee, addresses: list[str], times: int) -> list[Spent]:
    browser = browser_of(who)
    session = browser.session
    session["purpose"] = "control"
    session.save()
    for address in addresses:
        answer(browser, address)
    return [spent(partial(answer, browser, address)) for address in addresses for _ in range(times)]


def _limit(readers: Readers) -> float:
    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(READ, [_place(readers.insurer).pk])
            cursor.fetchall()

    with enter(readers.insurer.scope):
        read()
        return percentile([timed(read)[0] for _ in range(TIMES)])


def _place(employee: Employee) -> Organisation:
    if employee.assignment is None:
        raise BenchRefused(f"{employee.login} нигде не работает")
    return employee.assignment.organisation


def ready(number: int) -> Readers:
    """Bring so many cases, once for each size, and two who read them."""
    from config.bench.complaints_model import model, staff

    with enter(SYSTEM):
        territory = territory_of("99992")
        people = staff(territory)
    there = _count()
    if there < number:
        source = model(people)
        given: dict[str, Any] = {"source": source, "first": there + 1, "last": number, "now": timezone.now()}
        with enter(SYSTEM), connection.cursor() as cursor:
            given |= {"others": people.other.pk, "expert": people.expert.pk, "prefix": PREFIX}
            for statement in text(FILL).split(";\n"):
                if statement.strip():
                    cursor.execute(statement, given)
        fold_tally()
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"VACUUM ANALYZE {table}")
    return Readers(people.expert, people.fund)


def _count() -> int:
    with enter(SYSTEM):
        return Case.objects.filter(appeal__number__startswith=PREFIX).count()
