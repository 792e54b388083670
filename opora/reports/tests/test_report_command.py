"""``opora report``: what it prints, what it writes, what it refuses."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from config.cli import app
from opora.reports.models import Seal
from opora.reports.tests.small import load_form
from opora.reports.tests.test_counting import facts  # noqa: F401


@pytest.fixture
def run(facts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: F811
    monkeypatch.setattr("opora.shared.console._hang_up", lambda: None)  # the test's own connection stays
    load_form()
    return lambda *words: CliRunner().invoke(app, ["report", *words])


ASKED = ("small-form", "--org", "50000", "--period", "2024-03")


def test_it_prints_the_rows(run: Any) -> None:
    done = run(*ASKED)
    assert done.exit_code == 0, done.output
    assert "Новосибирская область, март 2024 года" in done.output
    [line] = [line for line in done.output.splitlines() if "доля жалоб" in line]
    assert [cell.strip() for cell in line.strip("│").split("│")][2:] == [
        "0,0\xa0%", "100,0\xa0%", "25,0\xa0%", "0,0\xa0%", "—",
    ]  # fmt: skip


def test_one_insurer_and_one_document(run: Any) -> None:
    told = json.loads(run("small-form", "--org", "54001", "--period", "2024-03", "--format", "json").output)
    assert (told["subject"], told["tables"][0]["rows"][0]["cells"][2]["value"]) == ("54001", 8)


def test_a_file_by_its_ending(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    assert run(*ASKED, "--out", str(out)).exit_code == 0
    assert out.read_bytes()[:2] == b"PK"


def test_the_list_names_it(run: Any) -> None:
    assert "small-form" in run("--list").output
    assert "small-form" in [one["name"] for one in json.loads(run("--list", "--format", "json").output)]


REFUSED = [
    (("small-form", "--org", "99999", "--period", "2024-03"), "с кодом «99999» нет"),
    (("small-form", "--period", "2024-03"), "Скажите, чей отчёт"),
    (("small-form", "--org", "50000", "--period", "март"), "Период не понят"),
    (("small-form", "--org", "50000", "--period", "2024"), "выберите другой период"),
    (("small-form", "--org", "54000", "--period", "2024-03"), "выберите другую организацию"),
    (("no-such", "--org", "50000", "--period", "2024-03"), "Отчёта «no-such»"),
    ((*ASKED, "--format", "exe"), "В таком виде отчёт не записать"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_refusals_are_sentences(run: Any, words: tuple[str, ...], said: str) -> None:
    refused = run(*words)
    assert said in str(refused.exception), refused.output


def test_sealing_says_who(run: Any, cast: Any) -> None:
    asked = ("small-form", "--org", "54001", "--period", "2024-03", "--seal")
    assert run(*asked).exit_code == 2
    for stranger in ("alina", "vera", "nobody"):
        assert run(*asked, "--by", stranger).exit_code == 1
    done = run(*asked, "--by", "boris")
    assert done.exit_code == 0, done.exception
    seal = Seal.objects.get()
    assert (seal.sealed_by, seal.number) == (cast.boris, 1)
    assert seal.sha256 in done.output
    again = run(*asked, "--by", "boris")
    assert "уже закрыт" in str(again.exception)


def test_without_a_name_it_is_wrong_usage(run: Any) -> None:
    assert run().exit_code == 2
