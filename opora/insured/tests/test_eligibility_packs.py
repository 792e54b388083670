"""The rules as files: shipped ones are loaded, a bad one is refused with its place, a new one says what it changes."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.cli import app
from opora.deadlines.errors import PackRefused
from opora.deadlines.models import Pack
from opora.deadlines.packs import read_pack
from opora.deadlines.services import load_pack
from opora.informing.words import Measure as Informed
from opora.insured import eligibility
from opora.insured.eligibility.packs import SHIPPED, load_shipped_packs

TODAY = date(2026, 11, 22)
SHA256 = {"eligibility-2026.2.json": "147c77f8e13dc29ea103451b87474e51e264da6be2bf53a65dc130b1248161fa"}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """The shipped pack with changes, as a file."""
    content = read_pack(SHIPPED / "eligibility-2026.2.json").content

    def write(**changes: Any) -> Path:
        path = tmp_path / "pack.json"
        path.write_text(json.dumps({**content, **changes}), encoding="utf-8")
        return path

    return write


def rule(**changes: Any) -> dict[str, Any]:
    return {"code": "r", "title": "Осмотр", "measure": "checkup", "ages": [18, 125], "clause": "закон", **changes}


def test_shipped_rules_are_there_and_never_change(db: None) -> None:
    """An installation that has loaded a version refuses other content under it: a new edition gets a new version."""
    assert {path.name: read_pack(path).sha256 for path in SHIPPED.glob("eligibility-*.json")} == SHA256
    before = Pack.objects.filter(kind="eligibility").count()
    load_shipped_packs()
    assert Pack.objects.filter(kind="eligibility").count() == before == len(SHA256)


def test_informing_speaks_of_the_same_measures() -> None:
    assert {str(measure) for measure in eligibility.Measure} <= set(Informed.values)


BAD = [
    ({"rules": []}, "rules: "),
    ({"rules": [rule(ages=[40, 18])]}, "rules, r: возраст 40–18"),
    ({"rules": [rule(ages=[18, 300])]}, "rules, r: возраст 18–300"),
    ({"rules": [rule(since="2026-02-01", until="2026-01-01")]}, "rules, r: правило кончается раньше"),
    ({"rules": [rule(measure="song")]}, "rules.0.measure: значение «song»"),
    ({"rules": [rule(colour="red")]}, "rules.0.colour: такого поля"),
    ({"rules": [rule(), rule()]}, "«r» стоит дважды"),
    ({"rules": [rule(categories=["king"])]}, "категории «king» в регистре нет"),
    ({"rules": [rule(by_default=["taste"])]}, "rules.0.by_default.0"),
    ({"exclusions": [{"reason": "due"}]}, "«due» не исключение"),
    ({"follows": {"checkup": "checkup"}}, "не может идти после себя"),
    ({"code": "other"}, "код один"),
    ({"until": "2020-01-01"}, "кончается раньше"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_a_bad_file_is_refused_with_its_place(
    written: Callable[..., Path], changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PackRefused, match=sentence):
        read_pack(written(**changes))


def test_a_new_version_says_what_changes_and_is_used_at_once(db: None, written: Callable[..., Path]) -> None:
    rules = read_pack(SHIPPED / "eligibility-2026.2.json").content["rules"]
    changed = [{**line, "ages": [18, 54]} if line["code"] == "fertility" else line for line in rules[1:]]
    former = eligibility.book("50000", TODAY)
    loaded = load_pack(read_pack(written(version="2026.3", rules=changed)))
    told = "\n".join(loaded.consequences).replace("\xa0", " ")
    assert "Правил было 9, стало 8" in told
    assert "Убрано: Профилактический осмотр взрослых — 18–125 лет, каждый год" in told
    assert "Проверка репродуктивного здоровья: возраст — было 18–49, стало 18–54" in told
    present = eligibility.book("50000", TODAY)
    assert [line.ages for line in present.of(eligibility.Measure.FERTILITY, TODAY)] == [(18, 54)]
    assert [line.ages for line in former.of(eligibility.Measure.FERTILITY, TODAY)] == [(18, 49)]
    assert Pack.objects.filter(kind="eligibility", version="2026.2").exists()


def test_the_command_knows_its_kind(db: None, written: Callable[..., Path]) -> None:
    assert "eligibility" in CliRunner().invoke(app, ["load", "--help"]).output
