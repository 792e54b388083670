"""What a killed worker was doing is done by the next one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from config import schedule
from config.tests import survivor
from opora.appeals.tasks import forget_exports, write_export
from opora.doors.tasks import fetch
from opora.informing.tasks import draw_letters
from opora.shared import jobs, tasks

PROGRAM = Path(survivor.__file__)
BASE = "opora_worker_killed"
PATIENCE = 20  # seconds: the server needs a moment to notice that a program is dead


class House:
    """A base of its own with an export that waits; programs run there."""

    def __init__(self, address: str, data: Path) -> None:
        self.environment = os.environ | {"DATABASE_URL": address, "OPORA_DATA": str(data)}
        self.address, self.data = address, data
        self.run("furnish")

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", str(PROGRAM), *words]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def run(self, *words: str) -> None:
        command = [sys.executable, "-P", str(PROGRAM), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=200)
        assert done.returncode == 0, done.stderr

    def ask(self, question: str) -> list[Any]:
        with psycopg.connect(self.address) as link:
            link.execute("SET opora.sees = 'all'")
            found = link.execute(question)
            return found.fetchall() if found.description else []


@pytest.fixture
def house(django_db_setup: None, migrated: str | None, tmp_path: Path) -> Iterator[House]:
    if migrated is None:
        pytest.skip("there is no base to be copied")
    at = connection.settings_dict
    server = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as outside:
        outside.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
        outside.execute(f"CREATE DATABASE {BASE} TEMPLATE {migrated}")
        yield House(f"{server}/{BASE}", tmp_path)
        outside.execute(f"DROP DATABASE {BASE} WITH (FORCE)")


@pytest.mark.slow
def test_an_export_whose_worker_was_killed_is_written_by_the_next_one(house: House) -> None:
    job = "SELECT * FROM procrastinate_jobs WHERE task_name = 'appeals.write_export'"
    state = f"SELECT e.state, j.status, j.attempts FROM appeals_export e, ({job}) j"
    worker = house.start("work", "slowly")
    assert worker.stdout
    assert worker.stdout.readline() == "half\n"
    worker.kill()
    assert worker.wait(30) == -signal.SIGKILL
    assert house.ask(state) == [("running", "doing", 0)]
    house.run("work")
    assert house.ask(state) == [("running", "doing", 0)], "a heart that has just beaten may beat again"

    until = time.monotonic() + PATIENCE
    while house.ask("SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid <> 0"):
        assert time.monotonic() < until, "the lock of a dead program is held"
        time.sleep(0.1)
    house.ask("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    house.run("work")
    assert house.ask(state) == [("done", "succeeded", 2)]
    assert len(list((house.data / "exports").glob("*.xlsx"))) == 1


def begun(job: int, *, silent: timedelta | None) -> None:
    """Make a job one that a worker has begun; ``silent`` None — a worker that is forgotten already."""
    with connection.cursor() as cursor:
        worker = None
        if silent is not None:
            told = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s) RETURNING id"
            cursor.execute(told, [silent])
            worker = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job])


def told(job: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()


@pytest.mark.django_db
def test_only_jobs_of_silent_workers_go_back() -> None:
    alive, silent, forgotten = (write_export.defer(export_id=str(uuid4())) for _ in range(3))
    begun(alive, silent=timedelta(seconds=20))
    begun(silent, silent=timedelta(minutes=2))
    begun(forgotten, silent=None)

    assert jobs.give_back() == 2
    assert [told(job) for job in (alive, silent, forgotten)] == [("doing", 0), ("todo", 1), ("todo", 1)]
    assert jobs.give_back() == 0


@pytest.mark.django_db
def test_one_whose_next_waits_already_lets_its_lock_go() -> None:
    dead = fetch.defer(timestamp=1)
    begun(dead, silent=None)
    following = fetch.defer(timestamp=2)

    assert jobs.give_back() == 0
    assert (told(dead), told(following)) == (("failed", 1), ("todo", 0))


def fetched(queue: str) -> int | None:
    """Return the job a worker of the queue gets now."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(ARRAY[%s], %s)", [queue, cursor.fetchone()[0]])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_print_run_is_gone_on_with_under_the_lock_of_the_dead() -> None:
    work = draw_letters.configure(lock="informing.letters.0")
    dead = work.defer(run_id=0)
    begun(dead, silent=None)
    work.defer(run_id=0)  # «Продолжить» on the page
    assert fetched("exports") is None

    assert jobs.give_back() == 1
    assert fetched("exports") == dead


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_given_up() -> None:
    job = forget_exports.defer(timestamp=1)
    for _ in range(jobs.MOST_ATTEMPTS):
        begun(job, silent=None)
        jobs.give_back()
    assert told(job) == ("failed", jobs.MOST_ATTEMPTS)


def test_it_is_looked_for_each_minute() -> None:
    assert schedule.app is app
    crons = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}
    assert crons[tasks.give_back.name] == "* * * * *"
