"""A disk that is really full: a small tmpfs in a mount namespace of its own, gone with the process."""

import subprocess
import sys
from pathlib import Path

import pytest

NAMESPACE = (
    ["unshare", "--mount"] if not __import__("os").geteuid() else ["unshare", "-U", "--map-root-user", "--mount"]
)

PRELUDE = """
import os, pathlib, sys
from opora.shared import postgres
from opora.shared.postgres import ClusterRefused, server
disk = pathlib.Path(sys.argv[1])
data = disk / "data"
def fill():
    with open(disk / "filler", "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            pass
"""

A_FRESH_CLUSTER = """
try:
    with postgres.hold(data):
        print("started")
except ClusterRefused as refused:
    print(refused)
server.SPACE_TO_MAKE = server.SPACE_TO_START = 0  # let it run into the wall
try:
    with postgres.hold(data):
        print("started")
except ClusterRefused as refused:
    print(refused)
print(sorted(path.name for path in data.iterdir() if path.is_dir()))
"""

A_LIVING_CLUSTER = """
import psycopg
with postgres.hold(data, settings={"shared_buffers": "64MB", "max_wal_size": "64MB", "min_wal_size": "32MB"}) as url:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("CREATE TABLE kept (one int)")
        link.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
fill()
try:
    with postgres.hold(data):
        print("started")
except ClusterRefused as refused:
    print(refused)
(disk / "filler").unlink()
with postgres.hold(data) as url, psycopg.connect(url) as link:
    print(link.execute("SELECT count(*) FROM kept").fetchone()[0])
"""


def on_a_small_disk(megabytes: int, script: str, folder: Path) -> list[str]:
    disk = folder / "малый диск"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={megabytes}m tmpfs "$1"'
    tried = subprocess.run([*NAMESPACE, "sh", "-c", mount, "sh", disk], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no mount namespaces here: {tried.stderr.strip()}")
    command = [
        *NAMESPACE,
        "sh",
        "-c",
        f'{mount} && exec "$2" -c "$3" "$1"',
        "sh",
        disk,
        sys.executable,
        PRELUDE + script,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_a_fresh_cluster_is_refused_and_leaves_nothing_half_made(tmp_path):
    foreseen, met, folders = on_a_small_disk(30, A_FRESH_CLUSTER, tmp_path)
    assert foreseen.startswith("На диске с папкой")
    assert "нет места" in foreseen
    assert met.startswith("На диске с папкой")
    assert "нет места" in met
    assert folders == "[]"


@pytest.mark.slow
def test_a_living_cluster_waits_for_space_and_keeps_its_rows(tmp_path):
    refused, rows = on_a_small_disk(400, A_LIVING_CLUSTER, tmp_path)
    assert "нет места" in refused
    assert rows == "1000"
