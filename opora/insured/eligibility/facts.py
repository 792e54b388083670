"""What rooms above know of a person's year — visits, lists, refusals, hospital — without this room knowing them.

A source is registered in ``apps.py`` of the room that keeps the fact:

    def ready(self) -> None:
        facts.register(Source(
            slug="informing.visits", kind=Kind.VISIT,
            sql="SELECT person_id, measure, max(visited_on) FROM informing_visit"
                " WHERE visited_on BETWEEN %(first)s AND %(last)s GROUP BY 1, 2",
        ))

The statement gives three columns: ``person_id`` (bigint), ``measure`` (text, a code of ``words.Measure``, empty for a
refusal of everything and for a hospital) and a day (date, never NULL). It may name ``%(first)s`` and ``%(last)s``, the
first and the last day of the year asked about, and ``%(on)s``, the day; nothing else, and a percent sign is doubled.
One statement serves one person on the line and three million in a plan: the condition on ``person_id`` is put around
it, so it must be one the planner can push inside (no LIMIT, no window). Rows it should not show are hidden by row
security of its own tables. A source with a ``right`` is left out for who does not hold it (health data).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection

from opora.access.rights import Right

COLUMNS = "SELECT NULL::text AS kind, NULL::bigint AS person_id, NULL::text AS measure, NULL::date AS day WHERE false"


class Kind(StrEnum):
    VISIT = "visit"  # came and passed the measure
    LISTED = "listed"  # stands in the list a measure needs: a referral, the ill of the year, the register
    REFUSED = "refused"  # in writing, this year
    HOSPITAL = "hospital"  # lies in hospital on the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """``is_complete``: of visits, that one not told did not take place; otherwise «мы не знаем: спросите» stays."""

    slug: str
    kind: Kind
    sql: str
    right: Right | None = None
    is_complete: bool = False


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; the same slug replaces the former one."""
    _sources[source.slug] = source


def unregister(slug: str) -> None:
    _sources.pop(slug, None)


def knows_visits() -> bool:
    """Say whether somebody tells us every visit; if not, one not told means «мы не знаем»."""
    return any(source.kind is Kind.VISIT and source.is_complete for source in _sources.values())


def statement(holds: Callable[[Right], bool] | None = None) -> str:
    """Return one SELECT of all facts: kind, person_id, measure, day. ``holds`` None — trusted work, all sources."""
    seen = [source for source in _sources.values() if source.right is None or holds is None or holds(source.right)]
    told = [
        f"SELECT '{source.kind}'::text, f.* FROM ({source.sql}) f(person_id, measure, day)"  # noqa: S608 - own code
        for source in sorted(seen, key=lambda source: source.slug)
    ]
    return "\nUNION ALL\n".join([COLUMNS, *told])


def parameters(on: date) -> dict[str, Any]:
    return {"on": on, "first": date(on.year, 1, 1), "last": date(on.year, 12, 31)}


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one person: categories in force, and by kind the last day of each measure."""

    categories: frozenset[str]
    days: dict[Kind, dict[str, date]]


CATEGORIES = """
SELECT 'category', person_id, code, %(on)s::date FROM insured_personcategory
 WHERE (since IS NULL OR since <= %(on)s) AND (until IS NULL OR until >= %(on)s)
"""


def of_person(person: int, on: date, holds: Callable[[Right], bool] | None = None) -> Told:
    """Return what the register and rooms above know of a person. One query."""
    every = f"{statement(holds)} UNION ALL {CATEGORIES}"
    asked = f"SELECT kind, measure, max(day) FROM ({every}) f WHERE person_id = %(person)s GROUP BY 1, 2"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked, {**parameters(on), "person": person})
        rows = cursor.fetchall()
    days: dict[Kind, dict[str, date]] = {kind: {} for kind in Kind}
    for kind, measure, day in rows:
        if kind != "category":
            days[Kind(kind)][measure] = day
    return Told(frozenset(measure for kind, measure, _ in rows if kind == "category"), days)
