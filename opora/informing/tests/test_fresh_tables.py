"""Tables that were filled a moment ago: the planner of the database knows nothing of them, and a plan is quick."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from opora.informing import planning
from opora.informing.tests.crowd import campaign
from opora.shared.sql import text

PEOPLE = 10_000
FILL = """
INSERT INTO insured_person (territory_id, surname, given_name, patronymic, birth_on, sex, insurer_id, provider_id,
                            language, time_zone, enp_is_confirmed)
SELECT %(territory)s, 'Планова' || n, 'Анна', '', '1980-01-01', 2, %(insurer)s, %(provider)s, 'ru', '', true
  FROM generate_series(1, %(people)s) n;
INSERT INTO insured_contact (person_id, kind, value, normalised, phone_kind, owner, state, source)
SELECT id, 'phone', id, 79000000000 + id, 'mobile', 'self', 'unconfirmed', 'register' FROM insured_person;
INSERT INTO insured_consent (person_id, channel, purpose, is_granted, decided_on, source)
SELECT id, 'sms', 'informing', true, '2026-01-05', 'call' FROM insured_person WHERE id %% 3 = 0;
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, state, excluded,
                                 added_at)
SELECT 2026, 'checkup', id, insurer_id, territory_id, provider_id, 'open', '', now() FROM insured_person;
"""


@pytest.mark.slow
def test_a_plan_over_tables_nobody_has_looked_at(place: SimpleNamespace) -> None:
    given = {"territory": place.nsk.pk, "insurer": place.alfa.pk, "provider": place.clinic.pk, "people": PEOPLE}
    with connection.cursor() as cursor:
        cursor.execute(FILL, given)
    step = planning.next_step(campaign(place))
    assert planning.dry_run(step).people == PEOPLE
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + text(planning.SQL / "judge.sql"), step.judge())
        (told,) = cursor.fetchone()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    assert sum(map(touched, nodes(plan))) < 30 * PEOPLE, "everybody is compared with everybody"


def touched(node: dict[str, Any]) -> float:
    """Return how many rows a step of a plan has looked at."""
    removed = sum(count for name, count in node.items() if name.startswith("Rows Removed by"))
    return float(node["Actual Loops"] * (node["Actual Rows"] + removed))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)
