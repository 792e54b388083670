"""``informing.year`` — the year of one insurer lived by the command itself, its totals counted over the rows.

The figure is the counting of the published indicators, the limit one reading of the same facts from end to end. The
command refuses a year whose rows do not come to the published figures, so a figure here means that they do.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection

from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from opora.access.scope import Scope, enter
from opora.informing.yearly import year_of_insurer
from opora.organisations.models import Organisation
from opora.simulation.akbars.world import CODE

DATABASE = "opora_bench_year"
SYSTEM = Scope.system("the bench counts a year")
SCAN = """
SELECT count(*), count(sent_at), count(outcome), max(person_id) FROM informing_touch
 WHERE year = 2024 AND insurer_id = %s AND (state, purpose, measure) IS NOT NULL
"""


@work(
    "informing.year",
    unit="с",
    bar=("<= 2", "megabytes <= 500"),
    note="счёт показателей года по записям; предел — одно чтение тех же контактов; lived — секунд на весь год",
    needs_people=False,
)
def year(bench: Bench) -> Iterator[Round]:
    seconds, megabytes = _live(bench)
    with bench.place.inside(DATABASE), enter(SYSTEM):
        insurer = Organisation.objects.get(kind="insurer", code=CODE)
        for _ in bench.rounds:
            began = time.perf_counter()
            counted = year_of_insurer(insurer, 2024)
            figure = time.perf_counter() - began
            yield Round(figure, _scan(insurer.pk), {"lived": seconds, "megabytes": megabytes, **_totals(counted)})
    if not bench.keeps:
        bench.place.drop(DATABASE)


def _live(bench: Bench) -> tuple[float, float]:
    """Return seconds and megabytes of the command; a kept year goes on where it stands. Raises BenchRefused."""
    place = bench.place
    bench.say("informing.year: база")
    address = place.address(DATABASE) if bench.keeps and place.exists(DATABASE) else place.migrated(DATABASE)
    bench.say("informing.year: год")
    command = [sys.executable, "-c", "from config.cli import main; main()", "simulate", "akbars-2024", "--json"]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, "--scale", f"{min(1.0, bench.scale):g}"],
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise BenchRefused(done.stderr.strip().rpartition("\n")[2] or "год не прожит")
    json.loads(done.stdout)
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _scan(insurer: int) -> float:
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(SCAN, [insurer])
        return time.perf_counter() - began


def _totals(counted: list[Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in counted:
        found |= {f"{one.stream}": one.informed, f"{one.stream}_repeated": one.repeated}
    return {**found, "contacts": sum(one.contacts for one in counted)}
