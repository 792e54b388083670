import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from opora.shared import postgres


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a blank in its name; whatever a test leaves running is stopped."""
    folder = tmp_path / "папка данных"
    yield folder
    postgres.stop(folder, force=True)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that has been made and stopped."""
    folder = tmp_path_factory.mktemp("blank") / "data"
    with postgres.hold(folder):
        return folder


@pytest.fixture
def made(data: Path, blank: Path) -> Path:
    """The folder with a copy of that cluster, for tests of what comes after the making."""
    data.mkdir()
    for name in ("postgres", "postgres.secret"):
        subprocess.run(["cp", "-a", blank / name, data / name], check=True)  # keeps whose the files are
    return data
