"""``reports.fund`` — month and year of a fund over facts made by SQL: the monthly analysis and the work of the centre.

``--appeals`` is a year of the fund (720 000 are its full size); the year before has as many, so that both are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection

from config.bench.frame import Bench, Round, work
from config.bench.programs import furnish
from config.bench.times import spent
from opora.access.scope import Scope, enter

DATABASE = "opora_bench_fund"
HOME = "50000"
SYSTEM = Scope.system("the bench counts the year of a fund")
YEAR = 2025
# A year of facts, day after day, as a journal gives them: five kinds, five channels, all topics, 95 % closed.
FILL = """
WITH topic AS (SELECT array_agg(id ORDER BY id) AS ids, array_agg(code ORDER BY id) AS codes FROM classifiers_topic),
     insurer AS (SELECT array_agg(id ORDER BY id) || 0::bigint AS ids FROM organisations_organisation
                  WHERE kind = 'insurer'),
     one AS (SELECT n, (364.0 * n / %(size)s)::int AS day, random() AS a, random() AS b, random() AS c
               FROM generate_series(1, %(size)s) n)
INSERT INTO reports_appealfact (appeal_id, territory, insurer_id, about_id, taken_by_id, performer, registered_on,
       registered_hour, closed_on, kind, form, channel, origin, standing, topic_code, topic_id, flags, line_received,
       line, stage, outcome, verdict, is_repeat, in_time, answer_days, was_extended, at_once)
SELECT gen_random_uuid(), %(home)s, i.ids[1 + n %% cardinality(i.ids)], 0, i.ids[1 + n %% cardinality(i.ids)],
       CASE WHEN n %% cardinality(i.ids) = cardinality(i.ids) - 1 THEN 'fund' ELSE 'insurer' END,
       make_date(%(year)s, 1, 1) + day, 8 + (a * 11)::int,
       CASE WHEN b < 0.95 THEN make_date(%(year)s, 1, 1) + day + (b * 20)::int END,
       CASE WHEN a < 0.86 THEN 'consultation' WHEN a < 0.92 THEN 'application' WHEN a < 0.98 THEN 'complaint'
            WHEN a < 0.99 THEN 'proposal' ELSE 'thanks' END,
       CASE WHEN c < 0.85 THEN 'oral' ELSE 'written' END,
       (ARRAY['hot_line', 'hot_line', 'visit', 'internet', 'letter', 'post'])[1 + (c * 5)::int], 'direct', 'appeal',
       t.codes[1 + k.k], t.ids[1 + k.k], '{}',
       CASE WHEN b < 0.7 THEN 'op1' ELSE 'sp2' END, CASE WHEN b < 0.6 THEN 'op1' ELSE 'sp2' END,
       CASE WHEN b < 0.95 THEN 'closed' ELSE 'in_work' END, '',
       CASE WHEN a >= 0.92 AND a < 0.98 AND b < 0.4 THEN 'justified'
            WHEN a >= 0.92 AND a < 0.98 AND b < 0.95 THEN 'unjustified' ELSE '' END,
       c < 0.04, CASE WHEN b < 0.95 THEN c < 0.97 END, CASE WHEN b < 0.95 THEN (b * 20)::int END, c > 0.98, b < 0.5
  FROM one CROSS JOIN topic t CROSS JOIN insurer i
 CROSS JOIN LATERAL (SELECT (power(c, 2) * (cardinality(t.ids) - 1))::int AS k) k
"""
REASONS = """
INSERT INTO reports_reasonfact (reason_id, appeal_id, territory, insurer_id, about_id, performer, registered_on,
       closed_on, kind, form, channel, origin, topic_code, topic_id, flags, provider_id, verdict, settled, amount)
SELECT row_number() OVER (), appeal_id, territory, insurer_id, about_id, performer, registered_on, closed_on, kind,
       form, channel, origin, topic_code, topic_id, flags, 1 + abs(hashtext(appeal_id::text)) %% 200, verdict, '', 0
  FROM reports_appealfact WHERE kind = 'complaint'
"""
SCAN = "SELECT count(*), max(topic_code), max(closed_on), sum(answer_days) FROM reports_appealfact"
NAMES = {"analysis": "fund-analysis", "work": "centre-work"}


@work(
    "reports.fund",
    unit="мс",
    bar=("analysis_year <= 3000", "work_year <= 3000", "analysis_month <= 1000", "work_month <= 1000"),
    note="анализ фонда за год по готовым фактам; analysis и work — анализ и работа контакт-центра, _cpu — время"
    " процессора программы и базы; предел — прочитать все факты подряд",
    needs_people=False,
)
def fund(bench: Bench) -> Iterator[Round]:
    """Count both reports over a month and a year; the first count of a process is not measured."""
    place = bench.place
    if not _is_filled(bench):  # what a broken run left behind is not counted
        bench.say("reports.fund: база")
        place.migrated(DATABASE)
        with place.inside(DATABASE):
            bench.say("reports.fund: факты")
            furnish()
            _fill(bench.appeals)
    with place.inside(DATABASE):
        _count("analysis", f"{YEAR}-02")
        for number in bench.rounds:
            bench.say(f"reports.fund: {number + 1}")
            also: dict[str, float] = {}
            for name in NAMES:
                for what, period in (("month", f"{YEAR}-03"), ("year", str(YEAR))):
                    also |= {f"{name}_{what}{part}": took for part, took in _count(name, period).items()}
            with enter(SYSTEM):
                limit = spent(lambda: _ask(SCAN)).wall * 1000
            yield Round(also["analysis_year"], limit, also)
    if not bench.keeps:
        place.drop(DATABASE)


def _is_filled(bench: Bench) -> bool:
    """Both years and their reasons stand, of the size that is asked."""
    if not bench.place.exists(DATABASE):
        return False
    with bench.place.inside(DATABASE), enter(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), EXISTS (SELECT FROM reports_reasonfact) FROM reports_appealfact")
        return cursor.fetchone() == (2 * bench.appeals, True)


def _count(name: str, period: str) -> dict[str, float]:
    from opora.reports import definitions
    from opora.reports.counting import Report
    from opora.reports.periods import Period
    from opora.reports.subjects import Subject

    with enter(SYSTEM):
        _ask("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off")  # as the web processes do
        pack = definitions.current(NAMES[name], date(YEAR, 12, 31), HOME)[1]
        report = Report(pack, Subject(HOME, None, "Область замера", HOME), Period.read(period))
        took = spent(report.counted)
    return {"": round(took.wall * 1000), "_cpu": round((took.work or 0) * 1000)}


def _fill(size: int) -> None:
    with enter(SYSTEM):
        for year in (YEAR - 1, YEAR):
            _ask(FILL, {"size": size, "home": HOME, "year": year})
        _ask(REASONS.replace("%%", "%"))
    with connection.cursor() as cursor:
        for table in ("reports_appealfact", "reports_reasonfact"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _ask(statement: str, given: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
