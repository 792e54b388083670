"""informing.eligibility — who is due a screening, for everybody at once, against copying as many rows."""

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from config.bench.frame import Bench, Round, work
from opora.access.scope import Scope, enter
from opora.insured.eligibility import Measure, sets

PLAN = """
CREATE TEMP TABLE decided (
    person_id bigint, provider_id bigint, measure text, reason text, earliest_on date, PRIMARY KEY (person_id, measure)
) ON COMMIT DROP
"""
DECIDE = "INSERT INTO decided SELECT person_id, provider_id, measure, reason, earliest_on FROM ({sql}) d"
COPY = "INSERT INTO decided SELECT id, provider_id, 'screening', 'due', birth_on FROM insured_person"


@work(
    "informing.eligibility",
    unit="с",
    bar=("<= 3",),
    note="решение по диспансеризации для всех людей базы; предел — столько же строк простым INSERT … SELECT",
)
def eligibility(bench: Bench) -> Iterator[Round]:
    """Decide for all territories by the country's rules; both sides write what a plan keeps."""
    for _ in bench.rounds:
        found = sets.about("true", {}, "", timezone.localdate(), measures=[Measure.SCREENING])
        rows, figure = _timed(DECIDE.format(sql=found.sql), found.parameters)
        _, limit = _timed(COPY, {})
        yield Round(figure, limit, {"rows": rows, "per_second": rows / figure})


def _timed(statement: str, parameters: dict[str, Any]) -> tuple[int, float]:
    with enter(Scope.system("the bench decides for everybody")), connection.cursor() as cursor:
        cursor.execute(PLAN)
        began = time.perf_counter()
        cursor.execute(statement, parameters)
        return cursor.rowcount, time.perf_counter() - began
