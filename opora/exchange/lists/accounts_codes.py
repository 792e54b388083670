"""Codes of accounts: kinds of check-ups (V016), their results (V017), the purpose of a visit (V025). Data: a pack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from opora.exchange.tree import parse_day
from opora.informing.words import Measure

PACK = json.loads((Path(__file__).parent.parent / "packs" / "accounts.json").read_text(encoding="utf-8"))
OBSERVATION = str(PACK["purposes"]["observation"])
NOT_NEWBORN = frozenset({"", "0"})  # NOVOR: anything else is a newborn under the policy of a parent


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check-up. ``file`` is how files of it begin, empty where that was never seen; ``measure`` None for what
    nobody is invited to here: check-ups of children, second stages that follow the first by themselves."""

    code: str
    title: str
    file: str
    measure: Measure | None


@dataclass(frozen=True, slots=True)
class Result:
    """``result`` is the group of health, or where the person was sent; ``until`` is the last day, None — in force."""

    code: str
    since: date
    until: date | None
    result: str

    def is_of(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def _kind(told: dict[str, str]) -> Kind:
    return Kind(told["code"], told["title"], told["file"], Measure(told["measure"]) if told["measure"] else None)


def _result(told: dict[str, str]) -> Result:
    until = date.fromisoformat(told["until"]) if told["until"] else None
    return Result(told["code"], date.fromisoformat(told["since"]), until, told["result"])


KINDS = {kind.code: kind for kind in map(_kind, PACK["kinds"])}
RESULTS = {result.code: result for result in map(_result, PACK["results"])}


def kind_of(code: str) -> Kind | None:
    """Return the kind of a code in any writing, None for a code we do not know.

    >>> kind_of("дв4").measure
    Measure.SCREENING
    """
    return KINDS.get(code.upper())


def period_of(header: Mapping[str, str]) -> date | None:
    """Return the first day of the month an account is for, None where it names none.

    >>> period_of({"YEAR": "2026", "MONTH": "5"})
    datetime.date(2026, 5, 1)
    """
    return parse_day(f"{header.get('YEAR', '')}-{header.get('MONTH', ''):0>2}-01")
