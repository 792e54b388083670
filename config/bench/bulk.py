"""Rows by the million for a work: no triggers, no foreign keys, indexes built once behind the last row.

Only the superuser of the embedded cluster may do so. What triggers would have kept — counters, words of the search — is
written by whoever needs it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import ClientCursor, sql

from config.bench.errors import BenchRefused
from opora.shared import postgres
from opora.shared.console import data_folder

# Not ready: nothing is written into them until they are built anew.
PUT_OFF = "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY (%s::regclass[])"
LEAVES = "SELECT relid::regclass::text FROM pg_partition_tree(%s) WHERE isleaf"


@contextmanager
def bulk(*tables: str) -> Iterator[psycopg.Connection]:
    """Give a link on which rows go into ``tables`` of Django's database, all or none; they end indexed and analysed.

    Raises BenchRefused on a server that is not ours.
    """
    parts = _prepared(tables)
    with _link() as link:
        try:
            with link.transaction():
                yield link
        finally:
            for part in parts:
                link.execute(sql.SQL("REINDEX TABLE {}").format(sql.Identifier(part)))
        for table in tables:
            link.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))


def sweep(*tables: str) -> None:
    """Give back the room of rows that were rolled back: every round begins with tables as the first found them."""
    with _link() as link:
        for part in _leaves(link, tables):
            name = sql.Identifier(part)
            found = link.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name)).fetchone()
            is_empty = found is not None and not found[0]
            link.execute((sql.SQL("TRUNCATE {}") if is_empty else sql.SQL("VACUUM {}")).format(name))


def superuser(database: str) -> str:
    """Return the address under which triggers can be put off. Raises BenchRefused on a server that is not ours."""
    try:
        address = urlsplit(postgres.admin_url(data_folder()))
    except postgres.ClusterRefused as fault:
        raise BenchRefused("Миллионы строк кладутся только в свою базу: уберите DATABASE_URL") from fault
    return urlunsplit(address._replace(path=f"/{database}"))


def _prepared(tables: Sequence[str]) -> list[str]:
    """Put the indexes off in a session of its own: the next one knows nothing of them."""
    with _link() as link:
        parts = _leaves(link, tables)
        link.execute(PUT_OFF, [parts])
    return parts


def _link() -> psycopg.Connection:
    address = superuser(connection.settings_dict["NAME"])
    link = psycopg.connect(address, autocommit=True, cursor_factory=ClientCursor)
    link.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
    link.execute("SET work_mem = '256MB'")
    link.execute("SET maintenance_work_mem = '1GB'")
    return link


def _leaves(link: psycopg.Connection, tables: Sequence[str]) -> list[str]:
    found: list[str] = []
    for table in tables:
        found += [name for (name,) in link.execute(LEAVES, [table]).fetchall()] or [table]
    return found
