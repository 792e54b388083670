"""Databases of the bench: made beside the user's one in the same cluster, never inside it."""

import logging
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from psycopg import sql

from opora.shared import postgres
from opora.shared.console import data_folder

POPULATION, EMPTY = "opora_bench", "opora_bench_new"
PATIENCE = 120  # seconds


@dataclass(frozen=True)
class Place:
    """A cluster and the right to make databases in it; ``server`` is the address of the database we came from."""

    server: str

    def address(self, name: str) -> str:
        """Return the address of a database of this cluster."""
        parts = urlsplit(self.server)
        return urlunsplit(parts._replace(path=f"/{name}"))

    def exists(self, name: str) -> bool:
        with psycopg.connect(self.server, autocommit=True) as outside:
            found = outside.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def create(self, name: str, *, template: str = "template0") -> str:
        """Make a database anew, a copy of ``template`` (nobody may be connected to it), and return its address."""
        self.drop(name)
        with psycopg.connect(self.server, autocommit=True) as outside:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            outside.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.address(name)

    def migrated(self, name: str) -> str:
        """Make a database with every table of the program, nothing in it, and return its address.

        Migrating costs half a minute of a core: it is done once, every further database is a copy.
        """
        if not self.exists(EMPTY):
            half = self.create(f"{EMPTY}_half")
            command = [sys.executable, "-c", "from config.cli import main; main()", "migrate"]
            subprocess.run(command, env={**os.environ, "DATABASE_URL": half}, check=True, capture_output=True)
            self._rename(f"{EMPTY}_half", EMPTY)
        return self.create(name, template=EMPTY)

    def forget(self) -> None:
        """Drop what copies were made of: another version of the program has other tables."""
        for name in (EMPTY, f"{EMPTY}_half"):
            self.drop(name)

    def _rename(self, former: str, name: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as outside:
            statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            outside.execute(statement.format(sql.Identifier(former), sql.Identifier(name)))

    def drop(self, name: str) -> None:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with psycopg.connect(self.server, autocommit=True) as outside:
            for _ in range(PATIENCE):
                try:
                    outside.execute(statement)
                except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                    time.sleep(1)  # a worker of autovacuum is there, and only a superuser may send it away
                else:
                    return
            outside.execute(statement)

    @contextmanager
    def inside(self, name: str) -> Iterator[None]:
        """Let Django, and processes started meanwhile, work in another database for as long as the block lasts."""
        from django.db import connection

        former, told = connection.settings_dict["NAME"], os.environ.get("DATABASE_URL")
        connection.close()
        connection.settings_dict["NAME"] = name
        os.environ["DATABASE_URL"] = self.address(name)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = former
            _restore(told)


@contextmanager
def bench_place() -> Iterator[Place]:
    """Hold the cluster and set Django up on ``opora_bench``, made and migrated where it is missing."""
    with ExitStack() as afterwards:
        server = os.environ.get("DATABASE_URL") or afterwards.enter_context(postgres.hold(data_folder()))
        place = Place(server)
        place.forget()
        afterwards.callback(place.forget)
        if not place.exists(POPULATION):
            place.migrated(POPULATION)
        former = os.environ.get("DATABASE_URL")
        afterwards.callback(_restore, former)
        os.environ["DATABASE_URL"] = place.address(POPULATION)
        import django

        django.setup()
        logging.getLogger().setLevel(logging.WARNING)  # a line for each of thousands of requests helps nobody
        from django.core.management import call_command
        from django.db import connections

        afterwards.callback(connections.close_all)
        call_command("migrate", verbosity=0, interactive=False)
        yield place


def _restore(address: str | None) -> None:
    if address is None:
        os.environ.pop("DATABASE_URL", None)
    else:
        os.environ["DATABASE_URL"] = address


def machine() -> dict[str, object]:
    """Return what the figures were taken on, no name of the host; a ``load`` above 1 says that others were at work."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].partition(" ")[0]
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": _system(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "postgresql": server,
    }


def _system() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return platform.system()
    return f"{release['NAME'].partition(' ')[0]} {release.get('VERSION_ID', '')}".strip()
