import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from config import testing


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
