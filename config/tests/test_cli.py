"""The command line as a person meets it: separate processes, exit codes, what stands on which output."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BARE = {name: text for name, text in os.environ.items() if not name.startswith(("OPORA_", "DATABASE_"))}


def opora(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "config.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=BARE | environment, timeout=240, check=False)


@pytest.fixture
def tests_database() -> dict[str, str]:
    return {"DATABASE_URL": os.environ["DATABASE_URL"], "OPORA_DATA": os.environ["OPORA_DATA"]}


CODES = [
    (["--help"], {}, 0),
    (["no-such-command"], {}, 2),
    (["db", "backup"], {}, 2),
    (["db", "restore", "/no/such/file"], {}, 1),
    (["db", "start"], {"DATABASE_URL": "postgresql://opora@127.0.0.1:1/opora"}, 3),
    (["migrate"], {"DATABASE_URL": "postgresql://opora@127.0.0.1:1/opora"}, 3),
    (["migrate"], {"OPORA_NO_SUCH": "1"}, 3),
    (["db", "start", "--data", "/dev/null/folder"], {}, 3),
]


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "environment", "code"), CODES)
def test_every_end_has_its_code_and_no_traceback(tests_database, arguments, environment, code):
    surroundings = environment if "start" in arguments else tests_database | environment
    done = opora(*arguments, **surroundings)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert code == 0 or done.stderr.strip()


@pytest.mark.slow
def test_json_is_alone_on_standard_output(tests_database):
    done = opora("doctor", "--json", **tests_database)
    names = {check["name"]: check["state"] for check in json.loads(done.stdout)["checks"]}
    assert names["database"] == names["role"] == "ok"
    assert names["migrations"] == "bad"  # the tests migrate a database of their own
    assert names["durability"] == "bad"  # and are in a hurry
    assert done.returncode == 3 or done.returncode == 1


@pytest.mark.slow
def test_a_command_leaves_the_cluster_as_it_found_it(tmp_path):
    data = tmp_path / "папка с пробелом"
    assert opora("doctor", "--data", data).returncode == 1  # not migrated yet
    assert not (data / "postgres" / "postmaster.pid").exists()
    assert opora(f"--data={data}", "db", "start").returncode == 0
    opora("doctor", "--data", data)
    assert (data / "postgres" / "postmaster.pid").exists()
    assert opora("db", "stop", "--data", data).returncode == 0
    assert not (data / "postgres" / "postmaster.pid").exists()


@pytest.mark.slow
def test_a_bug_is_a_sentence_and_a_private_file(tmp_path):
    program = "import config.cli as c\n@c.app.command()\ndef broken(): raise KeyError('Иванов')\nc.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "broken", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        env=BARE,
        check=False,
    )
    (report,) = (tmp_path / "errors").iterdir()
    assert done.returncode == 1
    assert done.stderr.startswith("Внутренняя ошибка (KeyError)")
    assert "Иванов" not in done.stderr
    assert "Иванов" in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600
