"""Every work of the reports comes to its end: the archive is made small, each figure it promises is there."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from opora.shared import postgres

APPEALS = 1_000
# A desk and a screen suffice to see that news are counted; the size of the country is for the bench itself.
SMALL = """
import json, sys
import django; django.setup()
from config.bench import board, frame
from config.bench.frame import Bench
from config.bench.place import Place
board.DESKS, board.SCREENS, board.SECONDS = 4, 2, 1
frame.discover()
bench = Bench(Place(sys.argv[1]), scale=0.001, people=0, repeat=1, appeals=int(sys.argv[2]))
names = ["board", "board_live", "export", "rebuild", "year"]
told = [frame.measure(frame.WORKS[f"reports.{name}"], bench).document() for name in names]
print(json.dumps(told, ensure_ascii=False))
"""
PROMISED = {
    "reports.board": ["appeals", "counters"],
    "reports.board_live": ["lost 0", "longest", "desks"],
    "reports.export": ["rows", "per_million", "xlsx_per_million", "mb"],
    "reports.rebuild": ["facts", "million", "again"],
    "reports.year": ["month", "insurer"],
}


@pytest.mark.slow
def test_every_work_comes_to_its_end(tmp_path: Path, lay_cluster: Callable[[Path], None]) -> None:
    data = tmp_path / "data"
    lay_cluster(data)
    try:
        told = small(data, postgres.ensure(data))
    finally:
        postgres.stop(data, force=True)

    assert [one["name"] for one in told] == list(PROMISED)
    for one in told:
        assert one["figure"] is not None, one["note"]
        for words in PROMISED[one["name"]]:
            assert words in one["note"], one
    assert all(one["limit"] for one in told if one["name"] != "reports.board_live")
    assert rows_of(told[2]) >= APPEALS * 0.9  # all but those that are another territory's


def small(data: Path, address: str) -> list[dict[str, Any]]:
    """Measure in a cluster of its own, whose databases are copies of the one that is migrated already."""
    made = urlsplit(address).path.removeprefix("/")
    server, own = inside(address, "postgres"), inside(address, "opora_bench")
    with psycopg.connect(server, autocommit=True) as link:
        for name in ("opora_bench", "opora_bench_new"):
            link.execute(f"CREATE DATABASE {name} TEMPLATE {made}")
    environment = {**os.environ, "DATABASE_URL": own, "OPORA_DATA": str(data)}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    command = [sys.executable, "-c", SMALL, server, str(APPEALS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout.splitlines()[-1]))


def inside(address: str, name: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def rows_of(told: dict[str, Any]) -> int:
    return int(told["note"].partition("rows ")[2].partition(";")[0].replace(" ", ""))
