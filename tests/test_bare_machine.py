"""The two commands from a folder with a blank in its name, from another folder, twice in a row."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

HOUSE = Path(__file__).parent.parent
BARE = {
    name: os.environ[name] for name in ("HOME", "PATH", "LANG", "SSL_CERT_FILE", "UV_CACHE_DIR") if name in os.environ
}
PATIENCE = 300


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """What git would give, in a folder with a blank."""
    if not (HOUSE / ".git").exists():
        pytest.skip("not a clone")
    target = tmp_path_factory.mktemp("clone") / "папка с пробелом"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (HOUSE / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HOUSE / name, target / name)
    return target


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(address: str, program: subprocess.Popen) -> bool:
    until = time.monotonic() + PATIENCE
    while program.poll() is None and time.monotonic() < until:
        try:
            return urllib.request.urlopen(f"{address}/readyz", timeout=5).status == 200
        except OSError:
            time.sleep(0.2)
    return False


def is_open(said: Path, program: subprocess.Popen) -> bool:
    """Whether the last part has come up: only then it says how to end."""
    until = time.monotonic() + PATIENCE
    while program.poll() is None and time.monotonic() < until:
        if "Ctrl+C" in said.read_text(encoding="utf-8"):
            return True
        time.sleep(0.2)
    return False


def left_running(folder: Path) -> list[str]:
    """Command lines of processes that name the folder or work in it."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline())
            if str(folder) in words or str(folder) in process.cwd():
                found.append(words)
        except psutil.Error:
            continue
    return found


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ["from nothing", "again"])
@pytest.mark.parametrize("number", [signal.SIGINT], ids=["ctrl-c"])
def test_run_opens_the_house_and_closes_all_of_it(clone, tmp_path, attempt, number):
    port = free_port()
    command = [str(clone / "run"), "--port", str(port), "--scale", "0.01"]
    with (tmp_path / "said").open("w+") as said:
        program = subprocess.Popen(command, cwd=tmp_path, env=BARE, stdout=said, stderr=said)
        try:
            ready = answers(f"http://127.0.0.1:{port}", program) and is_open(tmp_path / "said", program)
        finally:
            program.send_signal(number)
            code = program.wait(120)
        said.seek(0)
        told = said.read()
    assert ready, told
    assert code == 0, told
    assert f"http://127.0.0.1:{port}" in told
    assert (clone / ".opora" / "postgres" / "PG_VERSION").exists()
    assert not (tmp_path / ".opora").exists()
    assert left_running(clone) == []


@pytest.mark.slow
def test_test_hands_its_arguments_to_pytest(clone, tmp_path):
    command = [str(clone / "test"), "-q", "tests/test_pins.py"]
    done = subprocess.run(command, cwd=tmp_path, env=BARE, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout.splitlines()[-1]
