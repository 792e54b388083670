"""Whatever dies — the chainer many times, the database once — each acknowledged event gets one place."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from opora.shared import postgres
from opora.shared.postgres.testing import kill_everything

CHAINER = """
import django; django.setup()
from opora.appeals.chain.chainer import Chainer
chainer = Chainer(); chainer.start(); chainer.join()
"""
VERIFY = """
import django; django.setup()
from opora.appeals.chain.verify import verify
report = verify(with_data=False)
print(report.events, report.waiting, sum(end.position for end in report.ends))
for one in report.findings: print(one)
"""
WRITERS, KILLS, PATIENCE = 3, 2, 120
ORGANISATIONS = (1, 2, 3)
# The chain asks nothing of an appeal: in the cluster of this test events stand without one.
WRITE = """
INSERT INTO appeals_event (
    at, id, appeal_id, territory, organisation_id, kind, employee_name, line, depth, details, text)
SELECT clock_timestamp(), gen_random_uuid(), %s, '50000', o, 'noted', 'Алина', 'sp1', 2, '{"n": 1}', 'заметка'
  FROM unnest(%s::bigint[]) o, generate_series(1, 7)
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    postgres.stop(tmp_path / "data", force=True)


class Writer(threading.Thread):
    """Writes events as fast as it may; counts what was acknowledged, and what may or may not have been."""

    def __init__(self, data: Path) -> None:
        super().__init__(daemon=True)
        self.data, self.done, self.unsure, self.over = data, 0, 0, threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            try:
                with psycopg.connect(postgres.ensure(self.data)) as link:
                    self.write(link)
            except (psycopg.Error, postgres.ClusterRefused):
                time.sleep(0.2)

    def write(self, link: "psycopg.Connection[tuple[object, ...]]") -> None:
        while not self.over.is_set():
            link.execute("SELECT set_config('opora.sees', 'all', true)")
            link.execute(WRITE, [uuid4(), list(ORGANISATIONS)])
            self.unsure += 21
            link.commit()
            self.unsure -= 21
            self.done += 21
            time.sleep(0.01)


def python(code: str, address: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_killed_again_and_again_the_chain_is_whole(data: Path, lay_cluster: Callable[[Path], None]) -> None:
    lay_cluster(data)
    with postgres.hold(data) as address:
        let_events_stand_alone(address)
        writers = [Writer(data) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        for number in range(KILLS):
            chainer = python(CHAINER, address)
            wait_for_progress(data)
            chainer.kill()
            if number == KILLS // 2:
                kill_everything(data)
                address = postgres.ensure(data)
            chainer.communicate()
        for writer in writers:
            writer.over.set()
        for writer in writers:
            writer.join(30)
        chainer = python(CHAINER, address)
        wait_for_nothing_waiting(address)
        chainer.kill()
        chainer.communicate()
        out, err = python(VERIFY, address).communicate(timeout=PATIENCE)
    first, *findings = out.splitlines() or [err]
    events, waiting, places = map(int, first.split())
    acknowledged, unsure = sum(w.done for w in writers), sum(w.unsure for w in writers)
    assert findings == []
    assert acknowledged <= events <= acknowledged + unsure
    assert (waiting, places) == (0, events)
    assert events > 500


def let_events_stand_alone(address: str) -> None:
    with psycopg.connect(address) as link:
        found = link.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'appeals_event'::regclass AND contype = 'f'"
        ).fetchall()
        for (key,) in found:
            link.execute(f'ALTER TABLE appeals_event DROP CONSTRAINT "{key}"')


def count(address: str, question: str) -> int:
    with psycopg.connect(address) as link:
        link.execute("SELECT set_config('opora.sees', 'all', true)")
        row = link.execute(question).fetchone()
        return int(row[0]) if row else 0


def wait_for_progress(data: Path) -> None:
    """Until the chainer has placed something new, and a little longer: killed in the middle of its work."""
    address, until = postgres.ensure(data), time.monotonic() + PATIENCE
    before = count(address, "SELECT count(*) FROM appeals_chainlink")
    while count(address, "SELECT count(*) FROM appeals_chainlink") == before:
        assert time.monotonic() < until, "the chainer places nothing"
        time.sleep(0.05)
    time.sleep(0.3)


def wait_for_nothing_waiting(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while count(address, "SELECT count(*) FROM appeals_unchained"):
        assert time.monotonic() < until, "events still wait"
        time.sleep(0.1)
