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

from collections.abc import Callable, Collection
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
    slug: str
    kind: Kind
    sql: str
    right: Right | None = None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; the same slug replaces the former one."""
    _sources[source.slug] = source


def unregister(slug: str) -> None:
    _sources.pop(slug, None)


def knows_visits() -> bool:
    """Say whether anybody tells us visits; if not, «не пройдено» means «мы не знаем»."""
    return any(source.kind is Kind.VISIT for source in _sources.values())


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


def of_people(
    people: Collection[int], on: date, holds: Callable[[Right], bool] | None = None
) -> dict[int, dict[Kind, dict[str, date]]]:
    """Return what is known of some people: by person and kind the last day of each measure. One query, or none."""
    found: dict[int, dict[Kind, dict[str, date]]] = {person: {kind: {} for kind in Kind} for person in people}
    if not _sources or not people:
        return found
    asked = f"SELECT kind, person_id, measure, max(day) FROM ({statement(holds)}) f WHERE person_id = ANY(%(people)s) GROUP BY 1, 2, 3"  # noqa: E501, S608
    with connection.cursor() as cursor:
        cursor.execute(asked, {**parameters(on), "people": list(people)})
        for kind, person, measure, day in cursor.fetchall():
            found[person][Kind(kind)][measure] = day
    return found
