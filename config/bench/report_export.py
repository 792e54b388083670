"""``reports.export`` — all rows behind a number as a file: a list with names, as CSV and as a book of Excel."""

from __future__ import annotations

import multiprocessing
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from config.bench.archive import House, archive
from config.bench.archive.facts import ensure_facts
from config.bench.archive.house import found
from config.bench.frame import Bench, Round, work
from config.bench.times import Spent, spent, timed
from opora.access.scope import Scope, enter
from opora.audit.purposes import Purpose
from opora.reports.counting import Part
from opora.reports.cube import Question, cube
from opora.reports.listed import Listing
from opora.reports.models import Export
from opora.reports.periods import Days
from opora.reports.sources import SOURCES
from opora.reports.subjects import Subject
from opora.reports.writing import write_rows
from opora.simulation.people.process import wake

if TYPE_CHECKING:
    from collections.abc import Callable

MILLION = 1_000_000
SYSTEM = Scope.system("the bench counts the journal of the archive")
EVER = Days(date(1990, 1, 1), date(2100, 1, 1))
BARE = """
COPY (SELECT a.number, f.registered_on, a.registered_at, a.closed_at, a.kind, a.channel, a.stage, a.topic_code,
       t.title, a.flags, a.outcome, a.verdict, h.name, p.surname, p.given_name, p.patronymic, p.enp, p.phone
  FROM reports_appealfact f JOIN appeals_appeal a ON a.id = f.appeal_id JOIN classifiers_topic t ON t.id = a.topic_id
  JOIN organisations_organisation h ON h.id = a.handler_id
  LEFT JOIN appeals_party p ON p.appeal_id = a.id AND p.role = 'applicant'
 WHERE f.territory = '{territory}' ORDER BY f.registered_on, f.appeal_id) TO STDOUT"""


@work(
    "reports.export",
    unit="с",
    bar=("per_million <= 60", "mb <= 300"),
    note="список с именами за числом отчёта в CSV; per_million — то же на миллион строк, xlsx_per_million — в книгу"
    " Excel, mb — память процесса, work_ — без ожидания процессора; предел — COPY тех же столбцов",
    needs_people=False,
)
def report_export(bench: Bench) -> Iterator[Round]:
    with archive(bench) as house, tempfile.TemporaryDirectory() as folder:
        ensure_facts(bench)
        for number in bench.rounds:
            bench.say(f"reports.export: {number + 1}")
            rows, csv, megabytes = _aside(Path(folder) / "list.csv")
            _, book, of_book = _aside(Path(folder) / "list.xlsx")
            limit, _copied = timed(lambda: _bare(house.territory))
            each = MILLION / max(rows, 1)
            also = {
                "rows": rows,
                "per_million": round(csv.wall * each, 1),
                "work_per_million": round((csv.work or 0) * each, 1),
                "xlsx_per_million": round(book.wall * each, 1),
                "xlsx_work_per_million": round((book.work or 0) * each, 1),
                "mb": round(max(megabytes, of_book)),
            }
            yield Round(csv.wall, limit, also)


def _aside(path: Path) -> tuple[int, Spent, float]:
    """Write the list in a process of its own, as the worker does: its memory is that of the export alone."""
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned, initializer=wake) as pool:
        return pool.submit(written, path).result()


def written(path: Path) -> tuple[int, Spent, float]:
    """Write the list as the senior of the fund sees it; return how many rows, what it took and the megabytes held."""
    house = found()
    employee = house.supervisor
    export = Export(
        employee=employee, assignment=employee.assignment, report="bench", subject=house.territory, period="ever",
        table="1", row="1", column="1", form=path.suffix.removeprefix("."), title="Замер", names_people=True,
        purpose=Purpose.CONTROL, asked_at=timezone.now(),
    )  # fmt: skip
    rows: list[int] = []
    with enter(employee.scope):
        write: Callable[[], None] = lambda: rows.append(  # noqa: E731
            write_rows(export, _listing(house), path, lambda _: None)
        )
        took = spent(write)
    return rows[-1], took, _most_held()


def _most_held() -> float:
    """Return the most megabytes this process has held; ``getrusage`` begins with what its parent held."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def _listing(house: House) -> Listing:
    everybody = Subject(house.territory, None, "Замер", house.territory)
    facts = cube(Question(SOURCES["appeals"], everybody, "insurer", "registered", EVER), [])
    return Listing([Part(facts, list(facts.groups))], house.supervisor, names_people=True)


def _bare(territory: str) -> None:
    with enter(SYSTEM), connection.cursor() as cursor, cursor.copy(BARE.format(territory=territory)) as copied:
        for _ in copied:
            pass
