"""``reports.export`` — all rows behind a number as a file: a list with names, as CSV and as a book of Excel."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from config.bench.archive import House, archive
from config.bench.frame import Bench, Round, work
from config.bench.times import spent, timed
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

if TYPE_CHECKING:
    from collections.abc import Callable

MILLION = 1_000_000
SYSTEM = Scope.system("the bench counts the journal of the archive")
EVER = Days(date(1990, 1, 1), date(2100, 1, 1))
FILL = """
INSERT INTO reports_appealfact (appeal_id, territory, insurer_id, about_id, taken_by_id, performer, registered_on,
       registered_hour, kind, form, channel, origin, standing, topic_code, topic_id, flags, line_received, line, stage,
       outcome, verdict, is_repeat, was_extended, at_once)
SELECT id, territory_id, 0, 0, 0, 'fund', registered_at::date, 9, kind, form, channel, origin, standing, topic_code,
       topic_id, flags, line_received, line, stage, outcome, verdict, is_repeat, false, false
  FROM appeals_appeal ON CONFLICT DO NOTHING
"""
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
        _fill()
        for _ in bench.rounds:
            rows, csv = _written(house, Path(folder) / "list.csv", "csv")
            megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            _, book = _written(house, Path(folder) / "list.xlsx", "xlsx")
            limit, _copied = timed(lambda: _bare(house.territory))
            each = MILLION / max(rows, 1)
            also = {
                "rows": rows,
                "per_million": round(csv.wall * each, 1),
                "work_per_million": round((csv.work or 0) * each, 1),
                "xlsx_per_million": round(book.wall * each, 1),
                "xlsx_work_per_million": round((book.work or 0) * each, 1),
                "mb": round(megabytes),
            }
            yield Round(csv.wall, limit, also)


def _written(house: House, path: Path, form: str) -> tuple[int, Any]:
    """Write the list as the senior of the fund sees it; return how many rows and what it took."""
    employee = house.supervisor
    export = Export(
        employee=employee, assignment=employee.assignment, report="bench", subject=house.territory, period="ever",
        table="1", row="1", column="1", form=form, title="Замер", names_people=True, purpose=Purpose.CONTROL,
        asked_at=timezone.now(),
    )  # fmt: skip
    rows: list[int] = []
    with enter(employee.scope):
        write: Callable[[], None] = lambda: rows.append(  # noqa: E731
            write_rows(export, _listing(house), path, lambda _: None)
        )
        took = spent(write)
    return rows[-1], took


def _listing(house: House) -> Listing:
    everybody = Subject(house.territory, None, "Замер", house.territory)
    found = cube(Question(SOURCES["appeals"], everybody, "insurer", "registered", EVER), [])
    return Listing([Part(found, list(found.groups))], house.supervisor, names_people=True)


def _fill() -> None:
    with enter(SYSTEM), connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute("ANALYZE reports_appealfact")


def _bare(territory: str) -> None:
    with enter(SYSTEM), connection.cursor() as cursor, cursor.copy(BARE.format(territory=territory)) as copied:
        for _ in copied:
            pass
