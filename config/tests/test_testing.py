import subprocess
import sys
from pathlib import Path

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
