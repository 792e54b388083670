"""house.import — a partner's file of insured people, held against COPY of the rows it became.

Same tables, indexes and foreign keys, empty at the start of every round. COPY gets them without row security and
without our triggers: it is what PostgreSQL alone can do.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.core.management import call_command
from psycopg import sql

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.partner_file import FUND, write_file
from config.bench.place import Place
from opora.access.scope import Scope, enter
from opora.simulation.directory import ensure_directory
from opora.simulation.people.plan import Plan, people_at
from opora.simulation.people.words import territories

MOST_PEOPLE = 1_000_000
EMPTY, IMPORTED, COPIED = "opora_bench_empty", "opora_bench_imported", "opora_bench_copied"
TABLES = (
    "person", "formername", "identitydocument", "personcategory", "policy", "attachment", "contact", "consent",
    "personchange", "surnameword", "givenword",
)  # fmt: skip
CHUNK = 1 << 20


@work(
    "house.import",
    unit="с",
    bar=("<= 3", "memory_mb <= 500"),
    note="предел — COPY тех же строк",
    needs_people=False,
)
def import_of_insured(bench: Bench) -> Iterator[Round]:
    """Import one CSV into an empty register; then COPY the rows that came out into another."""
    people = min(MOST_PEOPLE, people_at(bench.scale))
    plan = Plan(seed=1, territories=territories()[:1])
    try:
        _prepare(bench, plan)
        with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder:
            bench.say(f"house.import: пишем файл, {people} человек")
            file = Path(folder) / "people.csv"
            write_file(file, plan, people)
            for number in bench.rounds:
                bench.say(f"house.import: {people} человек, замер {number + 1}")
                seconds, memory = _import(bench.place, file, people)
                rows = _take_out(bench.place, Path(folder))
                limit = _copy(bench.place, Path(folder), list(rows))
                yield Round(seconds, limit, {"memory_mb": memory, "people": people, "rows": sum(rows.values())})
    finally:
        for name in (EMPTY, IMPORTED, COPIED):
            bench.place.drop(name)


def _prepare(bench: Bench, plan: Plan) -> None:
    """Make a register without people that knows the organisations of the file."""
    bench.place.create(EMPTY)
    with bench.place.inside(EMPTY):
        call_command("migrate", verbosity=0, interactive=False)
        with enter(Scope.system("the organisations of the bench")):
            ensure_directory(plan.territories[0], insurers=plan.insurers, clinics=plan.clinics)


def _import(place: Place, file: Path, people: int) -> tuple[float, float]:
    """Run ``opora import insured`` on a fresh register; return seconds and the most megabytes it held."""
    environment = os.environ | {"DATABASE_URL": place.create(IMPORTED, template=EMPTY)}
    command = [sys.executable, "-m", "config.cli", "import", "insured", str(file), "--org", FUND, "--json"]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        program = subprocess.Popen(command, env=environment, stdout=answer, stderr=complaint)
        _, status, used = os.wait4(program.pid, 0)
        seconds = time.perf_counter() - began
        program.returncode = os.waitstatus_to_exitcode(status)
        complaint.seek(0)
        answer.seek(0)
        if program.returncode:
            raise BenchRefused("; ".join(complaint.read().decode(errors="replace").splitlines()[-2:]))
        found = json.load(answer)["files"][0]
    if found["accepted"] != people:
        raise BenchRefused(f"Принято {found['accepted']} из {people}")
    return seconds, used.ru_maxrss / 1024


def _take_out(place: Place, folder: Path) -> dict[str, int]:
    """Write every row the import made into a file of its table; return rows by table. Not timed."""
    rows = {}
    with psycopg.connect(place.address(IMPORTED)) as inside, inside.cursor() as cursor:
        cursor.execute("SELECT set_config('opora.sees', 'all', true)")
        for name in TABLES:
            table = sql.Identifier(f"insured_{name}")
            statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(_columns(cursor, name), table)
            with (folder / f"{name}.copy").open("wb") as file, cursor.copy(statement) as copy:
                for chunk in copy:
                    file.write(chunk)
            if cursor.rowcount > 0:
                rows[name] = cursor.rowcount
    return rows


def _copy(place: Place, folder: Path, names: list[str]) -> float:
    """Return how long COPY of those rows takes, one transaction with its commit."""
    with psycopg.connect(place.create(COPIED, template=EMPTY)) as inside, inside.cursor() as cursor:
        for name in names:
            table = sql.Identifier(f"insured_{name}")
            cursor.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(table))
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        inside.commit()
        began = time.perf_counter()
        for name in names:
            table = sql.Identifier(f"insured_{name}")
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, _columns(cursor, name))
            with (folder / f"{name}.copy").open("rb") as file, cursor.copy(statement) as copy:
                while chunk := file.read(CHUNK):
                    copy.write(chunk)
        inside.commit()
        return time.perf_counter() - began


def _columns(cursor: psycopg.Cursor[tuple[str, ...]], name: str) -> sql.Composed:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [f"insured_{name}"],
    )
    return sql.SQL(", ").join(sql.Identifier(row[0]) for row in cursor.fetchall())
