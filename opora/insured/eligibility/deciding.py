"""Who is due what this year, and why. Pure; ``insured/sql/eligibility.sql`` is its twin for millions.

The age is the one reached in the calendar year, not on the day.
Source: domain handbook 07 §2, §4, §6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from opora.insured.eligibility.book import Book, Rule, hard
from opora.insured.eligibility.words import Measure, Reason, Status

EVERYTHING = ""  # a refusal of all measures at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a person on a day. Codes of territories empty where nobody asks; ``visits``, ``listed`` and
    ``refused`` are of the year, by measure; ``where`` is his clinic by its name."""

    birth_on: date
    sex: int
    categories: frozenset[str] = frozenset()
    is_dead: bool = False
    has_policy: bool = True
    insured_in: str = ""
    attached_in: str = ""
    asked_by: str = ""
    where: str = ""
    visits: Mapping[str, date] = field(default_factory=dict)
    listed: Mapping[str, date] = field(default_factory=dict)
    refused: Mapping[str, date] = field(default_factory=dict)
    in_hospital: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How a measure stands. ``due_year``: the year of the turn, None where no rule tells; ``earliest_on``: from which
    day he may come; ``known_on``: the day of the visit, the list or the refusal the reason speaks of."""

    measure: Measure
    reason: Reason
    year: int
    age: int
    rule: Rule | None = None
    due_year: int | None = None
    earliest_on: date | None = None
    known_on: date | None = None
    where: str = ""

    @property
    def status(self) -> Status:
        return self.reason.status

    @property
    def pack(self) -> str:
        return self.rule.pack if self.rule else ""

    @property
    def source(self) -> str:
        return self.rule.source if self.rule else ""


def decide(known: Known, book: Book, on: date, measures: Iterable[Measure] = Measure) -> list[Decision]:
    """Return a decision for each measure for the year of ``on``."""
    return [_decide(measure, known, book, on) for measure in measures]


def _decide(measure: Measure, known: Known, book: Book, on: date) -> Decision:
    age = on.year - known.birth_on.year
    who = (age, known.sex, known.categories)
    rule = book.rule(measure, *who, on)
    next_year = book.next_year(measure, *who, on.year)
    later = date(next_year, 1, 1) if next_year else None

    def as_(
        reason: Reason, *, year: int | None = None, earliest: date | None = None, known_on: date | None = None
    ) -> Decision:
        where = known.where if reason.status in {Status.DUE, Status.BY_LIST} else ""
        return Decision(
            measure=measure,
            reason=reason,
            year=on.year,
            age=age,
            rule=rule,
            due_year=year,
            earliest_on=earliest,
            known_on=known_on,
            where=where,
        )

    if excluded := _excluded(known, book):
        return as_(excluded)
    if visited := known.visits.get(measure):
        return as_(Reason.PASSED, year=next_year, earliest=later, known_on=visited)
    if visited := _within(measure, known, book):
        return as_(Reason.PASSED_WITHIN, year=next_year, earliest=later, known_on=visited)
    if rule is None:
        return as_(_why_not(measure, known, book, on), year=next_year, earliest=later)
    if not _comes_after(measure, known, book, on):
        return as_(Reason.NOT_FOLLOWED)
    refused = max(filter(None, (known.refused.get(measure), known.refused.get(EVERYTHING))), default=None)
    if refused and Reason.REFUSED in book.exclusions:
        return as_(Reason.REFUSED, known_on=refused)
    if known.in_hospital and Reason.IN_HOSPITAL in book.exclusions:
        return as_(Reason.IN_HOSPITAL)
    if not rule.by_list:
        return as_(Reason.DUE, year=on.year, earliest=on)
    if (listed := known.listed.get(measure)) is None:
        return as_(Reason.BY_LIST, year=on.year)
    return as_(Reason.LISTED, year=on.year, earliest=max(on, listed + timedelta(days=rule.wait_days)), known_on=listed)


def _excluded(known: Known, book: Book) -> Reason | None:
    holds = {
        Reason.DEAD: known.is_dead,
        Reason.NO_POLICY: not known.has_policy,
        Reason.INSURED_ELSEWHERE: bool(known.asked_by) and known.insured_in != known.asked_by,
        Reason.ATTACHED_ELSEWHERE: bool(known.attached_in) and known.attached_in != known.insured_in,
    }
    return next((reason for reason in hard(book) if holds[reason]), None)


def _within(measure: Measure, known: Known, book: Book) -> date | None:
    days = (known.visits.get(other) for other in book.within.get(measure, ()))
    return max(filter(None, days), default=None)


def _comes_after(measure: Measure, known: Known, book: Book, on: date) -> bool:
    """Say whether what should come before this measure has been passed this year, or is due."""
    before = book.follows.get(measure)
    if before is None or before in known.visits:
        return True
    return book.rule(before, on.year - known.birth_on.year, known.sex, known.categories, on) is not None


def _why_not(measure: Measure, known: Known, book: Book, on: date) -> Reason:
    rules = book.of(measure, on)
    age = on.year - known.birth_on.year
    if not rules:
        return Reason.NO_RULES
    if age < min(rule.ages[0] for rule in rules):
        return Reason.TOO_YOUNG
    if any(rule.concerns(age, known.sex, known.categories) for rule in rules):
        return Reason.OTHER_YEAR
    return Reason.NOT_CONCERNED
