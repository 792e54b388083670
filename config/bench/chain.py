"""journal.chain and journal.verify — giving events their places, and proving that nobody has moved them.

Events of three organisations over a month stand alone in a database of their own: the chain asks nothing of an appeal.
The limit of verify is the other way to do it: the same rows over COPY, hashed by Python.
"""

import struct
import time
from collections.abc import Iterator
from hashlib import sha256

import psycopg

from config.bench.frame import Bench, Round, work
from config.bench.place import Place

DATABASE = "opora_bench_chain"
MOST, LEAST, WAITING = 2_000_000, 200_000, 50_000
OWNERS = 3

_EVENTS = """
INSERT INTO appeals_event (
    at, id, appeal_id, territory, organisation_id, kind, employee_id, employee_name, line, depth, details, text)
SELECT '2026-03-01'::timestamptz + n * interval '1 second' * (2500000.0 / %(count)s) + %(shift)s * interval '1 day',
       gen_random_uuid(), gen_random_uuid(), '50000', 1 + n %% 3,
       (array['registered', 'assigned', 'taken', 'closed'])[1 + n %% 4],
       5 + n %% 20, 'Алиева Алина Петровна', 'sp1', 2,
       jsonb_build_object('number', '54001-26-' || n, 'stage', 'in_work', 'content', md5(n::text)),
       CASE WHEN n %% 5 = 0 THEN 'Передано по принадлежности, заявитель просит перезвонить' ELSE '' END
  FROM generate_series(1, %(count)s) n
"""


@work("journal.chain", unit="1/s", bar=("figure >= 2000",), needs_people=False, note="события по три организации")
def chain(bench: Bench) -> Iterator[Round]:
    """Place fifty thousand waiting events, news to desks included."""
    with _prepared(bench.place, "journal.chain", bench):
        for number in bench.rounds:
            _write(WAITING, shift=number)
            yield Round(WAITING / _chain_all())


@work(
    "journal.verify",
    unit="1/s",
    bar=("figure >= 200000",),
    needs_people=False,
    note="одно ядро, без сверки данных; предел — те же строки через COPY и hashlib",
)
def verify(bench: Bench) -> Iterator[Round]:
    """Prove every link and find every event its place, in one process of the server."""
    from opora.appeals.chain.verify import verify as prove

    count = int(min(MOST, max(LEAST, MOST * bench.scale)))
    with _prepared(bench.place, "journal.verify", bench):
        _write(count, shift=0)
        _chain_all()
        _settle()
        for number in bench.rounds:
            bench.say(f"journal.verify: {count} событий, проход {number + 1}")
            began = time.perf_counter()
            report = prove(with_data=False)
            figure = count / (time.perf_counter() - began)
            assert report.is_clean, report.findings  # noqa: S101 - a figure of a broken chain is no figure
            yield Round(figure, count / _by_python(bench.place.address(DATABASE)), {"events": float(count)})


class _prepared:
    """A database with the schema, Django inside it, events free of their appeals, one core for each query."""

    def __init__(self, place: Place, title: str, bench: Bench) -> None:
        self._place, self._title, self._bench = place, title, bench

    def __enter__(self) -> None:
        from django.core.management import call_command
        from django.db import connection

        self._bench.say(f"{self._title}: пустая база")
        self._place.create(DATABASE)
        self._inside = self._place.inside(DATABASE)
        self._inside.__enter__()
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = 'appeals_event'::regclass AND contype = 'f'"
            )
            for (key,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE appeals_event DROP CONSTRAINT "{key}"')
            cursor.execute("SET max_parallel_workers_per_gather = 0")

    def __exit__(self, *fault: object) -> None:
        self._inside.__exit__(None, None, None)
        self._place.drop(DATABASE)


def _write(count: int, *, shift: int) -> None:
    from django.db import connection

    from opora.access.scope import Scope, enter

    with enter(Scope.system("the bench writes events")), connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"count": count, "shift": shift})


def _chain_all() -> float:
    from opora.appeals.chain.chainer import chain_batch

    began = time.perf_counter()
    while chain_batch():
        pass
    return time.perf_counter() - began


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) appeals_event")
        cursor.execute("VACUUM (ANALYZE) appeals_chainlink")


def _by_python(address: str) -> float:
    """Return the seconds of the other way: the rows as COPY sends them, the hashes counted here."""
    from opora.appeals.chain.digest import EVENT

    bare = EVENT.removeprefix("pg_catalog.sha256(").removesuffix(")")
    question = (
        f"COPY (SELECT l.position, l.hash, {bare} FROM appeals_chainlink l JOIN appeals_event e"  # noqa: S608 — our own words
        " ON e.at = l.event_at AND e.id = l.event_id WHERE l.organisation_id = {owner} ORDER BY l.position)"
        " TO STDOUT (FORMAT binary)"
    )
    began = time.perf_counter()
    with psycopg.connect(address) as link:
        link.execute("SELECT set_config('opora.sees', 'all', false)")
        link.execute("SET max_parallel_workers_per_gather = 0")
        for owner in range(1, OWNERS + 1):
            former = bytes(32)
            with link.cursor().copy(question.replace("{owner}", str(owner))) as rows:
                rows.set_types(["int8", "bytea", "bytea"])
                for position, stored, event in rows.rows():
                    former = sha256(former + struct.pack(">q", position) + sha256(event).digest()).digest()
                    assert former == stored  # noqa: S101
    return time.perf_counter() - began
