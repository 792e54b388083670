"""The rows of report forms and outside codes that topics lead to: one file of ``tables/`` for each generation. Pure.

A new generation of a form is a new file here and a new edition of topics; what was registered before is counted in it
through ``Edition.moved`` (``queries.rows_of``).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "tables"
ANY = "any"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``kind`` is the kind of appeals it counts, or ``any``."""

    code: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Refinement:
    """With all of ``flags`` an appeal goes from ``row`` to ``to``; without flags it always does."""

    row: str
    flags: frozenset[str]
    to: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by code in the order of the form; ``defaults`` is the row of a kind that the topic has none for."""

    code: str
    title: str
    short: str
    since: date
    source: str
    rows: Mapping[str, Row]
    defaults: Mapping[str, str]
    refine: tuple[Refinement, ...]

    def refined(self, row: str, flags: Collection[str]) -> str:
        """Return the row that flags lead to. The first rule that fits decides, then rules of the row it leads to."""
        for rule in self.refine:
            if rule.row == row and rule.flags <= set(flags):
                return self.refined(rule.to, flags)
        return row

    def path(self, row: str) -> tuple[str, ...]:
        """Return the row and the rows it is part of, the deepest first: ``("4.6.1", "4.6", "4")``."""
        found = []
        while row:
            if row in self.rows:
                found.append(row)
            row = row.rpartition(".")[0]
        return tuple(found)


@cache
def table(code: str) -> Table:
    """Return the rows of a generation. Raises KeyError for a generation that does not exist."""
    if code not in generations():
        raise KeyError(code)
    content = json.loads((HERE / f"{code}.json").read_text(encoding="utf-8"))
    return Table(
        code=content["code"],
        title=content["title"],
        short=content["short"],
        since=date.fromisoformat(content["since"]),
        source=content["source"],
        rows={line["code"]: Row(**line) for line in content["rows"]},
        defaults=content["defaults"],
        refine=tuple(Refinement(rule["row"], frozenset(rule["flags"]), rule["to"]) for rule in content["refine"]),
    )


@cache
def generations() -> tuple[str, ...]:
    """Codes of all generations, ``("pg-a", "pg-b", "sstu")``."""
    return tuple(sorted(path.stem for path in HERE.glob("*.json")))
