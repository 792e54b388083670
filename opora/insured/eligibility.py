"""Which check-ups a person may have this year, and the one sentence to say about it. Pure; the rules are data.

The age is the one reached in the calendar year, not on the day. Whether he has already come is a fact of his clinic:
where it is not known the sentence says so. Rules: ``packs/eligibility.json``, each with its dates and source.
Source: domain handbook 07 §2, §4, §6.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from opora.shared.dates import show

if TYPE_CHECKING:
    from opora.insured.card import Card

PACK = Path(__file__).parent / "packs" / "eligibility.json"
ADULT = 18
LOOKED_AHEAD = 10


class Measure(StrEnum):
    CHECKUP = "checkup"
    SCREENING = "screening"
    FERTILITY = "fertility"


class Status(StrEnum):
    DUE = "due"
    PASSED = "passed"
    NOT_DUE = "not_due"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Rule:
    """``every`` 3 — in the years when the age divides by three. ``categories`` empty — for everybody of these ages."""

    measure: Measure
    ages: tuple[int, int]
    every: int
    since: date
    until: date | None
    categories: frozenset[str]
    source: str

    def holds(self, age: int, categories: Collection[str], on: date) -> bool:
        first, last = self.ages
        in_force = self.since <= on and (self.until is None or on <= self.until)
        concerns = not self.categories or not self.categories.isdisjoint(categories)
        return in_force and concerns and first <= age <= last and age % self.every == 0


@dataclass(frozen=True, slots=True)
class Decision:
    """``passed_on`` when the visit is known; ``next_year`` when it is not this year's turn, None if no rule says."""

    measure: Measure
    status: Status
    passed_on: date | None = None
    next_year: int | None = None
    source: str = ""


def decide(
    birth_on: date,
    on: date,
    *,
    categories: Collection[str] = (),
    passed: Mapping[str, date] | None = None,
    is_excluded: bool = False,
) -> list[Decision]:
    """Return a decision for each measure for the year of ``on``; ``passed`` are last known visits by measure.

    >>> found = decide(date(1996, 5, 1), date(2026, 11, 22))
    >>> [(str(one.measure), str(one.status)) for one in found][:2]
    [('checkup', 'due'), ('screening', 'due')]
    """
    return [_decide(measure, birth_on, on, categories, (passed or {}).get(measure), is_excluded) for measure in Measure]


def sentence(decisions: Collection[Decision], birth_on: date, on: date, *, visits_are_known: bool = False) -> str:
    """Return what to say aloud; nothing where nothing may be said (the dead, those without a policy)."""
    by = {one.measure: one for one in decisions}
    screening, checkup, fertility = by[Measure.SCREENING], by[Measure.CHECKUP], by[Measure.FERTILITY]
    if Status.EXCLUDED in {one.status for one in decisions}:
        return ""
    if on.year - birth_on.year < ADULT:
        return "Диспансеризация взрослых начинается с года, в котором исполнится 18 лет; детей осматривает педиатр."
    if screening.status is Status.PASSED and screening.passed_on:
        return f"В этом году диспансеризация пройдена {show(screening.passed_on)}."
    if checkup.status is Status.NOT_DUE and screening.status is Status.NOT_DUE:
        return "Правил осмотров на этот год в программе нет. Уточните в поликлинике."
    beside = " и проверка репродуктивного здоровья" if fertility.status is Status.DUE else ""
    if screening.status is Status.DUE:
        said = f"В этом году положена диспансеризация{beside}."
    else:
        later = f", диспансеризация — в {screening.next_year} году" if screening.next_year else ""
        said = f"В этом году положен профосмотр{beside}{later}."
    return said if visits_are_known else f"{said} Был ли человек на осмотре, мы не знаем: спросите."


def of_card(card: Card) -> str:
    """Return the sentence for a person whose card is at hand. No clinic tells us visits yet, so it asks."""
    person = card.person
    categories = {row.code for row in card.categories}
    no_policy = card.policy is None or person.died_on is not None
    decisions = decide(person.birth_on, card.today, categories=categories, is_excluded=no_policy)
    return sentence(decisions, person.birth_on, card.today)


@cache
def rules() -> tuple[Rule, ...]:
    found = json.loads(PACK.read_text(encoding="utf-8"))["rules"]
    return tuple(
        Rule(
            Measure(row["measure"]),
            (row["ages"][0], row["ages"][1]),
            row["every"],
            date.fromisoformat(row["since"]),
            date.fromisoformat(row["until"]) if row["until"] else None,
            frozenset(row.get("categories", ())),
            row["source"],
        )
        for row in found
    )


def _decide(
    measure: Measure, birth_on: date, on: date, categories: Collection[str], passed_on: date | None, is_excluded: bool
) -> Decision:
    if is_excluded:
        return Decision(measure, Status.EXCLUDED)
    if passed_on is not None and passed_on.year == on.year:
        return Decision(measure, Status.PASSED, passed_on=passed_on)
    if rule := _rule(measure, on.year - birth_on.year, categories, on):
        return Decision(measure, Status.DUE, source=rule.source)
    return Decision(measure, Status.NOT_DUE, next_year=_next_year(measure, birth_on, categories, on))


def _next_year(measure: Measure, birth_on: date, categories: Collection[str], on: date) -> int | None:
    """The nearest later year with a rule in force on its first day; none is promised beyond the life of the act."""
    for year in range(on.year + 1, on.year + LOOKED_AHEAD):
        if _rule(measure, year - birth_on.year, categories, date(year, 1, 1)):
            return year
    return None


def _rule(measure: Measure, age: int, categories: Collection[str], on: date) -> Rule | None:
    found = (rule for rule in rules() if rule.measure is measure and rule.holds(age, categories, on))
    return next(found, None)
