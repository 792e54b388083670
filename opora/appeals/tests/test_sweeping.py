"""Bytes nobody names any more go; whatever is named, fresh or kept anew stays."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from opora.appeals import store, sweeping
from opora.appeals.models import Appeal, File
from opora.appeals.tests.test_register import question, registered

LONG_AGO = time.time() - 8 * 24 * 3600


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def kept(content: bytes, at: float = LONG_AGO) -> str:
    sha256 = store.keep(content)
    os.utime(store.place_of(sha256), (at, at))
    return sha256


def test_only_what_no_row_names_is_erased(cast: Any, topics: Any, db: None) -> None:
    appeal = Appeal.objects.get(pk=registered(cast.alina, question(topics)).id)
    named, orphan, fresh = kept(b"named"), kept(b"orphan"), kept(b"fresh", time.time())
    File.objects.create(
        appeal=appeal, name="a.txt", media_type="text/plain", size=5, sha256=named, added_at=timezone.now()
    )
    (store.place_of(orphan).parent / "new-left").write_bytes(b"half")
    os.utime(store.place_of(orphan).parent / "new-left", (LONG_AGO, LONG_AGO))

    assert sweeping.sweep() == 2
    assert sweeping.sweep() == 0
    assert [store.place_of(one).exists() for one in (named, orphan, fresh)] == [True, False, True]
    assert not (store.place_of(orphan).parent / "new-left").exists()


def test_bytes_that_are_kept_again_count_as_new(db: None) -> None:
    sha256 = kept(b"once more")
    store.keep(b"once more")
    assert sweeping.sweep() == 0
    assert store.open_kept(sha256).read() == b"once more"


def test_what_a_killed_sweep_hid_comes_back_when_it_is_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = kept(b"hidden")
    place = store.place_of(sha256)
    place.rename(place.with_name(sweeping.GOING + place.name))
    monkeypatch.setattr(sweeping, "_named", lambda digit: {sha256})
    assert sweeping.sweep() == 0
    assert place.read_bytes() == b"hidden"


def test_another_database_erases_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "FEW", 0)
    sha256 = kept(b"of the right database")
    assert sweeping.sweep() == 0
    assert store.place_of(sha256).exists()


def test_every_room_that_keeps_bytes_says_where_it_names_them() -> None:
    house = Path(sweeping.__file__).parent.parent
    keeping = {
        file.relative_to(house).parts[0]
        for file in house.rglob("*.py")
        if "tests" not in file.parts and "store.keep(" in file.read_text(encoding="utf-8")
    }
    assert keeping - {"simulation"} == {model.partition(".")[0] for model, _ in sweeping.holders()}
