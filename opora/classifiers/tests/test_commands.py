"""``opora load classifier``: what it says, what it stores."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.cli import app
from opora.classifiers.models import Edition
from opora.classifiers.tests.test_packs import CODES


@pytest.fixture
def run(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("opora.shared.console._hang_up", lambda: None)  # the test's own connection stays

    def load(content: dict[str, Any], *options: str) -> Any:
        path = tmp_path / "codes.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return CliRunner().invoke(app, ["load", "classifier", str(path), *options])

    return load


def test_loading_says_what_changes(run: Any) -> None:
    first = run(CODES)
    assert first.exit_code == 0, first.output
    assert "Коды Перми: версия 1 загружена." in first.output
    assert "Прежней версии не было." in first.output
    assert "ничего не изменилось" in run(CODES).output
    second = run(CODES | {"version": "2", "lists": {"kind": [{"ours": "complaint", "theirs": "2"}]}})
    assert "Что изменилось после версии 1:" in second.output
    assert "kind: complaint — другой код партнёра: было — Ж, стало — 2" in second.output


def test_a_trial_stores_nothing(run: Any) -> None:
    before = Edition.objects.count()
    assert "пока ничего не записано" in run(CODES, "--try").output
    assert Edition.objects.count() == before


def test_a_bad_file_is_refused_with_a_sentence(run: Any) -> None:
    refused = run(CODES | {"lists": {"song": []}})
    assert refused.exit_code != 0
    assert "списка «song» нет" in refused.exception.sentence
