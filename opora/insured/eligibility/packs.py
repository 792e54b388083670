"""The pack of eligibility as a file: who is due what, which exclusions count, what of it is verified.

Rules of a territory's pack replace the country's rules of the measures it names; an exclusion it names replaces the
country's. A rule is in force while both it and its pack are. Shipped packs lie in ``insured/packs``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, TypeAdapter

from opora.deadlines.errors import PackRefused
from opora.deadlines.packs import Head, Strict, read_pack
from opora.deadlines.services import load_pack
from opora.insured.eligibility.words import AFTER_RULES, BEFORE_RULES, Measure, Reason

SHIPPED = Path(__file__).parent.parent / "packs"
KIND = "eligibility"
OLDEST = 150

type Fact = Literal["ages", "every", "sex", "categories", "by_list", "wait_days", "clause", "dates"]


class RuleLine(Strict):
    """``every`` 3 — in the years when the age divides by three; ``by_list`` names the list that is needed besides;
    ``wait_days`` — how long after the day of the list; ``by_default`` — the facts not compared with the act."""

    code: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    title: str = Field(min_length=1, max_length=200)
    measure: Measure
    ages: tuple[int, int]
    every: int = Field(1, ge=1, le=10)
    sex: Literal[1, 2] | None = None
    categories: list[str] = []
    by_list: str = Field("", max_length=200)
    wait_days: int = Field(0, ge=0, le=366)
    since: date | None = None
    until: date | None = None
    clause: str = Field(max_length=200)
    by_default: list[Fact] = []


class ExclusionLine(Strict):
    reason: Reason
    is_applied: bool = True
    is_verified: bool = False
    clause: str = Field("", max_length=200)


class EligibilityPack(Head):
    """``within``: a measure that is passed as a part of others; ``follows``: a measure that comes after another."""

    rules: list[RuleLine] = Field(min_length=1)
    exclusions: list[ExclusionLine] = []
    within: dict[Measure, list[Measure]] = {}
    follows: dict[Measure, Measure] = {}


def read(content: dict[str, Any]) -> EligibilityPack:
    """Return the pack of a checked content."""
    return TypeAdapter(EligibilityPack).validate_python(content)


def check(content: dict[str, Any]) -> None:
    """Raise PackRefused for what the shape alone cannot say."""
    from opora.insured.models import PersonCategory

    pack = read(content)
    if pack.code != KIND:
        raise PackRefused(f"code: у правил осмотров код один — {KIND}")
    codes = [rule.code for rule in pack.rules]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise PackRefused(f"rules: код правила «{twice}» стоит дважды")
    for rule in pack.rules:
        first, last = rule.ages
        if not 0 <= first <= last <= OLDEST:
            raise PackRefused(f"rules, {rule.code}: возраст {first}–{last} — так не бывает")
        if rule.since and rule.until and rule.until < rule.since:
            raise PackRefused(f"rules, {rule.code}: правило кончается раньше, чем начинается")
        if unknown := next((code for code in rule.categories if code not in PersonCategory.Code.values), ""):
            raise PackRefused(f"rules, {rule.code}: категории «{unknown}» в регистре нет")
    reasons = [line.reason for line in pack.exclusions]
    for reason in reasons:
        if reason not in (*BEFORE_RULES, *AFTER_RULES) or reasons.count(reason) > 1:
            raise PackRefused(f"exclusions: «{reason}» не исключение или стоит дважды")
    if loop := next((measure for measure, first in pack.follows.items() if measure == first), ""):
        raise PackRefused(f"follows: «{loop}» не может идти после себя")


def load_shipped_packs(**_: Any) -> None:
    """Load the packs that come with the program; those already there stay as they are."""
    for path in sorted(SHIPPED.glob("eligibility-*.json")):
        load_pack(read_pack(path))
