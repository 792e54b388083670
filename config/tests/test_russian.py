import re

import pytest
from typer.testing import CliRunner

from config.cli import app

SAID = [
    (["db", "nope"], "Команды «nope» нет"),
    (["db", "start", "--foo"], "Ключа --foo нет"),
    (["db", "backup"], "Не указано: file"),
    (["db", "backup", "a", "b"], "Лишнее: b"),
    (["serve", "--port", "abc"], "Значение --port не подходит: нужно целое число"),
    (["serve", "--port", "99999999"], "нужно не больше 65535"),
    (["serve", "--port"], "У ключа --port нет значения"),
]


@pytest.mark.parametrize(("arguments", "sentence"), SAID)
def test_wrong_usage_is_said_in_russian(arguments, sentence):
    done = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    assert done.exit_code == 2
    assert sentence in done.output


@pytest.mark.parametrize("arguments", [[], ["db"], ["serve"], ["doctor"], ["simulate"]])
def test_help_is_russian(arguments):
    said = CliRunner().invoke(app, [*arguments, "--help"], env={"COLUMNS": "200"}).output
    assert "Показать эту справку." in said
    assert not re.search(r"Usage|Options|Commands|Arguments|default:|Show this|required", said)
