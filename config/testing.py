"""A pytest plugin: a cluster for the tests, up before Django reads its settings and gone afterwards.

Loaded by ``-p config.testing``. With ``DATABASE_URL`` the tests use that server. The cluster lives in a temporary place
and is stopped with the tests; one left behind by ``kill -9`` is found by its free lease and cleared by the next run.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from opora.shared import postgres
from opora.shared.postgres.folder import Folder

PREFIX = "opora-tests-"
# A crash of the machine may lose what tests wrote; tests of what crashes must not lose have clusters of their own.
# Nobody looks at the rows of a test behind its back: autovacuum would see none of them and say so to the planner.
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "autovacuum": "off",
}

# The cast lives in Novosibirsk, and so does the clock of a test: from 17:00 UTC on Moscow has another day.
os.environ.setdefault("OPORA_TIME_ZONE", "Asia/Novosibirsk")

_afterwards = ExitStack()


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


def pytest_unconfigure() -> None:
    _afterwards.close()


@pytest.fixture(scope="session")
def lay_cluster(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Lay a cluster with every table of the program into a folder, for tests that kill it.

    Making the tables takes half a minute of a core: one cluster is made for the whole run, the others are its copies.
    """
    mine = tmp_path_factory.getbasetemp()
    model = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "model"

    def lay(data: Path) -> None:
        model.mkdir(exist_ok=True)
        with (model / "making").open("w") as making:
            fcntl.flock(making, fcntl.LOCK_EX)
            if not (model / "ready").exists():
                _make_tables(model)
                (model / "ready").touch()
        data.mkdir(exist_ok=True, parents=True)
        for name in ("postgres", "postgres.secret"):
            subprocess.run(["cp", "-a", model / name, data / name], check=True)  # keeps whose the files are

    return lay


def _make_tables(data: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-c", "from config.cli import main; main()", "migrate", "--data", str(data)]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    postgres.stop(data)


def clear_stale() -> None:
    """Stop and remove the clusters of test runs that were killed."""
    for data in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        folder = Folder(data)
        with suppress(FileNotFoundError):  # another run ends at the same time and takes its own away
            if data.stat().st_uid == os.geteuid() and folder.was_leased and not folder.is_leased():
                postgres.stop(data)
                shutil.rmtree(data, ignore_errors=True)
