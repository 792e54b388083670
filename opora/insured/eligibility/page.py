"""Decisions and rules as pages and the API show them: words beside codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from opora.insured.eligibility import facts
from opora.insured.eligibility.book import Book, Rule
from opora.insured.eligibility.current import book, of_person
from opora.insured.eligibility.deciding import Decision
from opora.insured.eligibility.explanation import explain
from opora.insured.eligibility.words import AFTER_RULES, BEFORE_RULES, EXCLUSION_WORDS, Measure, Status
from opora.insured.models import Person, PersonCategory
from opora.shared.dates import show

if TYPE_CHECKING:
    from opora.organisations.models import Employee

STATES = {Status.DUE: "now", Status.PASSED: "done", Status.EXCLUDED: "none", Status.NOT_DUE: "none"}
FACTS = {
    "ages": "возраст",
    "every": "как часто",
    "sex": "пол",
    "categories": "категории",
    "by_list": "список",
    "wait_days": "сколько ждать",
    "clause": "номер пункта",
    "dates": "дни действия",
}
SEXES = {1: "мужчины", 2: "женщины"}


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of a person with its words."""

    decision: Decision
    sentence: str
    on: date

    @property
    def title(self) -> str:
        words = self.decision.measure.words
        return words[:1].upper() + words[1:]

    @property
    def state(self) -> str:
        return STATES.get(self.decision.status, "word")

    @property
    def word(self) -> str:
        """«положена», «пройдена 02.04.2026», «в 2027 году»."""
        found = self.decision
        match found.status:
            case Status.DUE:
                due = found.measure.form("положен", "положена")
                waits = found.earliest_on and found.earliest_on > self.on
                return f"{due} с {show(found.earliest_on)}" if waits and found.earliest_on else due
            case Status.PASSED if found.known_on:
                return f"{found.measure.form('пройден', 'пройдена')} {show(found.known_on)}"
            case Status.NOT_DUE:
                return f"в {found.due_year} году" if found.due_year else found.measure.form("не положен", "не положена")
        return found.status.words

    @property
    def standing(self) -> str:
        """Which facts of the rule have not been compared with the act, when any of them is about people."""
        rule = self.decision.rule
        return unverified(rule) if rule and not rule.core_is_verified else ""


def lines(decisions: list[Decision], opened: Book, on: date) -> list[Line]:
    return [Line(decision, explain(decision, opened, on), on) for decision in decisions]


def person_panel(person: Person, employee: Employee) -> dict[str, Any]:
    """Return what «Осмотры в этом году» shows: the day is the person's own."""
    on = timezone.localdate(timezone=person.zone)
    decisions, opened = of_person(person, on, holds=employee.holds)
    told = lines(decisions, opened, on)
    reasons = {decision.reason for decision in decisions}
    stopped = next((reason for reason in BEFORE_RULES if reasons == {reason}), None)
    return {
        "lines": [line for line in told if line.decision.status is not Status.BY_LIST],
        "by_list": [line for line in told if line.decision.status is Status.BY_LIST],
        "all": told,
        "stopped": EXCLUSION_WORDS[stopped] if stopped else "",
        "visits_are_known": facts.knows_visits(),
        "editions": sorted({decision.rule.edition for decision in decisions if decision.rule}),
        "provider": person.provider,
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule as the page of rules shows it."""

    rule: Rule

    @property
    def whom(self) -> list[str]:
        sexes = [SEXES[self.rule.sex]] if self.rule.sex else []
        categories = [PersonCategory.Code(code).label for code in sorted(self.rule.categories)]
        return [self.rule.ages_words, *sexes, *categories]

    @property
    def often(self) -> str:
        wait = f", не раньше чем через {self.rule.wait_days} дней" if self.rule.wait_days else ""
        return f"по списку: {self.rule.by_list}{wait}" if self.rule.by_list else self.rule.every_words

    @property
    def unverified(self) -> str:
        return unverified(self.rule)


def unverified(rule: Rule) -> str:
    return ", ".join(word for fact, word in FACTS.items() if fact in rule.by_default)


def rules_of(territory: str, on: date) -> dict[str, Any]:
    """Return the rules in force on a day by measure, the exclusions, and what comes later."""
    opened = book(territory, on)
    groups = [(measure, [Shown(rule) for rule in opened.of(measure, on)]) for measure in Measure]
    exclusions = [
        (EXCLUSION_WORDS[reason], opened.exclusions[reason])
        for reason in (*BEFORE_RULES, *AFTER_RULES)
        if reason in opened.exclusions
    ]
    return {
        "groups": [(measure.words[:1].upper() + measure.words[1:], found) for measure, found in groups],
        "exclusions": exclusions,
        "within": [(measure.words, [other.words for other in others]) for measure, others in opened.within.items()],
        "follows": [(measure.words, first.words) for measure, first in opened.follows.items()],
        "later": sorted({rule.since for rule in opened.rules if rule.since > on}),
        "ending": sorted({rule.until for rule in opened.rules if rule.in_force(on) and rule.until}),
    }
