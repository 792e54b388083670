"""A pytest plugin: a cluster for the tests, up before Django reads its settings and gone afterwards.

Loaded by ``-p config.testing``. With ``DATABASE_URL`` the tests use that server. The cluster lives in a temporary place
and is stopped with the tests; one left behind by ``kill -9`` is found by its free lease and cleared by the next run.
"""

import fcntl
import gc
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from _pytest.doctest import DoctestModule
from psycopg.pq import TransactionStatus

from opora.shared import postgres
from opora.shared.postgres.copies import CopyRefused, backup, restore
from opora.shared.postgres.folder import Folder

PREFIX = "opora-tests-"
MODEL = "opora_model"
# A crash of the machine may lose what tests wrote; tests of what crashes must not lose have clusters of their own.
# Nobody looks at the rows of a test behind its back: autovacuum would see none of them and say so to the planner.
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "autovacuum": "off",
}

# Beside migrations, packs and SQL: what those call.
MAKERS = (
    "config/commands/drawing.py",
    "config/settings.py",
    "opora/access/rights.py",
    "opora/appeals/security.py",
    "opora/organisations/roles.py",
    "opora/organisations/security.py",
    "opora/shared/functions.py",
    "opora/shared/partitions.py",
    "opora/shared/row_security.py",
    "opora/shared/sql.py",
    "requirements.lock",
)
KEPT = 4  # models of former runs

# Rows that tests took back lie in a table until it is swept: so many are read in a fifth of a millisecond.
DEAD = 1_000

# A test leaves hundreds of thousands of objects, nearly all of which go by themselves: look for knots seldom.
GARBAGE_LIMITS = (50_000, 20, 50)

TAKES = {"browser": 20, "slow": 100}  # times longer than others: tests with a mark

# The cast lives in Novosibirsk, and so does the clock of a test: from 17:00 UTC on Moscow has another day.
os.environ.setdefault("OPORA_TIME_ZONE", "Asia/Novosibirsk")

_afterwards = ExitStack()
copies: list[Any] = []  # Django's connections to copies of the model


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    if not os.environ.get("DATABASE_URL"):
        clear_stale()
        data = Path(tempfile.mkdtemp(prefix=PREFIX))
        _afterwards.callback(shutil.rmtree, data, ignore_errors=True)
        preferred = os.environ.get("OPORA_POSTGRES_BIN")
        address = postgres.hold(data, settings=HASTY, preferred=Path(preferred) if preferred else None)
        # Workers of xdist inherit both and start nothing.
        os.environ["DATABASE_URL"] = _afterwards.enter_context(address)
        os.environ["OPORA_DATA"] = str(data)
    return (yield)


def pytest_configure() -> None:
    _look_through_static_files_once()
    _hash_passwords_hastily()
    _put_middleware_together_once()
    gc.set_threshold(*GARBAGE_LIMITS)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples only in files that have one: going through every module of the house took seconds."""
    found = yield
    if found and ">>>" not in file_path.read_text(encoding="utf-8", errors="ignore"):
        return [one for one in found if not isinstance(one, DoctestModule)]
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: a long one begun last would keep one core at work alone."""
    lengths: Counter[Path] = Counter()
    for item in items:
        lengths[item.path] += max((TAKES[mark.name] for mark in item.iter_markers() if mark.name in TAKES), default=1)
    items.sort(key=lambda item: -lengths[item.path])


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    yield
    if nextitem is not None and nextitem.path != item.path:
        for copy in copies:
            if copy.connection is not None:
                sweep(copy.connection)


def sweep(link: "psycopg.Connection[Any]") -> None:
    """Take out of the tables what tests made and took back: the server passes over each such row in every reading.

    Nothing else would: autovacuum is off, and PostgreSQL prunes rows that were changed, not rows whose making failed.
    """
    if link.closed or not link.autocommit or link.info.transaction_status != TransactionStatus.IDLE:
        return
    link.execute("SELECT pg_stat_force_next_flush()")
    full = link.execute("SELECT relid::regclass::text FROM pg_stat_user_tables WHERE n_dead_tup > %s", [DEAD])
    for (table,) in full.fetchall():
        link.execute(f"VACUUM {table}")


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """One more than there are cores: tests of what is outside — kills, letters, calls, browsers — mostly wait."""
    return None if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") else (os.process_cpu_count() or 1) + 1


def pytest_unconfigure() -> None:
    _afterwards.close()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make the tables while the workers of xdist are still collecting; the first who needs them waits."""
    if getattr(session.config.option, "numprocesses", None) and _has_own_cluster():
        command = [sys.executable, "-c", "from config.testing import make_model; make_model()"]
        made = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _afterwards.callback(made.wait)
        _afterwards.callback(made.terminate)


@pytest.fixture(scope="session")
def migrated() -> str | None:
    """The name of a database with every table of the program, to be copied; None on a server that is not ours."""
    return make_model() if _has_own_cluster() else None


@pytest.fixture(scope="session")
def lay_cluster(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Lay a cluster with every table of the program into a folder, for tests that kill it.

    Making the tables takes half a minute of a core: one cluster is made for the whole run, the others are its copies.
    """
    mine = tmp_path_factory.getbasetemp()
    model = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "model"

    def lay(data: Path) -> None:
        model.mkdir(exist_ok=True)
        with _once(model) as is_first:
            if is_first and _has_own_cluster():
                make_model()
                _copy_cluster(_house(), model)
            elif is_first:
                _run_opora("migrate", "--data", str(model), environment=_without("DATABASE_URL"))
                postgres.stop(model)
        data.mkdir(exist_ok=True, parents=True)
        for name in ("postgres", "postgres.secret"):
            subprocess.run(["cp", "-a", model / name, data / name], check=True)  # keeps whose the files are

    return lay


def make_model() -> str:
    """Make the database that all others of this run are copied from, unless it is made, and return its name."""
    with _once(_house()) as is_first:
        if is_first:
            address = os.environ["DATABASE_URL"]
            with psycopg.connect(address, autocommit=True) as link:
                link.execute(f"DROP DATABASE IF EXISTS {MODEL}")
                link.execute(f"CREATE DATABASE {MODEL}")
            inside = urlunsplit(urlsplit(address)._replace(path=f"/{MODEL}"))
            kept = _kept_model()
            if kept.exists():
                restore(inside, kept)
            _run_opora("migrate", environment={**os.environ, "DATABASE_URL": inside})
            if not kept.exists():
                _keep_model(kept)
    return MODEL


def take_copy(connection: Any, model: str) -> None:
    """Let the test database be a copy of ``model``, and nothing more: Django would migrate again what is migrated."""
    creation = connection.creation

    def create_test_db(*_given: Any, **_options: Any) -> str:
        name: str = creation._get_test_db_name()
        make_copy(model, name)
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        return name

    creation.create_test_db = create_test_db
    copies.append(connection)


def make_copy(model: str, name: str) -> None:
    with psycopg.connect(_of_all(os.environ["DATABASE_URL"]), autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}"')
        link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')


def _kept_model() -> Path:
    """Where a run leaves the tables for the next one: making them takes half a minute of a core, reading them three
    seconds. The name follows from everything that the tables follow from, and from the month: partitions do.
    """
    house = Path(__file__).parent.parent
    makers = [path for path in (house / "opora").rglob("*") if {"migrations", "packs", "sql"} & set(path.parts)]
    told = hashlib.sha256(f"{datetime.now(UTC):%Y-%m}".encode())
    for path in sorted([*makers, *(house / name for name in MAKERS)]):
        if path.is_file() and path.suffix != ".pyc":
            told.update(f"{path.relative_to(house)}\0".encode() + path.read_bytes())
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "opora-tests" / f"{told.hexdigest()[:32]}.dump"


def _keep_model(kept: Path) -> None:
    """Leave the tables for the next run; where there is no place for them, it makes its own."""
    whole = urlunsplit(urlsplit(postgres.admin_url(_house()))._replace(path=f"/{MODEL}"))
    with suppress(OSError, CopyRefused):
        kept.parent.mkdir(parents=True, exist_ok=True)
        for former in sorted(kept.parent.glob("*.dump"), key=lambda path: path.stat().st_mtime)[: -KEPT + 1]:
            former.unlink(missing_ok=True)
        backup(whole, kept, sight={})


def _look_through_static_files_once() -> None:
    """Every client of a test puts the middleware together; the walk through the packages was nearly all of its cost."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    walk = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, Any] = {}

    def add_files_from_finders(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            walk(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders


def _put_middleware_together_once() -> None:
    """Every client of a test put its own together; it keeps nothing, so clients share one until a setting changes."""
    from django.core.signals import setting_changed
    from django.test import client

    answering: Any = client.ClientHandler
    load = answering.load_middleware
    whole: dict[type, Any] = {}

    def load_middleware(handler: Any, is_async: bool = False) -> None:
        if type(handler) not in whole:
            load(handler, is_async)
            whole[type(handler)] = handler._middleware_chain
        handler._middleware_chain = whole[type(handler)]

    answering.load_middleware = load_middleware
    setting_changed.connect(lambda **_: whole.clear(), weak=False)


def _hash_passwords_hastily() -> None:
    """The same algorithm with as little work as it allows: a hash says itself how much work it took."""
    from django.contrib.auth.hashers import ScryptPasswordHasher

    ScryptPasswordHasher.work_factor = 2


def _copy_cluster(data: Path, copy: Path) -> None:
    """Copy the running cluster of the tests; in the copy the model is the database of the program."""
    with psycopg.connect(postgres.admin_url(data), autocommit=True) as link:
        link.execute("SELECT pg_backup_start('model', fast => true)")
        for name in ("postgres", "postgres.secret"):
            # A file may go while it is being copied: what is missing comes back from the log of writes.
            subprocess.run(["cp", "-a", data / name, copy / name], check=False, capture_output=True)
        (label,) = link.execute("SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)").fetchone() or ("",)
    subprocess.run(["cp", "-a", f"{data}/postgres/pg_wal/.", copy / "postgres" / "pg_wal"], check=True)
    (copy / "postgres" / "postmaster.pid").unlink()
    marked = copy / "postgres" / "backup_label"
    shutil.copy2(copy / "postgres" / "PG_VERSION", marked)
    shutil.chown(marked, (copy / "postgres").owner(), (copy / "postgres").group())
    marked.write_text(label)
    with postgres.hold(copy), psycopg.connect(_of_all(postgres.admin_url(copy)), autocommit=True) as link:
        for (name,) in link.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_%'").fetchall():
            link.execute(f"DROP DATABASE {name}")
        link.execute("DROP DATABASE opora")
        link.execute(f"ALTER DATABASE {MODEL} RENAME TO opora")


def _of_all(address: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path="/postgres"))


@contextmanager
def _once(folder: Path) -> Generator[bool]:
    """Be the only one at work on a folder; gives whether nobody has done the work before."""
    with (folder / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        ready = folder / "ready"
        yield not ready.exists()
        ready.touch()


def _has_own_cluster() -> bool:
    return _house().name.startswith(PREFIX)


def _house() -> Path:
    """Return the data folder of the tests' cluster; of anything where they use another server."""
    return Path(os.environ.get("OPORA_DATA") or ".opora")


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != name}


def _run_opora(*arguments: str, environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", "from config.cli import main; main()", *arguments]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def clear_stale() -> None:
    """Stop and remove the clusters of test runs that were killed."""
    for data in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        folder = Folder(data)
        with suppress(FileNotFoundError):  # another run ends at the same time and takes its own away
            if data.stat().st_uid == os.geteuid() and folder.was_leased and not folder.is_leased():
                postgres.stop(data)
                shutil.rmtree(data, ignore_errors=True)
