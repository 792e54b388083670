"""What stands in ``deploy/`` fits the program: units call commands that exist, strangers send no more than they may."""

import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.main import get_command

from config.cli import app
from config.commands.serve import refuse_known_key
from config.environment import UNSAFE_SECRET, Environment, EnvironmentRefused, variable
from opora.portal.services import drafts

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OWN_DATABASE = "opora-db.service"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_calls_commands_that_exist(unit: Path) -> None:
    called = re.findall(r"^Exec\w+=/opt/opora/\.venv/bin/opora (.+)$", unit.read_text(), re.MULTILINE)
    assert called
    for words in called:
        command = get_command(app)
        for word in words.partition(" --")[0].split():
            command = command.commands[word]  # type: ignore[attr-defined]
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--\w+", words)) <= known


def test_the_own_database_is_there_before_whoever_needs_it() -> None:
    text = (DEPLOY / "systemd" / OWN_DATABASE).read_text()
    [before] = re.findall(r"^Before=(.+)$", text, re.MULTILINE)
    assert set(before.split()) == {unit.name for unit in UNITS} - {OWN_DATABASE}
    assert "KillMode=process" in text, "programs that still work with it are not cut off"


def test_the_example_names_settings_that_exist() -> None:
    names = re.findall(r"^([A-Z_]+)=", (DEPLOY / "systemd" / "environment.example").read_text(), re.MULTILINE)
    assert set(names) <= {variable(field) for field in Environment.model_fields}


def test_a_stranger_sends_no_more_than_a_question_with_its_files() -> None:
    text = (DEPLOY / "nginx" / "opora.conf").read_text()
    [size] = re.findall(r"location ~ \^/\(s\|c\)/ \{\s+client_max_body_size (\d+)m;", text)
    least = drafts.MOST_FILES * drafts.MOST_BYTES // 2**20
    assert least < int(size) < 2 * least


@pytest.mark.parametrize(
    ("host", "key", "is_let"),
    [
        ("127.0.0.1", UNSAFE_SECRET, True),
        ("::1", UNSAFE_SECRET, True),
        ("localhost", UNSAFE_SECRET, True),
        ("0.0.0.0", UNSAFE_SECRET, False),
        ("192.0.2.7", UNSAFE_SECRET, False),
        ("opora.example", UNSAFE_SECRET, False),
        ("0.0.0.0", "k" * 50, True),
    ],
)
def test_a_key_that_everybody_knows_answers_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch, host: str, key: str, is_let: bool
) -> None:
    monkeypatch.setenv("OPORA_SECRET_KEY", key)
    with nullcontext() if is_let else pytest.raises(EnvironmentRefused, match="OPORA_SECRET_KEY"):
        refuse_known_key(host)
