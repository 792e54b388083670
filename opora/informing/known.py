"""What this room tells of a person's year to ``insured.eligibility``: who came, and whom clinics have listed.

Nobody tells us every visit, so a visit that is not here may still have been. Dispensary observation is health data:
only who holds INFORMING_HEALTH learns that somebody is listed for it.
"""

from __future__ import annotations

from opora.access.rights import Right
from opora.insured.eligibility.facts import Kind, Source, register

YEAR = "date_part('year', %(first)s::date)::int"

CAME = f"""
SELECT person_id, measure, max("on") FROM informing_visit
 WHERE year = {YEAR} AND corrected_by IS NULL GROUP BY person_id, measure
"""  # noqa: S608 - own words

LISTED = f"""
SELECT e.person_id, e.measure, max(r.loaded_at::date)
  FROM informing_entry e JOIN informing_roll r ON r.id = e.roll_id
 WHERE e.year = {YEAR} AND e.person_id IS NOT NULL AND e.state = 'matched' AND e.measure <> 'observation'
 GROUP BY e.person_id, e.measure
"""  # noqa: S608

OBSERVED = """
SELECT person_id, 'observation', max(coalesce(since, diagnosed_on, %(first)s))
  FROM informing_observation
 WHERE person_id IS NOT NULL AND (since IS NULL OR since <= %(on)s) AND (until IS NULL OR until >= %(on)s)
 GROUP BY person_id
"""


def tell() -> None:
    """Register the sources; called once, by ``apps.py``."""
    register(Source(slug="informing.visits", kind=Kind.VISIT, sql=CAME))
    register(Source(slug="informing.lists", kind=Kind.LISTED, sql=LISTED))
    register(Source(slug="informing.observed", kind=Kind.LISTED, sql=OBSERVED, right=Right.INFORMING_HEALTH))
