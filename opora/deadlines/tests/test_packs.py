"""Packs: shipped ones are loaded, a version is never rewritten, a bad file changes nothing."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from opora.deadlines import queries
from opora.deadlines.errors import NoSuchTerm, PackRefused, VersionTaken
from opora.deadlines.events import pack_loaded
from opora.deadlines.models import Pack
from opora.deadlines.packs import SHIPPED, read_pack
from opora.deadlines.services import load_pack, load_shipped_packs

REGION = {
    "kind": "region",
    "code": "radonitsa",
    "territory": "50000",
    "version": "2026.1",
    "since": "2026-01-01",
    "until": None,
    "title": "Радоница",
    "source": "закон региона",
    "days": ["2026-04-21"],
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Any], Path]:
    def write(content: Any) -> Path:
        path = tmp_path / "pack.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def test_shipped_packs_are_there_and_loading_them_again_changes_nothing(db: None) -> None:
    before = list(Pack.objects.values_list("pk", flat=True))
    known = set(Pack.objects.values_list("sha256", flat=True))
    assert {read_pack(path).sha256 for path in SHIPPED.glob("*.json")} <= known
    load_shipped_packs()
    assert list(Pack.objects.values_list("pk", flat=True)) == before


def test_a_shipped_version_never_changes() -> None:
    """An installation that has loaded a version refuses other content under it: a new edition gets a new version."""
    known = dict(line.split("  ")[::-1] for line in (SHIPPED / "SHA256").read_text().splitlines())
    assert known == {path.name: read_pack(path).sha256 for path in sorted(SHIPPED.glob("*.json"))}


def test_a_region_changes_only_its_own_calendar(db: None, written: Callable[[Any], Path]) -> None:
    heard = []
    pack_loaded.connect(lambda **news: heard.append(news["differences"]), weak=False, dispatch_uid="test")
    try:
        loaded = load_pack(read_pack(written(REGION)))
    finally:
        pack_loaded.disconnect(dispatch_uid="test")
    assert [day for day, _, _ in loaded.differences] == [date(2026, 4, 21)]
    assert heard == [loaded.differences]
    assert not queries.calendar("50000").works(date(2026, 4, 21))
    assert queries.calendar("01000").works(date(2026, 4, 21))


def test_one_version_has_one_content(db: None, written: Callable[[Any], Path]) -> None:
    assert load_pack(read_pack(written(REGION))).is_new
    assert not load_pack(read_pack(written(REGION))).is_new
    with pytest.raises(VersionTaken):
        load_pack(read_pack(written({**REGION, "days": ["2026-04-22"]})))


def test_a_loaded_pack_is_never_changed(db: None) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Pack.objects.update(title="другой")


def test_terms_are_chosen_by_day(db: None) -> None:
    assert queries.term("consideration", on=date(2026, 3, 2)).length == 30
    with pytest.raises(NoSuchTerm):
        queries.term("consideration", on=date(2000, 1, 1))


BAD_FILES = [
    ("{", "строка 1, знак 2: это не JSON"),
    ([], "поле kind должно быть одним из"),
    ({**REGION, "kind": "song"}, "поле kind должно быть одним из"),
    ({**REGION, "days": ["2026-02-30"]}, "days.0: значение «2026-02-30» сюда не подходит"),
    ({**REGION, "territory": ""}, "должна быть территория"),
    ({**REGION, "until": "2025-01-01"}, "кончается раньше"),
    ({**REGION, "colour": "red"}, "colour: такого поля в паке не бывает"),
    ({name: value for name, value in REGION.items() if name != "source"}, "source: поле обязательно"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES)
def test_a_bad_file_is_refused_with_its_place(written: Callable[[Any], Path], content: Any, sentence: str) -> None:
    with pytest.raises(PackRefused, match=sentence):
        read_pack(written(content))
