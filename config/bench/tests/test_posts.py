"""Tablets that come back at once lose and double nothing, whether or not their first answer reached them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.bench.posts import house_in, storm
from opora.shared import postgres


@pytest.mark.slow
def test_tablets_come_back_and_desks_are_answered(tmp_path: Path, lay_cluster: Callable[[Path], None]) -> None:
    data = tmp_path / "data"
    lay_cluster(data)
    try:
        with house_in(tmp_path, postgres.ensure(data), tablets=6, desks=1) as house:
            tale = storm(house, records=3, spread=0.2, seed=1, alone=1.2)
    finally:
        postgres.stop(data, force=True)
    assert (tale.lost, tale.doubled) == (0, 0)
    assert tale.repeats >= 1, "nobody lost an answer: nothing was shown"
    assert 0 < tale.seconds < 60
    assert 0 < min(tale.alone) < 60
