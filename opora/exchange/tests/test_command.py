"""``opora exchange check`` as a partner's programmer runs it: no database when a context is given."""

import json
import os
import subprocess
import sys
from pathlib import Path

from opora.exchange.tests.test_samples import SAMPLES


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "config.cli", "exchange", "check", *arguments],
        capture_output=True,
        text=True,
        env={**environment, "OPORA_DATA": "/nonexistent/opora"},
        check=False,
    )


def test_json_is_alone_on_standard_output() -> None:
    files = [SAMPLES / "g1r-journal-xml/01/G1R_0526290001.xml", SAMPLES / "g1r-journal-xml/04/G1R_0526290004.xml"]
    done = run(*map(str, files), "--context", str(SAMPLES / "context.json"), "--json")
    entries = json.loads(done.stdout)["files"]
    assert [entry["result"] for entry in entries] == ["accept", "reject"]
    assert entries[1]["findings"][0]["field"] == "THEME"
    assert done.returncode == 1


def test_a_good_file_ends_with_zero_and_words(tmp_path: Path) -> None:
    path = SAMPLES / "users-xml/01/USERS052629001.xml"
    done = run(str(path), "--context", str(SAMPLES / "context.json"))
    assert done.returncode == 0
    assert "принят" in done.stdout


def test_without_a_context_and_a_database_it_says_so() -> None:
    done = run(str(SAMPLES / "users-xml/01/USERS052629001.xml"))
    assert done.returncode in {1, 3}
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_two() -> None:
    assert run().returncode == 2
