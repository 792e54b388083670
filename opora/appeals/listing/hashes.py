"""Words and signs of a search as hashes: which appeals hold them, and which of those she may see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from opora.appeals.models import Grant, Words
from opora.appeals.models.grant import GrantQuerySet
from opora.appeals.words import Depth
from opora.shared.pages import behind, token_after

if TYPE_CHECKING:
    from opora.access.scope import Scope
    from opora.appeals.listing.filter import Filter

# An organisation has one grant on an appeal, so the order is total.
BY_DAY = ("-registered_at", "-appeal_id")
KEYS, MOST_KEYS = 400, 25_600  # asked at a time: more each time, until joining is the cheaper way
HASHED = """
SELECT appeals_hashes(1::smallint, appeals_lexemes(%(text)s)), appeals_hashes(2::smallint, appeals_names(%(text)s)),
       appeals_hashes(3::smallint, %(signs)s::text[]), appeals_hashes(3::smallint, %(place)s::text[])
"""
type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """Hashes a search asks for: words with signs and territory, names with the territory; ``signs`` — those of the
    signs a grant does not know, asked beside a name."""

    content: list[int]
    people: list[int]
    signs: list[int]
    is_of_words: bool


def asked_by(chosen: Filter, scope: Scope) -> Asked:
    """Return the hashes of a filter. One query: as constants they are counted once, not for each row, and the planner
    knows how common each is."""
    place = [f"territory:{scope.territory}"] if scope.territory else []
    text = chosen.find if has_letters(chosen.find) else ""
    with connection.cursor() as cursor:
        cursor.execute(HASHED, {"text": text, "signs": _signs(chosen), "place": place})
        words, names, signs, placed = cursor.fetchone()
    only_there = signs if chosen.flags or chosen.form else []
    return Asked(words + signs + placed, names + placed, only_there, bool(text))


def has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def joined(rows: GrantQuerySet, scope: Scope, asked: Asked, span: Span) -> list[GrantQuerySet]:
    """Return those of ``rows`` that hold what is asked, by texts and by names; the planner chooses where to begin."""
    words = Words.objects.filter(registered_at__gte=span[0], registered_at__lt=span[1])

    def having(part: Words.Part, hashes: list[int]) -> Exists:
        same = {"registered_at": OuterRef("registered_at"), "appeal_id": OuterRef("appeal_id")}
        return Exists(words.filter(**same, part=part, words__contains=hashes))

    if not asked.is_of_words:
        return [rows.filter(having(Words.Part.CONTENT, asked.content))]
    named = rows.of_depth(scope, Depth.PERSONAL).filter(having(Words.Part.PEOPLE, asked.people))
    if asked.signs:
        named = named.filter(having(Words.Part.CONTENT, asked.signs))
    return [rows.of_depth(scope, Depth.TEXT).filter(having(Words.Part.CONTENT, asked.content)), named]


def expected(asked: Asked, span: Span) -> int:
    """Return how many rows the planner expects to hold what is asked. Nothing is read."""
    plan = json.loads(_holding(asked, span).explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def by_keys(rows: GrantQuerySet, scope: Scope, asked: Asked, span: Span, after: str | None, wanted: int) -> list[Grant]:
    """Return the newest of ``rows`` behind a token that hold what is asked: the index of hashes first, then grants."""
    found: dict[object, Grant] = {}
    count = KEYS
    while len(found) < wanted and count <= MOST_KEYS:
        keys = list(behind(_holding(asked, span), order=BY_DAY, after=after).order_by(*BY_DAY, "part")[:count])
        found |= {row.appeal_id: row for row in _granted(rows, scope, asked, span, keys)}
        if len(keys) < count:
            return newest(found.values(), wanted)
        # Content comes before names: where the last appeal is cut between the two, nothing more is seen by its names.
        after, count = token_after(keys[-1], order=BY_DAY), 4 * count
    if len(found) < wanted:
        rest = merged(joined(rows, scope, asked, span), after, wanted - len(found))
        found |= {row.appeal_id: row for row in rest}
    return newest(found.values(), wanted)


def merged(halves: Iterable[QuerySet[Grant]], after: str | None, wanted: int) -> list[Grant]:
    """Return the newest rows of what texts and names have found, each once."""
    rows = {row.appeal_id: row for half in halves for row in behind(half, order=BY_DAY, after=after)[:wanted]}
    return newest(rows.values(), wanted)


def newest(rows: Iterable[Grant], wanted: int) -> list[Grant]:
    return sorted(rows, key=lambda row: (row.registered_at, row.appeal_id), reverse=True)[:wanted]


def _holding(asked: Asked, span: Span) -> QuerySet[Words]:
    holds = Q(part=Words.Part.CONTENT, words__contains=asked.content)
    if asked.is_of_words:
        holds |= Q(part=Words.Part.PEOPLE, words__contains=asked.people)
    rows = Words.objects.filter(holds, registered_at__gte=span[0], registered_at__lt=span[1])
    return rows.only("registered_at", "appeal_id", "part")


def _granted(rows: GrantQuerySet, scope: Scope, asked: Asked, span: Span, keys: list[Words]) -> Iterable[Grant]:
    texts, names = ([key.appeal_id for key in keys if key.part == part] for part in Words.Part)
    if names and asked.signs:
        content = Words.objects.filter(registered_at__gte=span[0], registered_at__lt=span[1], part=Words.Part.CONTENT)
        names = list(
            content.filter(appeal_id__in=names, words__contains=asked.signs).values_list("appeal_id", flat=True)
        )
    if texts:
        yield from (rows.of_depth(scope, Depth.TEXT) if asked.is_of_words else rows).filter(appeal__in=texts)
    if names:
        yield from rows.of_depth(scope, Depth.PERSONAL).filter(appeal__in=names)


def _signs(chosen: Filter) -> list[str]:
    single = {"kind": chosen.kind, "topic": chosen.topic, "channel": chosen.channel, "form": chosen.form}
    return [f"{name}:{value}" for name, value in single.items() if value] + [f"flag:{flag}" for flag in chosen.flags]
