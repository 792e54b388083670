"""The rules as they stand for one territory: packs laid one over another, each rule with its days. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from opora.insured.eligibility.packs import EligibilityPack, RuleLine
from opora.insured.eligibility.words import BEFORE_RULES, Measure, Reason
from opora.shared.typography import counted

EVER = 120  # an upper age from which «и старше» is meant
LOOKED_AHEAD = 10
CITATION = {"clause", "dates"}  # facts about the act, not about people


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in force from ``since`` to ``until`` (inclusive, None — still); ``pack`` is «eligibility 2026.2»."""

    code: str
    title: str
    measure: Measure
    ages: tuple[int, int]
    every: int
    sex: int | None
    categories: frozenset[str]
    by_list: str
    wait_days: int
    since: date
    until: date | None
    clause: str
    by_default: frozenset[str]
    pack: str
    source: str

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    def concerns(self, age: int, sex: int, categories: Collection[str]) -> bool:
        """Say whether it is about such people at all, in whichever year their turn comes."""
        first, last = self.ages
        return (
            first <= age <= last
            and self.sex in {None, sex}
            and (not self.categories or not self.categories.isdisjoint(categories))
        )

    def holds(self, age: int, sex: int, categories: Collection[str]) -> bool:
        return age % self.every == 0 and self.concerns(age, sex, categories)

    @property
    def is_verified(self) -> bool:
        return not self.by_default

    @property
    def core_is_verified(self) -> bool:
        """Say whether whom it concerns and how often has been compared with a source; the clause may still wait."""
        return self.by_default <= CITATION

    @property
    def edition(self) -> str:
        """«версия 2026.2», for a territory's own «версия 54.1 (территория 50000)»."""
        *territory, version = self.pack.split()[1:]
        return f"версия {version} (территория {territory[0]})" if territory else f"версия {version}"

    @property
    def ages_words(self) -> str:
        first, last = self.ages
        return f"с {first} лет" if last >= EVER else f"от {first} до {last} лет"

    @property
    def every_words(self) -> str:
        if self.every == 1:
            return "каждый год"
        return f"раз в {counted(self.every, 'год', 'года', 'лет')}, когда возраст делится на {self.every}"

    @property
    def words(self) -> str:
        """Whom and how often: «с 40 лет — каждый год»."""
        whom = {1: ", мужчинам", 2: ", женщинам"}.get(self.sex or 0, "")
        some = f", по правилу «{self.title}»" if self.categories else ""
        return f"{self.ages_words}{whom}{some} — {self.every_words}"


@dataclass(frozen=True, slots=True)
class Exclusion:
    reason: Reason
    is_verified: bool
    clause: str
    pack: str


@dataclass(frozen=True, slots=True)
class Book:
    """Every rule there is and will be, best first; the rest is as it stands on the day the book was opened for."""

    rules: tuple[Rule, ...] = ()
    exclusions: Mapping[Reason, Exclusion] = field(default_factory=dict)
    within: Mapping[Measure, frozenset[Measure]] = field(default_factory=dict)
    follows: Mapping[Measure, Measure] = field(default_factory=dict)

    def of(self, measure: Measure, on: date) -> list[Rule]:
        return [rule for rule in self.rules if rule.measure is measure and rule.in_force(on)]

    def rule(self, measure: Measure, age: int, sex: int, categories: Collection[str], on: date) -> Rule | None:
        """Return the rule by which it is such a person's turn, the first of several."""
        return next((rule for rule in self.of(measure, on) if rule.holds(age, sex, categories)), None)

    def next_year(self, measure: Measure, age: int, sex: int, categories: Collection[str], year: int) -> int | None:
        """Return the nearest later year with a rule in force on its first day; nothing is promised beyond the acts."""
        for later in range(year + 1, year + LOOKED_AHEAD + 1):
            if self.rule(measure, age + later - year, sex, categories, date(later, 1, 1)):
                return later
        return None

    @property
    def categories(self) -> frozenset[str]:
        """The categories any rule asks about."""
        return frozenset().union(*(rule.categories for rule in self.rules))


def open_book(packs: Iterable[EligibilityPack], *, on: date, territory: str = "") -> Book:
    """Lay a territory's packs over the country's. ``packs`` hold one edition for each (territory, since)."""
    known = list(packs)
    country, own = _in_charge(known, "", on), _in_charge(known, territory, on) if territory else None
    laid = [pack for pack in (country, own) if pack]
    exclusions: dict[Reason, Exclusion] = {}
    within: dict[Measure, frozenset[Measure]] = {}
    follows: dict[Measure, Measure] = {}
    for pack in laid:
        for line in pack.exclusions:
            exclusions.pop(line.reason, None)
            if line.is_applied:
                exclusions[line.reason] = Exclusion(line.reason, line.is_verified, line.clause, _name(pack))
        within |= {measure: frozenset(others) for measure, others in pack.within.items()}
        follows |= pack.follows
    return Book(tuple(_rules(known, territory)), exclusions, within, follows)


def read_book(contents: Iterable[Mapping[str, Any]], *, on: date, territory: str = "") -> Book:
    """Open a book of packs as they are stored."""
    return open_book(map(EligibilityPack.model_validate, contents), on=on, territory=territory)


def hard(book: Book) -> list[Reason]:
    """Return the exclusions that count before any rule, in order."""
    return [reason for reason in BEFORE_RULES if reason in book.exclusions]


def _in_charge(packs: list[EligibilityPack], territory: str, on: date) -> EligibilityPack | None:
    """Return the pack of a territory (or of the country) for a day: of those in force the one that began last."""
    found = (p for p in packs if p.territory == territory and p.since <= on and (p.until is None or on <= p.until))
    return max(found, key=lambda pack: pack.since, default=None)


def _rules(packs: list[EligibilityPack], territory: str) -> list[Rule]:
    """Cut time where any pack begins or ends, take the rules in charge of each span, join what goes on unchanged."""
    heard = [pack for pack in packs if pack.territory in {"", territory}]
    days = {pack.since for pack in heard} | {pack.until + timedelta(days=1) for pack in heard if pack.until}
    cuts = sorted(days)
    joined: dict[tuple[str, str, str], Rule] = {}
    found: list[Rule] = []
    for first, after in zip(cuts, [*cuts[1:], None], strict=True):
        last = after - timedelta(days=1) if after else None
        for rule in _of_span(heard, territory, first, last):
            key = (rule.pack, rule.code, rule.source)
            former = joined.get(key)
            if former and former.until and former.until + timedelta(days=1) == rule.since:
                found[found.index(former)] = joined[key] = replace(former, until=rule.until)
            else:
                joined[key] = rule
                found.append(rule)
    return found


def _of_span(packs: list[EligibilityPack], territory: str, first: date, last: date | None) -> list[Rule]:
    own = _in_charge(packs, territory, first) if territory else None
    country = _in_charge(packs, "", first)
    replaced = {line.measure for line in own.rules} if own else set()
    lines = [(own, line) for line in own.rules] if own else []
    lines += [(country, line) for line in country.rules if line.measure not in replaced] if country else []
    return [rule for pack, line in lines if (rule := _rule(pack, line, first, last))]


def _rule(pack: EligibilityPack, line: RuleLine, first: date, last: date | None) -> Rule | None:
    """Return the rule for the days of the span on which the line is in force; None when there are none."""
    since = max(first, line.since or first)
    until = min((day for day in (last, line.until) if day), default=None)
    if until is not None and until < since:
        return None
    return Rule(
        code=line.code,
        title=line.title,
        measure=line.measure,
        ages=line.ages,
        every=line.every,
        sex=line.sex,
        categories=frozenset(line.categories),
        by_list=line.by_list,
        wait_days=line.wait_days,
        since=since,
        until=until,
        clause=line.clause,
        by_default=frozenset(line.by_default),
        pack=_name(pack),
        source=pack.source,
    )


def _name(pack: EligibilityPack) -> str:
    return f"{pack.code} {pack.territory} {pack.version}".replace("  ", " ")
