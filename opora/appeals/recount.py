"""A new calendar or a new law: open clocks are counted again, set by set, and what moved is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from opora.access.scope import Scope, enter
from opora.appeals import terms
from opora.deadlines.errors import NoSuchTerm
from opora.deadlines.models import Pack
from opora.shared.sql import question, text

SQL = Path(__file__).parent / "sql"
inputs = question(SQL, "recount_inputs")
moved = question(SQL, "recount_moved")


@dataclass(frozen=True, slots=True)
class Moved:
    """One date that is another now."""

    number: str
    title: str
    was: date
    now: date

    def __str__(self) -> str:
        return f"{self.number}: {self.title} — было {self.was:%d.%m.%Y}, стало {self.now:%d.%m.%Y}"


@dataclass(frozen=True, slots=True)
class Recounted:
    """What a recount did: how many clocks it looked at, which dates moved, which terms no pack knows any more."""

    clocks: int
    moved: tuple[Moved, ...]
    unknown: tuple[str, ...] = ()


@transaction.atomic
def recount_open_clocks(territory: str = "") -> Recounted:
    """Count every running clock again by the packs in force, those of one territory or all.

    Clocks with the same inputs are counted once, and only a clock that comes out otherwise is written: its versions are
    those its date was counted by. Each moved date leaves an event; a clock whose term no pack knows keeps its date.
    """
    terms.forget()
    with enter(Scope.system("a calendar concerns every organisation")), connections["default"].cursor() as cursor:
        found = inputs(territory=territory)
        unknown: list[str] = []
        rows = list(_counted(found, unknown))  # counted before the COPY: it holds the connection
        cursor.execute(text(SQL / "recount_stage.sql"))
        with cursor.copy("COPY recounted FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE recounted")
        cursor.execute(text(SQL / "recount_changed.sql"))
        dates = tuple(Moved(*row) for row in moved())
        cursor.execute(text(SQL / "recount_apply.sql"))
        while cursor.nextset():
            pass
    return Recounted(sum(row.clocks for row in found), dates, tuple(sorted(set(unknown))))


def _counted(found: list[Any], unknown: list[str]) -> Iterator[tuple[Any, ...]]:
    for row in found:
        pauses = terms.ended(json.loads(row.pauses))
        try:
            proof = terms.recount(row.term, row.started_on, row.territory, extension=row.extension, pauses=pauses)
        except NoSuchTerm:
            unknown.append(row.term)
            continue
        warn_on = json.dumps([day.isoformat() for day in proof.warn_on])
        key = (row.term, row.started_on, row.territory, row.extension, row.pauses)
        yield (*key, proof.due_on, warn_on, proof.term.pack, proof.calendar)


def on_pack_loaded(pack: Pack, **_: Any) -> list[str]:
    """Answer a new pack: recount what it concerns; the sentences are printed by who loaded it."""
    if pack.kind in {Pack.Kind.WAITING, Pack.Kind.ELIGIBILITY}:
        return []
    done = recount_open_clocks(pack.territory)
    if not done.clocks:
        return []
    head = f"Открытых сроков пересчитано: {done.clocks}, изменилось дат: {len(done.moved)}."
    return [head, *(str(one) for one in done.moved), *(f"Срок «{code}» больше не задан" for code in done.unknown)]
