"""Whoever needs the database takes a lease; the cluster starts for the first and stops after the last."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from opora.shared.postgres import binaries
from opora.shared.postgres.errors import ClusterRefused
from opora.shared.postgres.folder import Folder
from opora.shared.postgres.server import Postmaster, Server

ADMIN, OWNER, DATABASE = "opora_admin", "opora", "opora"


@dataclass(frozen=True)
class Status:
    """What is known of a cluster without touching it."""

    data: Path
    version: int | None
    running: bool
    port: int | None
    is_leased: bool
    is_kept: bool


def ensure(data: Path, *, preferred: Path | None = None) -> str:
    """Start the cluster, keep it running until ``stop``, and return the address of the database. Raises ClusterRefused.

    ``preferred`` names a folder of binaries to use instead of those found.
    """
    folder = Folder(data)
    with folder.locked():
        server = Server(folder, preferred=preferred).start()
        folder.keep(True)
        return _address(folder, server)


@contextmanager
def hold(data: Path, *, preferred: Path | None = None, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Have the database for as long as the block lasts, and leave the cluster as it was found.

    Gives its address. Any number of processes may hold it; the last one stops it, unless ``ensure`` asked to keep it.
    After a ``kill -9`` of a holder the cluster runs on until the next holder leaves. Raises ClusterRefused.
    """
    folder = Folder(data)
    server = Server(folder, preferred=preferred, settings=settings)
    with folder.locked():
        lease = folder.take_lease()
        try:
            address = _address(folder, server.start())
        except BaseException:
            os.close(lease)
            raise
    try:
        yield address
    finally:
        with folder.locked():
            os.close(lease)
            if not folder.is_kept and not folder.is_leased():
                server.stop()


def stop(data: Path, *, force: bool = False) -> bool:
    """Stop the cluster; False when others need it: it then stops after the last of them. ``force`` asks nobody."""
    folder = Folder(data)
    if not folder.cluster.exists():
        return True
    with folder.locked():
        folder.keep(False)
        if folder.is_leased() and not force:
            return False
        Server(folder).stop()
        return True


def status(data: Path) -> Status:
    """Return what is known of the cluster; starts nothing."""
    folder = Folder(data)
    found = Server(folder).running()
    return Status(
        data=folder.data,
        version=binaries.version_of(folder.cluster),
        running=found is not None,
        port=found.port if found else None,
        is_leased=folder.is_leased(),
        is_kept=folder.is_kept,
    )


def admin_url(data: Path) -> str:
    """Return the superuser's address of a running cluster: for copies of the whole database, never for the program."""
    folder = Folder(data)
    found = Server(folder).running()
    if found is None:
        raise ClusterRefused(f"База в {folder.data} не запущена.")
    return _url(ADMIN, folder.passwords()[ADMIN], found.port)


def _address(folder: Folder, server: Postmaster) -> str:
    """Return the program's address; the role and the database are made when they are missing."""
    passwords = folder.passwords()
    address = _url(OWNER, passwords[OWNER], server.port)
    try:
        with psycopg.connect(_url(ADMIN, passwords[ADMIN], server.port, "postgres"), autocommit=True) as link:
            _make_role(link, passwords[OWNER])
            _make_database(link)
    except psycopg.OperationalError as fault:
        raise ClusterRefused(f"База в {folder.cluster} не отвечает: {str(fault).splitlines()[-1]}") from fault
    return address


def _make_role(link: psycopg.Connection, password: str) -> None:
    if link.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER]).rowcount:
        return
    # Hashed here, so that the password itself is in no statement and no log.
    hashed = link.pgconn.encrypt_password(password.encode(), OWNER.encode(), b"scram-sha-256").decode()
    link.execute(
        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB PASSWORD {}").format(
            sql.Identifier(OWNER), sql.Literal(hashed)
        )
    )


def _make_database(link: psycopg.Connection) -> None:
    if not link.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
        link.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _url(role: str, password: str, port: int, database: str = DATABASE) -> str:
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}?sslmode=disable"
