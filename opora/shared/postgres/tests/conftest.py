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
