"""Tablets come back, answers are lost, batches come twice, the worker is killed: nothing is lost, nothing doubled."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.urls import reverse

from config.bench.desks import Habit, asked
from config.bench.posts import House, _judge, _sealed, house_in, storm
from opora.shared import postgres

REGISTER = """
import django, time; django.setup()
from opora.access.scope import Scope, enter
from opora.posts.models import Arrival
from opora.posts.registering import register_waiting
while True:
    register_waiting(rest=0)
    with enter(Scope.system("a test")):
        if not Arrival.objects.exists():
            break
    time.sleep(0.1)  # the server needs a moment to notice that the other is dead
"""


@pytest.mark.slow
def test_tablets_come_back_the_worker_is_killed_and_desks_are_answered(
    tmp_path: Path, lay_cluster: Callable[[Path], None]
) -> None:
    data, left = tmp_path / "data", list[int]()
    lay_cluster(data)
    try:
        with house_in(tmp_path, postgres.ensure(data), tablets=6, desks=1) as house:
            at_once = _the_same_twice_at_once(house)

            def kill_in_the_middle() -> None:
                while _count(house, "posts_record") <= len(at_once):
                    time.sleep(0.01)
                house.worker.kill()
                left.append(_count(house, "posts_arrival"))
                _register(house)

            tale = storm(
                house,
                records=20,
                spread=0.2,
                seed=1,
                habit=Habit(opens=0.5, hears=0.5),
                alone=1.2,
                afterwards=kill_in_the_middle,
            )
            twice = _judge(house.address, at_once)
    finally:
        postgres.stop(data, force=True)
    assert left[0] > 0, "everything was registered before the worker was killed"
    assert (tale.lost, tale.doubled) == twice == (0, 0)
    assert tale.repeats >= 1, "nobody lost an answer: nothing was shown"
    assert 0 < tale.seconds < 60
    assert 0 < min(tale.times["alone"] + tale.times["part_alone"]) < 60
    assert {"figure", "desk", "desk_after", "part", "part_after", "taken"} <= {"figure", *tale.figures()}


def _the_same_twice_at_once(house: House) -> list:
    """Send one record and one batch, each by two threads at the same moment; return their keys."""
    keys = [[uuid4()], [uuid4() for _ in range(10)]]
    for batch in keys:
        told = {
            "employee": house.people[0],
            "post": house.post,
            "now": datetime.now(UTC).isoformat(),
            "records": [_sealed(house, key) for key in batch],
        }
        together, answers = threading.Barrier(2), list[tuple[int, bytes, int]]()

        def send(body: str = json.dumps(told), together: threading.Barrier = together, answers: list = answers) -> None:
            together.wait()
            while (answer := asked(house.port, house.tablets[0], reverse("posts:take"), body))[0] == 503:
                time.sleep(answer[2])  # the door was shut: one batch at a time
            answers.append(answer)

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for status, content, _ in answers:
            assert status == 200
            assert {one["key"] for one in json.loads(content)["records"]} == set(map(str, batch))
    _register(house)
    return [key for batch in keys for key in batch]


def _register(house: House) -> None:
    environment = {**os.environ, "DATABASE_URL": house.address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", REGISTER], env=environment, check=True, timeout=60)


def _count(house: House, table: str) -> int:
    with psycopg.connect(house.address) as link:
        link.execute("SELECT set_config('opora.sees', 'all', true)")
        (found,) = link.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        return int(found)
