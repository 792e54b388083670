"""Whoever writes facts and whoever seals wait for each other: two connections, one of them in a thread."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection

from opora.reports.services.sealing import KEEPING

pytestmark = pytest.mark.django_db
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
FACT = """
INSERT INTO reports_surveyfact (key, territory, insurer_id, round_id, survey_code, closed_on, question, answer, people)
VALUES ('race', '50000', 0, 0, 'race', '2024-03-01', '', '', 1)
"""


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """A second connection to the base of the tests; what it writes is taken back."""
    told = connection.get_connection_params()
    named = {name: told[name] for name in ("dbname", "user", "password", "host", "port") if told.get(name)}
    with psycopg.connect(**named) as second:
        second.execute("SET opora.sees = 'all'")
        second.commit()
        yield second
        second.rollback()


def _in_thread(second: psycopg.Connection, statement: str) -> SimpleNamespace:
    done = SimpleNamespace(event=threading.Event())

    def run() -> None:
        second.execute(statement)
        done.event.set()

    done.thread = threading.Thread(target=run)
    done.thread.start()
    return done


def _waits() -> None:
    """Until somebody waits for the lock; a second at most a try."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(WAITING, [KEEPING])
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.02)
    raise AssertionError("nobody waits")


def test_a_fact_waits_for_the_seal(other: psycopg.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT sealing")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEEPING])
        writing = _in_thread(other, FACT)
        _waits()
        assert not writing.event.is_set()
        cursor.execute("ROLLBACK TO SAVEPOINT sealing")  # as the commit of a seal would
    writing.thread.join(10)
    assert writing.event.is_set()


def test_a_seal_waits_for_the_facts(other: psycopg.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT writing")
        cursor.execute("SELECT set_config('opora.sees', 'all', true)")
        cursor.execute(FACT)
        sealing = _in_thread(other, f"SELECT pg_advisory_xact_lock({KEEPING})")
        _waits()
        assert not sealing.event.is_set()
        cursor.execute("ROLLBACK TO SAVEPOINT writing")
    sealing.thread.join(10)
    assert sealing.event.is_set()
