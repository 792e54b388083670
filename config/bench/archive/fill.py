"""From the model to millions: table after table, week after week, by INSERT … SELECT without triggers and indexes.

Only the superuser of the embedded cluster may do so: foreign keys and indexes are put off and rebuilt once at the end
of each table. A table that is done is remembered; a run that was stopped goes on behind it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from string import Template
from typing import Any

import psycopg
import structlog

from config.bench.archive.tables import TABLES, Table
from opora.appeals.board.counting import REBUILDS
from opora.appeals.chain.digest import statement

YEARS, WEEKS = 5, 52
AT_A_TIME = 2  # weeks of one statement
AWAY_SHARE = 50  # one appeal of so many of the first insurer belongs to its branch in the other territory
AT_ONCE = 2  # tables
COUNTED = {"appeals_appeal", "appeals_grant", "appeals_clock"}  # what a recount writes

log = structlog.get_logger(__name__)

MODEL = """
CREATE SCHEMA archive;
CREATE TABLE archive.done (name text PRIMARY KEY, seconds real);
CREATE TABLE archive.model AS
SELECT id, registered_at AS registered, n, closed_at IS NULL AS is_open,
       n % $share = 7 AND organisation_id = $insurer AND handler_id = $insurer AS is_away,
       extract(day FROM registered_at - min(registered_at) OVER ())::int / 7 AS week
  FROM (SELECT *, (row_number() OVER (ORDER BY registered_at, id))::int - 1 AS n FROM appeals_appeal) a;
CREATE TABLE archive.person AS
SELECT row_number() OVER (ORDER BY id) - 1 AS k, id, surname, given_name, patronymic, birth_on,
       coalesce(enp, '') AS enp, insurer_id, '+79' || lpad((id % 1000000000)::text, 9, '0') AS phone,
       appeals_hashes(2::smallint, appeals_names(concat_ws(' ', surname, given_name, patronymic))) AS names,
       appeals_hashes(1::smallint, appeals_lexemes(surname)) AS lexemes
  FROM insured_person WHERE territory_id = '$home';
CREATE UNIQUE INDEX ON archive.person (k);
CREATE TABLE archive.place AS
SELECT is_away, (appeals_hashes(3::smallint, ARRAY['territory:' || code]))[1] AS hash
  FROM (VALUES (false, '$home'), (true, '$away')) place(is_away, code);
CREATE TABLE archive.numbering AS
SELECT o.id AS organisation_id, year, 0 AS last
  FROM organisations_organisation o, generate_series(2015, 2040) year WHERE o.kind IN ('fund', 'insurer', 'branch');
CREATE UNIQUE INDEX ON archive.numbering (organisation_id, year);
"""
COLUMNS = """
SELECT attname, typname, attidentity <> '' FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
# Such a table is not emptied alone.
REFERRED_TO = "SELECT 1 FROM pg_constraint WHERE contype = 'f' AND confrelid = %s::regclass LIMIT 1"
NUMBERED = """
UPDATE archive.numbering l SET last = a.last
  FROM (SELECT organisation_id, year, max(sequence) AS last FROM added GROUP BY organisation_id, year) a
 WHERE l.organisation_id = a.organisation_id AND l.year = a.year
"""
SOURCE = """
FROM $model s
CROSS JOIN (SELECT m, m * $cut + $years AS c FROM generate_series(0, $last) m) copies
$joins
WHERE s.week >= $week AND s.week < $until $which $share
ORDER BY s.registered - $back
"""
SUMS = (
    "DELETE FROM appeals_numbering",
    "INSERT INTO appeals_numbering (organisation_id, year, last)"
    " SELECT organisation_id, year, last FROM archive.numbering WHERE last > 0",
    "DELETE FROM appeals_tally",
    "INSERT INTO appeals_tally (territory, handler_id, line, owner_id, kind, due_on, change)"
    " SELECT territory_id, handler_id, line, coalesce(owner_id, 0), kind, due_on, count(*)"
    " FROM appeals_appeal WHERE closed_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6",
    *(statement(name) for name in REBUILDS),
    "ANALYZE appeals_tally, appeals_daytally, appeals_queued, appeals_promisetally",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many copies of an appeal each year has, and the words the expressions use."""

    of_year: int
    words: dict[str, str]
    years: int = YEARS


def fill(
    address: str,
    wanted: int,
    places: dict[str, Any],
    say: Callable[[str], None],
    *,
    is_open_only: bool = False,
    left_out: Collection[str] = (),
) -> None:
    """Bring the journal to at least ``wanted`` appeals: the model is set aside and everything is made of it.

    ``is_open_only`` — copies of open ones, of this year, with their clocks and without their words; ``left_out`` —
    tables nobody will read.
    """
    with psycopg.connect(address, autocommit=True) as link:
        if not _value(link, "SELECT to_regnamespace('archive')"):
            _set_aside(link, places)
        done = {name for (name,) in link.execute("SELECT name FROM archive.done").fetchall()}
        plan = _plan(link, wanted, places, is_open_only)
    left = [table for table in TABLES if table.name not in {*done, *left_out}]
    left = [table for table in left if table.name in COUNTED] if is_open_only else left
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(partial(_copies, address, plan, say), left))
    if left:
        say("архив: счётчики")
        with psycopg.connect(address) as link:
            for statement in SUMS:
                link.execute(statement)


def _set_aside(link: psycopg.Connection, places: dict[str, Any]) -> None:
    with link.transaction():
        link.execute("SET LOCAL session_replication_role = replica")
        link.execute(Template(MODEL).substitute(places, share=AWAY_SHARE))
        for table in TABLES:
            link.execute(
                f"CREATE TABLE {table.model} AS SELECT m.registered, m.n, m.week, m.is_open, m.is_away, t.*,"  # noqa: S608
                f" row_number() OVER (PARTITION BY m.n)::int AS ordinal"
                f" FROM {table.name} t JOIN archive.model m ON m.id = t.{table.owner}"
            )
            link.execute(f"CREATE INDEX ON {table.model} (week)")
            link.execute(f"ANALYZE {table.model}")
        link.execute("TRUNCATE appeals_appeal, appeals_words, appeals_unchained, appeals_tally, appeals_queued CASCADE")


def _plan(link: psycopg.Connection, wanted: int, places: dict[str, Any], is_open_only: bool) -> Plan:
    model = _value(link, "SELECT count(*) FROM archive.model")
    still_open = _value(link, "SELECT count(*) FROM archive.model WHERE is_open")
    people = _value(link, "SELECT count(*) FROM archive.person")
    words = {**places, "people": people}
    if is_open_only:
        return Plan(math.ceil(wanted / still_open), words, years=1)
    return Plan(math.ceil(wanted / (YEARS * model - (YEARS - 1) * still_open)), words)


def _copies(address: str, plan: Plan, say: Callable[[str], None], table: Table) -> None:
    began = time.perf_counter()
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
        link.execute("SET work_mem = '256MB'")
        parts = _leaves(link, table)
        # Not ready: nothing is written into them until they are built anew.
        link.execute(
            "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY (%s::regclass[])", [parts]
        )
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("SET session_replication_role = replica")
        link.execute("SET work_mem = '256MB'")
        with link.transaction():
            if not link.execute(REFERRED_TO, [table.name]).fetchone():
                link.execute("TRUNCATE " + ", ".join(parts))  # of this very transaction: such rows need no log
            for number, statement in enumerate(_statements(link, table, plan)):
                if number % 10 == 0:
                    say(f"{table.name}: {100 * AT_A_TIME * number // (plan.years * WEEKS)} %")
                link.execute(statement)
        made = time.perf_counter() - began
        say(f"{table.name}: индексы")
        for part in parts:
            link.execute(f"REINDEX TABLE {part}")
        indexed = time.perf_counter() - began
        link.execute(f"VACUUM (ANALYZE) {table.name}")
        seconds = time.perf_counter() - began
        link.execute("INSERT INTO archive.done VALUES (%s, %s)", [table.name, seconds])
    log.warning("bench.archive", table=table.name, rows=round(made), indexes=round(indexed - made), all=round(seconds))


def _leaves(link: psycopg.Connection, table: Table) -> list[str]:
    rows = link.execute("SELECT relid::regclass::text FROM pg_partition_tree(%s) WHERE isleaf", [table.name])
    return [name for (name,) in rows.fetchall()] or [table.name]


def _statements(link: psycopg.Connection, table: Table, plan: Plan) -> Iterator[str]:
    """Yield an INSERT for each week, the oldest first: rows lie on the disk as they do in life."""
    rows = link.execute(COLUMNS, [table.name]).fetchall()
    columns = {
        name: table.own.get(name) or _moved(name, kind)
        for name, kind, is_own in rows
        if name in table.own or not is_own
    }
    for years in range(plan.years - 1, -1, -1):
        which = "AND s.is_open" if plan.years == 1 else "AND NOT s.is_open" if years else ""
        share = f"AND (s.n + m) % {table.share} = 0" if table.share > 1 else ""
        names = {"model": table.model, "years": years, "last": plan.of_year - 1, "joins": table.joins}
        source = Template(SOURCE).safe_substitute(names, cut=plan.years, which=which, share=share)
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(columns.values())} {source}"
        if table.name == "appeals_appeal":
            statement = f"WITH added AS ({statement} RETURNING organisation_id, year, sequence) {NUMBERED}"
        for week in range(0, WEEKS, AT_A_TIME):
            moved = {"back": f"make_interval(days => {364 * years}, secs => 37 * m)", "days": 364 * years}
            yield Template(statement).substitute(plan.words, **moved, week=week, until=week + AT_A_TIME)


def _moved(name: str, kind: str) -> str:
    """Moments and days go back with their copy; a term ends with its day."""
    if kind == "date" or name == "due_at":
        return f"s.{name} - $days" if kind == "date" else f"s.{name} - make_interval(days => $days)"
    return f"s.{name} - $back" if kind == "timestamptz" else f"s.{name}"


def _value(link: psycopg.Connection, question: str) -> Any:
    found = link.execute(question).fetchone()
    return found[0] if found else None
