"""Whatever is killed while programs register, each acknowledged number is there once."""

import os
from pathlib import Path

import pytest

from config.bench.kills import storm

KILLS = int(os.environ.get("OPORA_KILLS") or 3)
SEED = int(os.environ.get("OPORA_SEED") or 1)


@pytest.mark.slow
def test_killed_at_random_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    tale = storm(tmp_path, kills=KILLS, seed=SEED)

    assert tale.wrong == []
    assert (tale.lost, tale.doubled) == (0, 0)
    assert len(tale.killed) == KILLS
    assert tale.acknowledged > 100
    assert tale.repeats, "nobody was disturbed: nothing was shown"
