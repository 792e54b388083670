"""A copy of the whole database in one file, and back. Works with the embedded cluster and with any server.

The file is pg_dump's custom format. Passwords travel in the environment of the programs, never on their command line.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from opora.shared.errors import DomainError
from opora.shared.postgres.binaries import Binaries, found
from opora.shared.postgres.errors import ClusterRefused, no_space

GUARD = re.compile(r"\d+; \d+ \d+ (ROW SECURITY|POLICY) ")
MAGIC = b"PGDMP"
NO_SSL = "SSL support is not compiled in"  # the wheel's client; another one on this machine may have it


class CopyRefused(DomainError):
    """Копию не снять и не восстановить."""


class Busy(DomainError, status=409):
    """С базой сейчас работают программы. Остановите их или повторите с --disconnect: они будут отключены."""


def backup(url: str, file: Path, *, sight: Mapping[str, str]) -> None:
    """Write the database at ``url`` to ``file``, which must not exist yet; it appears whole or not at all.

    ``sight`` are the row-security settings under which a role that obeys row security sees every row.
    Raises CopyRefused, ClusterRefused.
    """
    if file.exists():
        raise CopyRefused(f"Файл {file} уже есть: копия не пишется поверх. Укажите другое имя.")
    draft = file.with_name(file.name + ".part")
    environment = {}
    arguments = ["--format=custom", "--file", str(draft)]
    if _obeys_row_security(url):
        # pg_dump itself would refuse; and without the scope it would write an empty copy.
        arguments.append("--enable-row-security")
        environment["PGOPTIONS"] = " ".join(f"-c {name}={value}" for name, value in sight.items() if value)
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _run("pg_dump", url, *arguments, environment=environment)
        _contents(draft)
        draft.rename(file)
    except OSError as fault:
        raise CopyRefused(f"Файл {file} не записать: {fault.strerror}.") from fault
    finally:
        draft.unlink(missing_ok=True)


def restore(url: str, file: Path, *, disconnect: bool = False) -> str:
    """Put the copy in ``file`` in place of the database at ``url``; return the name under which the former one is kept.

    The copy is read into a new database first; the two change names in one transaction, so a broken file or a full disk
    leaves everything as it was. Raises CopyRefused, Busy, ClusterRefused.
    """
    if not file.is_file():
        raise CopyRefused(f"Файла {file} нет.")
    with file.open("rb") as opened:
        if opened.read(len(MAGIC)) != MAGIC:
            raise CopyRefused(f"Файл {file} — не копия базы: её снимает opora db backup.")
    name = str(conninfo_to_dict(url)["dbname"])
    fresh, former = f"{name}_restored", f"{name}_before"
    with psycopg.connect(_with_database(url, "postgres"), autocommit=True) as link:
        if not disconnect and _sessions(link, name):
            raise Busy
        _drop(link, fresh)
        _create_like(link, fresh, name)
        try:
            _fill(_with_database(url, fresh), file)
            with psycopg.connect(_with_database(url, fresh), autocommit=True) as inside:
                inside.execute("ANALYZE")  # a copy carries no statistics, and the first search should be quick
            _drop(link, former)
            _swap(link, name, fresh=fresh, former=former)
        except BaseException:
            _drop(link, fresh)
            raise
    return former


def _fill(url: str, file: Path) -> None:
    """Read a copy into an empty database, row security last: foreign keys could not be checked behind it."""
    contents = _contents(file).splitlines(keepends=True)
    guards = [line for line in contents if GUARD.match(line)]
    rows = [line for line in contents if not GUARD.match(line)]
    with tempfile.TemporaryDirectory() as folder:
        for chosen, lines, jobs in ((Path(folder) / "rows", rows, 2), (Path(folder) / "guards", guards, 1)):
            chosen.write_text("".join(lines))
            how = ["--no-owner", "--no-acl", "--exit-on-error", f"--jobs={jobs}", f"--use-list={chosen}"]
            _run("pg_restore", url, *how, str(file))


def _contents(file: Path) -> str:
    """Return the table of contents of a copy. Raises CopyRefused when it cannot be read."""
    said = ""
    for programs in found():
        done = subprocess.run(
            [programs["pg_restore"], "--list", str(file)], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.strip()
    raise CopyRefused(f"Копию {file} не прочитать: {said.splitlines()[-1] if said else 'нет программы pg_restore'}")


def _run(program: str, url: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
    password = str(conninfo_to_dict(url).get("password") or "")
    surroundings = {**os.environ, "PGPASSWORD": password, "LC_ALL": "C", **(environment or {})}
    said = ""
    for programs in _not_older_than_server(url):
        command = [programs[program], "--no-password", "--dbname", _without_password(url), *arguments]
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        said = done.stderr.strip()
        if NO_SSL not in said:
            break
    if "No space left on device" in said:
        raise no_space(Path.cwd())
    faults = [line for line in said.splitlines() if "error:" in line] or [said or "причина неизвестна"]
    raise CopyRefused(f"{program}: {faults[0]}")


def _not_older_than_server(url: str) -> Iterator[Binaries]:
    with psycopg.connect(url) as link:
        server = link.info.server_version // 10_000
    fitting = [programs for programs in found() if programs.major >= server]
    if not fitting:
        raise ClusterRefused(
            f"База работает на PostgreSQL {server}, а pg_dump на этой машине старше. "
            f"Поставьте postgresql-client-{server}."
        )
    # The nearest version first: its copies can be read back by the same server.
    yield from sorted(fitting, key=lambda programs: programs.major)


def _obeys_row_security(url: str) -> bool:
    with psycopg.connect(url) as link:
        row = link.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
    return not (row and row[0])


def _sessions(link: psycopg.Connection, name: str) -> int:
    row = link.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]).fetchone()
    return int(row[0]) if row else 0


def _create_like(link: psycopg.Connection, name: str, model: str) -> None:
    found = link.execute("SELECT datlocprovider, datcollate, datctype FROM pg_database WHERE datname = %s", [model])
    provider, collate, ctype = found.fetchone() or ("", "", "")
    command = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
    if provider == "c":
        command += sql.SQL(" LC_COLLATE {} LC_CTYPE {}").format(sql.Literal(collate), sql.Literal(ctype))
    try:
        link.execute(command)
    except psycopg.errors.InsufficientPrivilege as fault:
        role = link.info.user
        raise CopyRefused(
            f"Роль {role} не может создать базу для восстановления: ALTER ROLE {role} CREATEDB."
        ) from fault


def _swap(link: psycopg.Connection, name: str, *, fresh: str, former: str) -> None:
    with _closed(link, name), link.transaction():
        _rename(link, name, former)
        _rename(link, fresh, name)
    # The one that was closed now has the former name.
    link.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(former)))


@contextmanager
def _closed(link: psycopg.Connection, name: str) -> Iterator[None]:
    """Send everyone out of a database and let nobody in; open it again if the work fails."""
    link.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
    try:
        link.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
    except BaseException:
        link.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))
        raise


def _rename(link: psycopg.Connection, old: str, new: str) -> None:
    link.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


def _drop(link: psycopg.Connection, name: str) -> None:
    link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _with_database(url: str, name: str) -> str:
    return make_conninfo(url, dbname=name)


def _without_password(url: str) -> str:
    return make_conninfo("", **{name: value for name, value in conninfo_to_dict(url).items() if name != "password"})
