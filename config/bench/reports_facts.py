"""reports.upkeep, reports.rebuild, reports.year — what facts of reports cost to keep, to make anew and to count."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import connection

from config.bench.archive import archive, for_facts
from config.bench.archive.facts import ensure_facts, forget_facts, they_stand
from config.bench.frame import Bench, Round, work
from config.bench.programs import QUESTION, furnish
from opora.access.scope import Scope, enter

if TYPE_CHECKING:
    from opora.reports.definitions import ReportPack

SYSTEM = Scope.system("the bench keeps and counts facts")
DATABASE = "opora_bench_upkeep"
REGISTERED = 1_000
LARGE = 5_000_000  # appeals: the facts of so many are made anew once
READ = """
SELECT count(*), max(a.topic_code), sum(k.extension), max(p.surname)
  FROM appeals_appeal a
  LEFT JOIN appeals_clock k ON k.appeal_id = a.id
  LEFT JOIN appeals_party p ON p.appeal_id = a.id
"""
SCAN = "SELECT count(*), max(topic_code), max(closed_on), sum(answer_days) FROM reports_appealfact"
BUSIEST = """
SELECT territory, insurer_id, extract(year FROM registered_on)::int, count(*)
  FROM reports_appealfact WHERE insurer_id <> 0 GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 1
"""
# A form as wide as a state one: rows by the derived row, kinds and flags, columns by form and span.
FORM: dict[str, Any] = {
    "kind": "report", "code": "bench_form", "name": "bench-form", "territory": "", "version": "1",
    "since": "2000-01-01", "until": None, "title": "Форма замера", "short": "Замер", "source": "замер",
    "group": "other",
    "subjects": ["territory", "insurer"], "periods": ["year", "month"], "is_verified": False,
    "tables": [
        {
            "code": "1", "title": "Обращения", "facts": "appeals", "day": "registered",
            "columns": [
                {"code": "oral", "title": "устно", "where": {"form": "oral"}},
                {"code": "written", "title": "письменно", "where": {"form": "written"}},
                {"code": "all", "title": "всего", "sum": ["oral", "written"]},
            ],
            "rows": [
                {"code": kind, "title": kind, "where": {"kind": kind}}
                for kind in ("complaint", "consultation", "application", "proposal", "thanks")
            ] + [{"code": f"b{one}", "title": str(one), "where": {"row:pg-b": str(one)}} for one in range(1, 9)],
        }
    ],
}  # fmt: skip


@work(
    "reports.upkeep",
    unit="%",
    bar=("figure <= 10",),
    note="время чтения к времени регистрации тех же обращений в одном процессе; micros — мкс на обращение",
    needs_people=False,
)
def upkeep(bench: Bench) -> Iterator[Round]:
    """Register some appeals one by one, give them their places, let the facts follow."""
    from opora.reports import following

    bench.place.migrated(DATABASE)
    try:
        with bench.place.inside(DATABASE):
            register = _registering()
            following.follow()
            for number in bench.rounds:
                bench.say(f"reports.upkeep: {number + 1}")
                registering = _timed(lambda: [register() for _ in range(REGISTERED)])
                _chain()
                seconds = _timed(following.follow)
                yield Round(100 * seconds / registering, None, {"micros": 1e6 * seconds / REGISTERED})
    finally:
        bench.place.drop(DATABASE)


@work(
    "reports.rebuild",
    unit="с",
    bar=(),
    note="собрать факты обращений и причин с нуля; предел — прочитать обращения, сроки и людей одним запросом;"
    " again — собрать ещё раз, когда всё верно; million — секунд на миллион фактов",
    needs_people=False,
    least=1,
)
def rebuild(bench: Bench) -> Iterator[Round]:
    """Make all facts of the archive from nothing, in the last round once more over those that are right."""
    from opora.reports import following

    rounds = bench.rounds if bench.appeals < LARGE else bench.rounds[:1]
    with for_facts(bench):
        for number in rounds:
            bench.say(f"reports.rebuild: {number + 1}")
            forget_facts()
            limit = _timed(lambda: _ask(READ))
            began = time.perf_counter()
            facts = sum(one.facts for one in following.rebuild())
            seconds = time.perf_counter() - began
            also = {"facts": facts, "million": 1e6 * seconds / facts}
            if number == rounds[-1]:
                they_stand()
                bench.say("reports.rebuild: ещё раз")
                also["again"] = _timed(following.rebuild)
            yield Round(seconds, limit, also)


@work(
    "reports.year",
    unit="мс",
    bar=("<= 2", "figure <= 3000", "month <= 1000"),
    note="год территории; предел — прочитать все факты подряд; month — её месяц, insurer — год страховой",
    needs_people=False,
)
def year(bench: Bench) -> Iterator[Round]:
    """Count a form over the busiest year of the archive."""
    from opora.reports.counting import Report
    from opora.reports.periods import Period
    from opora.reports.subjects import Subject

    with archive(bench):
        ensure_facts(bench)
        pack = _form()
        [(territory, insurer, which, _)] = _ask(BUSIEST)

        def count(period: str, who: int | None) -> float:
            with enter(SYSTEM):
                report = Report(pack, Subject(territory, who, "", territory), Period.read(period))
                return 1000 * _timed(report.counted)

        count(str(which), None)
        for number in bench.rounds:
            bench.say(f"reports.year: {number + 1}")
            limit = 1000 * _timed(lambda: _ask(SCAN))
            also = {"month": count(f"{which}-03", None), "insurer": count(str(which), insurer)}
            yield Round(count(str(which), None), limit, also)


def _registering() -> Callable[[], Any]:
    """Return what registers one question of a citizen for a partner, in a transaction of its own."""
    from django.utils import timezone

    from opora.appeals.intake import NewAppeal, NewParty, register
    from opora.classifiers.queries import topic_for
    from opora.partners.models import ApiPartner, Caller

    furnish()
    with enter(SYSTEM):
        partners = ApiPartner.objects.select_related("organisation__territory", "organisation__parent")
        caller = Caller(partners.order_by("pk")[0])
        new = NewAppeal(
            kind=str(QUESTION["kind"]),
            topic=topic_for(str(QUESTION["topic"]), "50000", timezone.localdate()),
            channel=str(QUESTION["channel"]),
            text=str(QUESTION["text"]),
            parties=[NewParty(surname="Замеров", given_name="Пётр", phone="+79000000001")],
        )

    def one() -> None:
        with enter(caller.scope):
            register(new, by=caller)

    return one


def _chain() -> None:
    from opora.appeals.chain.chainer import chain_batch

    while chain_batch():
        pass


def _form() -> "ReportPack":
    from pydantic import TypeAdapter

    from opora.reports.definitions import ReportPack

    return TypeAdapter(ReportPack).validate_python(FORM)


def _ask(statement: str) -> list[Any]:
    with enter(SYSTEM), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _timed(do: Callable[[], Any]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
