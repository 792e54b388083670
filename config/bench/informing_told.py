"""``informing.told`` — people told in a year of a large insurer: kept sums against the contacts they are sums of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

import opora.reports
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.programs import furnish
from config.bench.times import spent
from opora.access.scope import Scope, enter
from opora.informing.told import queries
from opora.informing.told.keeping import following, recount
from opora.shared.sql import question

DATABASE = "opora_bench_told"
HOME = "50000"
SYSTEM = Scope.system("the bench counts people told")
YEAR = 2024
CONTACTS = 5_400_000  # of 3.2 million people, at scale 1
YEARS = range(YEAR - 1, YEAR + 2)
FILL = """
INSERT INTO informing_informed (touch_id, year, person_id, territory, insurer_id, provider_id, measure, theme, channel,
                                way, "on", is_informing, is_first, came, cost)
SELECT n, %(year)s, 1 + n %% %(people)s, %(home)s,
       (SELECT min(id) FROM organisations_organisation WHERE kind = 'insurer'), NULL,
       m.measure, m.measure, c.channel, c.channel, make_date(%(year)s, 1, 1) + (364.0 * n / %(size)s)::int,
       n %% 50 <> 0, n <= %(people)s, false, 2.40
  FROM generate_series(1, %(size)s) n
 CROSS JOIN LATERAL (
   SELECT (ARRAY['checkup', 'screening', 'screening', 'observation'])[1 + (n %% 97) %% 4] AS measure) m
 CROSS JOIN LATERAL (SELECT (ARRAY['sms', 'sms', 'letter', 'call'])[1 + (n %% 89) %% 4] AS channel) c
"""
SCAN = "SELECT count(*), max(person_id), max(\"on\") FROM informing_informed WHERE is_informing AND way <> 'survey'"
CHANGE = "UPDATE informing_informed SET is_informing = NOT is_informing WHERE touch_id <= 50000"
PEOPLE = "SELECT DISTINCT person_id FROM informing_informed WHERE touch_id <= 50000"
DAYS = date(YEAR, 1, 1), date(YEAR, 12, 31)
_counted = question(Path(opora.reports.__file__).parent / "sql", "people_informed")


@work(
    "informing.told",
    unit="мс",
    bar=("<= 2", "figure <= 2000"),
    note="люди, извещённые за год, по сохранённым суммам; предел — одно чтение контактов; counted — те же люди по"
    " контактам; follow — суммы следуют за 50 000 изменённых контактов, prove — всё пересчитано и сверено; _cpu —"
    " время процессора программы и базы",
    needs_people=False,
)
def told(bench: Bench) -> Iterator[Round]:
    """Read a year by both ways, change contacts, let the sums follow and prove them. Raises BenchRefused."""
    place = bench.place
    bench.say("informing.told: база")
    place.migrated(DATABASE)
    with place.inside(DATABASE), enter(SYSTEM):
        furnish()
        bench.say("informing.told: контакты")
        size = int(CONTACTS * bench.scale)
        _ask(FILL, {"size": size, "people": int(size / 1.7), "home": HOME, "year": YEAR})
    with place.inside(DATABASE):
        connection.ensure_connection()
        _ask("VACUUM ANALYZE informing_informed")
        recount(YEARS)
        for number in bench.rounds:
            bench.say(f"informing.told: {number + 1}")
            yield _round()
    if not bench.keeps:
        place.drop(DATABASE)


def _round() -> Round:
    found: dict[str, queries.Told] = {}
    rows: list[Any] = []
    wrong: list[int] = []
    with enter(SYSTEM):
        _ask("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off")
        reading = spent(lambda: found.update(queries.told(HOME, None, *DAYS) or {}))
        took = {"scan": spent(lambda: _ask(SCAN)), "counted": spent(lambda: rows.extend(_by_contacts()))}
    if any(found[row.stream].informed != row.informed for row in rows):
        raise BenchRefused("суммы не сходятся с контактами")
    with enter(SYSTEM):
        took["follow"] = spent(_follow)
    took["prove"] = spent(lambda: wrong.append(recount(YEARS)))
    if wrong != [0]:
        raise BenchRefused("суммы не последовали за контактами")
    also = {name: float(round(one.wall * 1000)) for name, one in took.items()}
    also |= {f"{name}_cpu": float(round((one.work or 0) * 1000)) for name, one in took.items()}
    return Round(reading.wall * 1000, took["scan"].wall * 1000, also)


def _follow() -> None:
    with connection.cursor() as cursor, following(cursor, YEARS, PEOPLE):
        cursor.execute(CHANGE)


def _by_contacts() -> list[Any]:
    prevention = ["checkup", "extended", "screening", "screening_2"]
    return _counted(
        observation=["observation"],
        measures=[*prevention, "observation"],
        territory=HOME,
        insurers=None,
        since=DAYS[0],
        until=DAYS[1],
    )


def _ask(statement: str, given: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
