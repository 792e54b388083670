"""``opora import journal|users`` and ``opora export journal``: the contract of the console."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from config.cli import app
from opora.exchange import transfers
from opora.exchange.tests.test_samples import SAMPLES

GOOD = SAMPLES / "g1r-journal-xml/01/G1R_0526290001.xml"
BAD = SAMPLES / "g1r-journal-xml/05/G1R_0526290005.xml"
SHAPE = {"file", "format", "result", "records_in_file", "accepted", "rejected", "warned", "findings", "stored"}


@pytest.fixture
def run(channels: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(transfers, "with_database", here)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_json_and_protocols_of_a_good_and_a_bad_file(run: Any, tmp_path: Path) -> None:
    done = run(
        "import", "journal", GOOD, BAD, tmp_path / "none.xml", "--org", "81001", "--protocol", tmp_path, "--json"
    )
    assert done.exit_code == 1
    good, bad, missing = json.loads(done.stdout)["files"]
    assert set(good) >= SHAPE
    assert (good["result"], good["stored"], bad["result"], bad["stored"]) == ("accept", True, "reject", False)
    assert (missing["result"], missing["format"], missing["stored"]) == ("reject", None, False)
    assert sorted(path.name for path in tmp_path.glob("*.xml")) == [GOOD.name, BAD.name]
    assert json.loads((tmp_path / f"{BAD.name}.json").read_text()) == bad


def test_a_dry_run_is_said_in_words(run: Any) -> None:
    done = run("import", "journal", GOOD, "--org", "81001", "--dry-run")
    assert (done.exit_code, "Было бы записано: новых 1" in done.stdout) == (0, True)


def test_a_file_of_another_command_is_refused(run: Any) -> None:
    done = run("import", "users", GOOD, "--org", "81001", "--json")
    assert json.loads(done.stdout)["files"][0]["findings"][0]["field"] == "FILE"


def test_the_channel_must_be_named_where_several_fit(run: Any) -> None:
    for words in ((), ("--org", "99999")):
        done = run("import", "users", GOOD, *words)
        assert done.exit_code == 1
        assert type(done.exception).__name__ == "SenderUnknown"


def test_what_was_imported_leaves(run: Any, tmp_path: Path) -> None:
    run("import", "journal", GOOD, "--org", "81001")
    today = timezone.localdate()
    period = ("--since", today.replace(day=1), "--until", today)
    done = run("export", "journal", "--org", "81001", *period, "--out", tmp_path, "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["records"], told["format"]) == (0, 1, "g1out-journal-outbound")
    assert "20a7f74d-38c9-40e3-8b1d-6010ce9746f5" in Path(told["file"]).read_text("cp1251")
    assert run("export", "journal", "--org", "81001").exit_code == 2
