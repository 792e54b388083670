"""The same rules for millions: a statement other rooms select from, and what is wrong with a list.

The plan of a year, without a row passing through Python:

    found = sets.question(territory, on, insurer=pk, measures=[Measure.SCREENING])
    cursor.execute(f"INSERT INTO … SELECT person_id, provider_id, measure FROM ({found.sql}) d WHERE d.status = 'due'",
                   found.parameters)

Columns: ``person_id``, ``provider_id`` (his clinic), ``measure``, ``age``, ``rule_no`` (place in ``found.book.rules``,
NULL without a rule), ``reason``, ``status`` (codes of ``words``), ``due_year``, ``earliest_on``, ``known_on``. Row
security hides whom the scope does not see. Insurer and clinic are those of today (the fold of policies and
attachments), also when ``on`` is another day: nobody knows next year's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from opora.access.rights import Right
from opora.insured.eligibility import current, facts
from opora.insured.eligibility.book import LOOKED_AHEAD, Book
from opora.insured.eligibility.deciding import Decision
from opora.insured.eligibility.explanation import explain
from opora.insured.eligibility.words import Measure, Reason
from opora.shared.sql import text

SQL = Path(__file__).parent.parent / "sql" / "eligibility.sql"
FOR_EVER = date(9999, 12, 31)
EVERYBODY = "true"


@dataclass(frozen=True, slots=True)
class Question:
    """A SELECT with its parameters, the day it is about and the book it follows."""

    sql: str
    parameters: dict[str, Any]
    book: Book
    on: date

    def rows(self, where: str = EVERYBODY) -> Iterator[Decided]:
        """Ask it and give the answers one by one; ``where`` is a condition on ``d``, written by the program."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT d.* FROM ({self.sql}) d WHERE {where}", self.parameters)  # noqa: S608
            while rows := cursor.fetchmany(2000):
                yield from (self._decided(row) for row in rows)

    def counts(self) -> dict[tuple[Measure, Reason], int]:
        """Return how many people there are of each measure and reason."""
        with connection.cursor() as cursor:
            asked = f"SELECT d.measure, d.reason, count(*) FROM ({self.sql}) d GROUP BY 1, 2"  # noqa: S608
            cursor.execute(asked, self.parameters)
            return {(Measure(measure), Reason(reason)): count for measure, reason, count in cursor.fetchall()}

    def _decided(self, row: tuple[Any, ...]) -> Decided:
        person, provider, measure, age, no, reason, _, due_year, earliest_on, known_on = row
        rule = None if no is None else self.book.rules[no]
        decision = Decision(
            measure=Measure(measure),
            reason=Reason(reason),
            year=self.on.year,
            age=age,
            rule=rule,
            due_year=due_year,
            earliest_on=earliest_on,
            known_on=known_on,
        )
        return Decided(person, provider, decision)


@dataclass(frozen=True, slots=True)
class Decided:
    """How a measure stands for one person of many; ``provider`` is the id of his clinic."""

    person: int
    provider: int | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of somebody's list: this person is to come for this measure in this year."""

    person: int
    measure: Measure
    year: int


@dataclass(frozen=True, slots=True)
class Criticism:
    """A row that should not be in the list, and the sentence why."""

    row: Listed
    reason: Reason
    sentence: str


def question(
    territory: str,
    on: date,
    *,
    insurer: int | None = None,
    people: Collection[int] | None = None,
    measures: Iterable[Measure] = Measure,
    holds: Callable[[Right], bool] | None = None,
) -> Question:
    """Return the question about the insured of a territory, of one insurer there, or about some ``people`` by id.

    The rules are the territory's. ``people`` may be insured elsewhere: they are told so. ``holds`` as in ``facts``.
    """
    if people is not None:
        given = {"people": list(people)}
        these = "p.id = ANY (%(people)s)", "c.person_id = ANY (%(people)s)"
        return about(these[0], given, territory, on, whose=these[1], measures=measures, holds=holds)
    whom = "p.territory_id = %(territory)s" + (" AND p.insurer_id = %(insurer)s" if insurer is not None else "")
    return about(whom, {"territory": territory, "insurer": insurer}, territory, on, measures=measures, holds=holds)


def about(
    whom: str,
    parameters: dict[str, Any],
    territory: str,
    on: date,
    *,
    whose: str = EVERYBODY,
    measures: Iterable[Measure] = Measure,
    holds: Callable[[Right], bool] | None = None,
    book: Book | None = None,
) -> Question:
    """Return the question about people of a condition on ``p`` (``insured_person``), written by the program:
    ``p.id IN (SELECT person_id FROM informing_entry WHERE roll_id = %(roll)s)``. ``whose``, the same condition on
    ``c.person_id``, only spares the reading of other people's categories: give it for a short list."""
    opened = book or current.book(territory, on)
    statement = text(SQL).replace("/* facts */", facts.statement(holds)).replace("/* whom */", whom)
    statement = statement.replace("/* whose */", whose)
    given = {**_rules(opened), **_measures(opened, list(measures)), **facts.parameters(on), **parameters}
    given |= {
        "year": on.year,
        "ahead": LOOKED_AHEAD,
        "asked_by": territory,
        "exclusions": [str(reason) for reason in opened.exclusions],
        "asked_categories": sorted(opened.categories),
    }
    return Question(statement, given, opened, on)


def criticise(
    rows: Iterable[Listed], *, territory: str, today: date, holds: Callable[[Right], bool] | None = None
) -> list[Criticism]:
    """Return the rows of a list that should not be there, each with the reason, in the order of the list.

    Wrong is who is not due, has passed already or is excluded; standing in this list is itself the list that a measure
    «по списку» needs. A person whom the scope does not see gets no answer. One statement for each year of the list;
    another year than today's is judged by the rules of its first day.
    """
    listed = list(rows)
    asked: dict[int, list[Listed]] = defaultdict(list)
    for row in listed:
        asked[row.year].append(row)
    wrong: dict[Listed, Criticism] = {}
    for year, of_year in asked.items():
        on = today if year == today.year else date(year, 1, 1)
        wanted = set(of_year)
        measures = sorted({row.measure for row in of_year})
        found = question(territory, on, people={row.person for row in of_year}, measures=measures, holds=holds)
        for one in found.rows("d.status NOT IN ('due', 'by_list')"):
            row = Listed(one.person, one.decision.measure, year)
            if row in wanted:
                wrong[row] = Criticism(row, one.decision.reason, explain(one.decision, found.book, on))
    return [wrong[row] for row in listed if row in wrong]


def _rules(book: Book) -> dict[str, Any]:
    rules = list(enumerate(book.rules))
    return {
        "no": [no for no, _ in rules],
        "measure": [str(rule.measure) for _, rule in rules],
        "first_age": [rule.ages[0] for _, rule in rules],
        "last_age": [rule.ages[1] for _, rule in rules],
        "every": [rule.every for _, rule in rules],
        "sex": [rule.sex for _, rule in rules],
        "categories": [",".join(sorted(rule.categories)) for _, rule in rules],
        "by_list": [bool(rule.by_list) for _, rule in rules],
        "wait_days": [rule.wait_days for _, rule in rules],
        "since": [rule.since for _, rule in rules],
        "until": [rule.until or FOR_EVER for _, rule in rules],
    }


def _measures(book: Book, measures: list[Measure]) -> dict[str, Any]:
    return {
        "measures": [str(measure) for measure in measures],
        "within": [",".join(sorted(book.within.get(measure, ()))) for measure in measures],
        "follows": [str(book.follows.get(measure, "")) for measure in measures],
    }
