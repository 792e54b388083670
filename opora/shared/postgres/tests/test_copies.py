import os
import secrets
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from opora.shared import postgres
from opora.shared.postgres.copies import Busy, CopyRefused, backup, restore

SIGHT = {"opora.sees": "all"}
SCHEMA = """
CREATE EXTENSION pg_trgm;
CREATE TABLE clinic (id int PRIMARY KEY);
CREATE TABLE person (id int PRIMARY KEY, name text, clinic int REFERENCES clinic);
INSERT INTO clinic VALUES (1);
INSERT INTO person SELECT n, 'Ёлкина ' || n, 1 FROM generate_series(1, 500) n;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON person USING (current_setting('opora.sees', true) = 'all');
"""


@pytest.fixture
def filled():
    """A database of its own beside that of the tests, with five hundred people whom row security hides."""
    name = f"copies_{secrets.token_hex(4)}"
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=name)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        with psycopg.connect(url, autocommit=True) as inside:
            inside.execute(SCHEMA)
        yield url
        for one in (name, f"{name}_before", f"{name}_restored"):
            link.execute(f"DROP DATABASE IF EXISTS {one} WITH (FORCE)")


def as_superuser(url: str) -> str:
    admin = postgres.admin_url(Path(os.environ["OPORA_DATA"]))
    return make_conninfo(admin, dbname=conninfo_to_dict(url)["dbname"])


def people(url: str, *, sees: str = "all") -> int:
    with psycopg.connect(url) as link:
        link.execute("SELECT set_config('opora.sees', %s, false)", [sees])
        row = link.execute("SELECT count(*) FROM person").fetchone()
    assert row
    return row[0]


def change(url: str, command: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("SELECT set_config('opora.sees', 'all', false)")
        link.execute(command)


@pytest.mark.parametrize("as_admin", [True, False], ids=["superuser", "role-under-row-security"])
def test_a_copy_brings_every_row_and_every_guard_back(filled, tmp_path, as_admin):
    file = tmp_path / "копия от 14.03"
    backup(as_superuser(filled) if as_admin else filled, file, sight=SIGHT)
    assert file.stat().st_mode & 0o777 == 0o600
    change(filled, "DELETE FROM person WHERE id > 10")

    former = restore(filled, file)

    assert people(filled) == 500
    assert people(filled, sees="") == 0
    assert people(make_conninfo(filled, dbname=former)) == 10


def test_a_second_restore_replaces_the_former_database(filled, tmp_path):
    backup(filled, tmp_path / "copy", sight=SIGHT)
    change(filled, "DELETE FROM person")
    restore(filled, tmp_path / "copy")
    restore(filled, tmp_path / "copy")
    assert people(filled) == 500


def test_a_damaged_copy_changes_nothing(filled, tmp_path):
    backup(filled, tmp_path / "copy", sight=SIGHT)
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(whole[:-700])
    change(filled, "DELETE FROM person WHERE id > 10")
    with pytest.raises(CopyRefused):
        restore(filled, tmp_path / "copy")
    assert people(filled) == 10


def test_some_other_file_is_refused(filled, tmp_path):
    (tmp_path / "letter").write_text("Здравствуйте")
    with pytest.raises(CopyRefused, match="не копия базы"):
        restore(filled, tmp_path / "letter")


def test_a_copy_is_never_written_over_a_file(filled, tmp_path):
    (tmp_path / "copy").write_text("дорогое")
    with pytest.raises(CopyRefused, match="уже есть"):
        backup(filled, tmp_path / "copy", sight=SIGHT)
    assert (tmp_path / "copy").read_text() == "дорогое"


def test_working_programs_are_not_cut_off_unasked(filled, tmp_path):
    backup(filled, tmp_path / "copy", sight=SIGHT)
    with psycopg.connect(filled) as working:
        with pytest.raises(Busy):
            restore(filled, tmp_path / "copy")
        working.execute("SELECT 1")
        restore(filled, tmp_path / "copy", disconnect=True)
        with pytest.raises(psycopg.OperationalError):
            working.execute("SELECT 1")
    assert people(filled) == 500


def test_the_password_is_on_no_command_line(filled, tmp_path, monkeypatch):
    seen = []
    run = __import__("subprocess").run
    monkeypatch.setattr("subprocess.run", lambda command, **rest: seen.append(command) or run(command, **rest))
    backup(filled, tmp_path / "copy", sight=SIGHT)
    password = str(conninfo_to_dict(filled)["password"])
    assert seen
    assert not [command for command in seen if any(password in str(word) for word in command)]
