"""informing.eligibility — who is due a screening, for everybody at once, against copying as many rows."""

import time
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from config.bench.frame import Bench, Round, work
from opora.access.scope import Scope, enter
from opora.insured.eligibility import Measure, sets

TIMED = "CREATE TEMP TABLE decided ON COMMIT DROP AS "
COPY = "SELECT p.id, p.provider_id, 'screening'::text AS measure, p.birth_on FROM insured_person p"


@work(
    "informing.eligibility",
    unit="с",
    bar=("<= 3",),
    note="решение по диспансеризации для всех людей базы; предел — столько же строк простым INSERT … SELECT",
)
def eligibility(bench: Bench) -> Iterator[Round]:
    """Decide for all territories by the country's rules; what is written down is what a plan would write."""
    for _ in bench.rounds:
        found = sets.about("true", {}, "", timezone.localdate(), measures=[Measure.SCREENING])
        rows, figure = _timed(TIMED + found.sql, found.parameters)
        _, limit = _timed(TIMED + COPY, {})
        yield Round(figure, limit, {"rows": rows, "per_second": rows / figure})


def _timed(statement: str, parameters: dict[str, object]) -> tuple[int, float]:
    with enter(Scope.system("the bench decides for everybody")), connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(statement, parameters)
        return cursor.rowcount, time.perf_counter() - began
