import json
import os
import signal
import subprocess
import sys
import time

import pytest

from opora.adapters.pbxhouse.commands import CONNECTION

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]  # sipp and Asterisk keep time of their own


def test_the_exchange_says_how_to_connect_and_leaves_nothing_running(tmp_path):
    if os.environ.get("WITHOUT_ASTERISK"):
        pytest.skip("WITHOUT_ASTERISK")
    command = [
        sys.executable,
        "-P",
        "-m",
        "config.cli",
        "pbxhouse",
        "--folder",
        str(tmp_path),
        "--calls-per-hour",
        "9000",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as house:
        said = house.stdout.readline()
        connection = json.loads((tmp_path / CONNECTION).read_text())
        until = time.monotonic() + 30
        while not (tmp_path / "log" / "cel-custom" / "opora.csv").exists() and time.monotonic() < until:
            time.sleep(0.05)
        house.send_signal(signal.SIGTERM)
    assert house.returncode == 0
    assert connection["address"] in said
    assert (tmp_path / "log" / "cel-custom" / "opora.csv").exists()  # somebody has called
    assert (tmp_path / CONNECTION).stat().st_mode & 0o077 == 0
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False).stdout
    assert left == ""
