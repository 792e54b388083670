import os
import secrets
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from config import testing
from opora.organisations.models import Employee, Organisation


def test_a_folder_that_another_run_takes_away_meanwhile_is_no_fault(monkeypatch):
    gone = Path("/nowhere/opora-tests-gone")
    monkeypatch.setattr(Path, "glob", lambda *_: iter([gone]))
    testing.clear_stale()
    assert not gone.exists()


def test_only_tests_hash_hastily(settings):
    """The program itself hashes at the full strength of the library."""
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    code = "from django.contrib.auth.hashers import ScryptPasswordHasher as s; print(s.work_factor)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(said.stdout) >= 2**14


def test_the_longest_files_come_first():
    def items(path, number, *marks):
        return [SimpleNamespace(path=path, iter_markers=lambda: iter(marks)) for _ in range(number)]

    slow, browser = SimpleNamespace(name="slow"), SimpleNamespace(name="browser")
    short, many, long = items("short", 3, browser), items("many", 90), items("long", 1, browser, slow)
    collected = [*short, *many, *long]
    testing.pytest_collection_modifyitems(collected)
    assert collected == [*long, *many, *short]


@pytest.fixture
def table():
    """A link to the server of the tests, and a table on it for a while."""
    name = f"swept_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(f"CREATE TABLE {name} (n int)")
        yield link, name
        link.execute(f"DROP TABLE {name}")


def test_what_tests_took_back_is_swept(table):
    link, name = table
    size = f"SELECT pg_relation_size('{name}') / 8192"
    with link.transaction(force_rollback=True):
        link.execute(f"INSERT INTO {name} SELECT generate_series(1, 20000)")
        testing.sweep(link)  # not inside
    assert link.execute(size).fetchone() > (50,)
    testing.sweep(link)
    assert link.execute(size).fetchone() == (0,)


@pytest.mark.parametrize("time", ["once", "again"])
def test_the_cast_is_as_it_was_made_whatever_a_test_did_to_it(cast, place, time):
    assert (cast.alina.surname, place.alfa.name) == ("Алиева", "СМО Альфа")
    assert Employee.objects.get(login="alina") == cast.alina
    assert cast.alina.assignment.organisation == place.alfa
    assert not {cast.alina.pk, cast.vera.pk} & set(Organisation.objects.values_list("pk", flat=True))
    cast.alina.surname = place.alfa.name = "Другая"
    cast.alina.save()
    place.alfa.save()


def test_who_does_not_ask_for_the_cast_finds_nobody(system):
    assert not Employee.objects.exists()
    assert not Organisation.objects.exists()
