"""Rows behind a number that a measure counts, as lines of a file: people, contacts, plans, suits that waited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import enter
from opora.organisations.models import Employee
from opora.reports import people
from opora.reports.counting import Report
from opora.reports.errors import NothingToExport
from opora.reports.listed import CHUNK, Listing
from opora.reports.measures import disputes
from opora.reports.measures import opened as opened_by
from opora.reports.measures.opened import Opened
from opora.reports.measures.registry import Asked
from opora.reports.sources import SOURCES, Source

SUITS = frozenset({"disputes.pending"})  # measures whose rows are facts that filters of a form cannot choose
PEOPLE = 500  # of one page: each asks for its names, contacts and campaigns
OF_PERSON = ["Фамилия, имя, отчество", "Полис"]
UNSEEN = "сейчас не у вас"
_DAY = {"plan": "Пришёл", "insured": "Полис с"}


@dataclass(slots=True)
class PeopleListing:
    """Lines of ``opened``, as the employee sees its people now; ``total`` is the number itself where it counts rows."""

    opened: Opened
    employee: Employee
    names_people: bool
    total: int
    hidden: int = 0
    personal: int = 0

    @property
    def head(self) -> list[str]:
        kind = self.opened.kind
        more = ["Повод", "Способ", "Какой", "Кампания", "Контактов", "Стоимость, ₽"]
        also = {"insured": [], "plan": ["Повод", "Какой"], "people": more[:5], "contacts": [*more[:4], more[5]]}[kind]
        return [_DAY.get(kind, "Когда"), *also, *(OF_PERSON if self.names_people else [])]

    def chunks(self) -> Iterator[list[list[Any]]]:
        """Yield lines by the hundred, each page in her own scope whatever the caller's is. Some queries a page."""
        after: str | None = ""
        while after is not None:
            with enter(self.employee.scope):
                page = people.page(self.opened, self.employee, after=after, size=PEOPLE)
            if page.rows:
                yield [self._line(row) for row in page]
            after = page.next

    def _line(self, row: people.Shown) -> list[Any]:
        of_kind: dict[str, list[Any]] = {
            "insured": [],
            "plan": [row.measure, row.mark],
            "people": [row.measure, row.way, row.mark, row.campaign, row.contacts],
            "contacts": [row.measure, row.way, row.mark, row.campaign, row.cost],
        }
        line = [f"{row.day:%d.%m.%Y}" if row.day else "", *of_kind[self.opened.kind]]
        if not self.names_people:
            return line
        self.personal += bool(row.name)
        return [*line, row.name or UNSEEN, row.enp]


@dataclass(slots=True)
class SuitsListing(Listing):
    """Lines of suits that waited: their appeals."""

    asked: Asked | None = field(default=None)
    waited: int = 0

    @property
    def total(self) -> int:
        return self.waited

    @property
    def _source(self) -> Source:
        return SOURCES["disputes"]

    def chunks(self) -> Iterator[list[list[Any]]]:
        after: tuple[date, str] | None = None
        while self.asked is not None and (facts := disputes.page(self.asked, after=after, limit=CHUNK, back=False)):
            yield self._of_appeals(facts)
            after = facts[-1].day, facts[-1].key


def listing(
    report: Report, cell: tuple[str, str, str], employee: Employee, *, names_people: bool
) -> Listing | PeopleListing:
    """Return the lines of a number by the rights of the employee.

    Raises NoSuchCell, NothingToExport for a number without rows of its own, RightMissing where its people or
    appeals are not hers to see.
    """
    code, row, column = cell
    table = report.table(code)
    parts = table.behind(row, column)
    if parts:
        found = Listing(parts, employee, names_people)
        if found.is_of_appeals and not employee.holds(Right.APPEALS_VIEW):
            raise RightMissing(right=Right.APPEALS_VIEW)
        return found
    line = next(one for one in table.rows if one.code == row)
    head = next(one for one in table.columns if one.code == column)
    if not line.measure or line.parts or head.parts or table.table.is_empty(row, column):
        raise NothingToExport
    asked, value = table.asked_of(line, head), table.value(row, column)
    if line.measure in SUITS:
        if not employee.holds(Right.APPEALS_VIEW):
            raise RightMissing(right=Right.APPEALS_VIEW)
        return SuitsListing([], employee, names_people, asked=asked, waited=int(value or 0))
    opened = opened_by.of_measure(line.measure, asked)
    if opened is None:
        raise NothingToExport
    if not people.may_see(opened, employee):
        raise RightMissing(right=people.needed(opened))
    return PeopleListing(opened, employee, names_people, value if isinstance(value, int) else 0)
