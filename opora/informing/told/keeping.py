"""Keeping the sums of people told: what some people added is taken away, their change made, what they add now added."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from opora.access.scope import Scope, enter
from opora.informing.models import ToldCount
from opora.informing.told.words import STREAMS
from opora.shared.sql import text

log = structlog.get_logger(__name__)

SQL = Path(__file__).parent / "sql"
TABLES = """
CREATE TEMP TABLE told_people (person_id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMP TABLE told_change (year int, month int, territory varchar, insurer_id bigint, stream varchar,
                               informed bigint, repeated bigint, contacts bigint) ON COMMIT DROP
"""


@contextmanager
def following(cursor: CursorWrapper, years: range, people: str) -> Iterator[None]:
    """Let the sums of calendar ``years`` follow what the block does to contacts of some people.

    ``people`` is a statement that gives their ids. Years whose sums are not kept yet are counted whole. Inside a
    transaction that sees everybody.
    """
    kept = ToldCount.objects.filter(year__in=years).exists()
    with _tables(cursor):
        if kept:
            cursor.execute(f"INSERT INTO told_people {people}")
            cursor.execute("ANALYZE told_people")
            _contribute(cursor, years, sign=-1)
        yield
        _contribute(cursor, years, sign=1, everybody=not kept)
        cursor.execute(text(SQL / "add.sql"))


@transaction.atomic
def recount(years: range) -> int:
    """Count the sums of calendar years from their contacts, put right what differs; return how many sums did.

    Nothing differs unless an organisation has changed its parent, a stream was added or somebody wrote past
    ``following``: it is told to the log.
    """
    with enter(Scope.system("people told of every insurer are counted")), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE informing_toldcount IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        with _tables(cursor):
            _contribute(cursor, years, sign=1, everybody=True)
            cursor.execute(
                "INSERT INTO told_change SELECT year, month, territory, insurer_id, stream, -informed, -repeated,"
                " -contacts FROM informing_toldcount WHERE year BETWEEN %s AND %s",
                [years.start, years.stop - 1],
            )
            cursor.execute(text(SQL / "add.sql"))
            wrong = cursor.rowcount
    if wrong:
        log.warning("informing.told_recounted", years=[years.start, years.stop - 1], sums=wrong)
    return wrong


@contextmanager
def _tables(cursor: CursorWrapper) -> Iterator[None]:
    cursor.execute(TABLES)
    yield
    cursor.execute("DROP TABLE told_people, told_change")


def _contribute(cursor: CursorWrapper, years: range, *, sign: int, everybody: bool = False) -> None:
    pairs = [pair for stream in STREAMS for pair in stream.pairs()]
    names, measures, channels = (list(column) for column in zip(*pairs, strict=True))
    given: dict[str, Any] = {"streams": names, "measures": measures, "channels": channels}
    given |= {"since": years.start, "until": years.stop - 1, "sign": sign, "everybody": everybody}
    cursor.execute(text(SQL / "contributions.sql"), given)
