"""A report counted: a definition, a subject, a period → tables of cells, control relations, the way to every row.

Counting is a pure function of the definition and the facts: the same facts give the same bytes (``Counted.text``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from opora.reports import measures, titles
from opora.reports.cube import Cube, Group, Question, cubes
from opora.reports.definitions import TOTAL, Asks, Column, Dynamic, Made, Relation, ReportPack, Row, Table, Where
from opora.reports.errors import NoSuchCell, NoSuchFilter
from opora.reports.figures import Value, compared, explained, share, summed
from opora.reports.models import Seal
from opora.reports.narrative import Text
from opora.reports.periods import Period
from opora.reports.sources import SOURCES
from opora.reports.subjects import Subject
from opora.reports.words import Span


@dataclass(frozen=True, slots=True)
class CountedCell:
    """``value`` None — nothing to say (a share of nothing); ``is_empty`` — the form wants «x» here.

    ``rows_at`` is always empty; it stays for the bytes of reports that were sealed with it.
    """

    column: str
    value: Value
    is_empty: bool = False
    unit: str = ""
    note: str = ""
    rows_at: str = ""


@dataclass(frozen=True, slots=True)
class CountedRow:
    code: str
    title: str
    level: int
    is_head: bool
    note: str
    cells: list[CountedCell]


@dataclass(frozen=True, slots=True)
class Heading:
    code: str
    title: str
    group: str
    unit: str


@dataclass(frozen=True, slots=True)
class CountedTable:
    code: str
    title: str
    columns: list[Heading]
    rows: list[CountedRow]
    chart: str
    note: str

    def cell(self, row: str, column: str) -> CountedCell:
        """Return a cell. Raises NoSuchCell."""
        for line in self.rows:
            if line.code == row:
                for one in line.cells:
                    if one.column == column:
                        return one
        raise NoSuchCell


@dataclass(frozen=True, slots=True)
class Broken:
    """A control relation that does not hold: both numbers and the cells they are sums of."""

    say: str
    level: str
    relation: str
    left: str
    right: str
    left_cells: list[str]
    right_cells: list[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """A report as it is shown, written to files and sealed. ``version`` is the edition of the form.

    ``filters`` say in words what it was narrowed by. ``words`` are what is told of the figures (``analysis.told``),
    None for a form without a text; a report without them has no such key in its JSON.
    """

    name: str
    title: str
    version: str
    source: str
    is_verified: bool
    subject: str
    subject_name: str
    period: str
    period_words: str
    tables: list[CountedTable]
    broken: list[Broken]
    notes: list[str] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    words: Text | None = None

    @property
    def text(self) -> str:
        """Canonical JSON: keys in order, numbers exact, the same report — the same bytes."""
        told = asdict(self)
        if self.words is None:
            del told["words"]
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    def table(self, code: str) -> CountedTable:
        """Return a table. Raises NoSuchCell."""
        found = next((one for one in self.tables if one.code == code), None)
        if found is None:
            raise NoSuchCell
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """Facts behind a cell: groups of one cube. ``sign`` −1 — the cell takes them away."""

    cube: Cube
    groups: list[Group]
    sign: int = 1


class Report:
    """A definition asked about a subject and a period; cubes are counted when a cell first needs them.

    ``also`` narrows every table by columns that the form names in ``filters``. Raises NoSuchFilter.
    """

    def __init__(
        self,
        pack: ReportPack,
        subject: Subject,
        period: Period,
        *,
        seal: Seal | None = None,
        also: Where | None = None,
    ) -> None:
        if also and not set(also) <= set(pack.filters):
            raise NoSuchFilter
        self.pack, self.subject, self.period, self.seal, self.also = pack, subject, period, seal, also or {}
        self.memory: dict[str, Any] = {}
        self._asked: dict[str, TableAsked] = {}
        self._cubes: dict[tuple[Span, Asks, str], Cube] = {}

    def counted(self) -> Counted:
        """Count every table. A query for each table and span of days, more where rows come from measures."""
        pack = self.pack
        tables = [self.table(one.code).counted() for one in pack.tables]
        return Counted(
            name=pack.name,
            title=pack.title,
            version=pack.version,
            source=pack.source,
            is_verified=pack.is_verified,
            subject=self.subject.code,
            subject_name=self.subject.name,
            period=self.period.code,
            period_words=self.period.words,
            tables=tables,
            broken=list(self._broken()),
            notes=list(pack.notes),
            filters=titles.filters(self.also, pack),
        )

    def table(self, code: str) -> TableAsked:
        """Return a table ready to be asked. Raises NoSuchCell."""
        if code not in self._asked:
            found = self.pack.table(code)
            if found is None:
                raise NoSuchCell
            self._asked[code] = TableAsked(self, found)
        return self._asked[code]

    def cube(self, table: Table, asks: Asks, span: Span) -> Cube:
        """Return facts of a span as a table tells them apart; all tables that ask for them are counted in one pass."""
        key = span, asks, table.code
        if key not in self._cubes:
            tables = [table] if table.is_apart else [one for one in self.pack.tables if not one.is_apart]
            given = {one.code: one.asks[asks] for one in tables if asks in one.asks}
            question = Question(SOURCES[asks.facts], self.subject, asks.of, asks.day, self.period.days(span), self.seal)
            names = [set(self.also) | own for own, _ in given.values()]
            found = cubes(question, names, set().union(*(sums for _, sums in given.values())))
            self._cubes |= {(span, asks, code): one for code, one in zip(given, found, strict=True)}
        return self._cubes[key]

    def _broken(self) -> Iterator[Broken]:
        for relation in self.pack.controls:
            for left, right in self._pairs(relation):
                a, b = self._side(left), self._side(right)
                if a is None or b is None:
                    continue
                if not {"=": a == b, "<=": a <= b, ">=": a >= b}[relation.is_]:
                    yield Broken(relation.say, str(relation.level), relation.is_, str(a), str(b), left, right)

    def _pairs(self, relation: Relation) -> Iterator[tuple[list[str], list[str]]]:
        """Both sides with real cells: «*» goes through the columns of the first table named, but for shares."""
        if not any(cell.endswith("/*") for cell in (*relation.left, *relation.right)):
            yield relation.left, relation.right
            return
        first = relation.left[0].removeprefix("-").partition("/")[0]
        for column in (one for one in self.table(first).columns if not one.is_share):
            named = [
                [cell.removesuffix("*") + column.code if cell.endswith("/*") else cell for cell in side]
                for side in (relation.left, relation.right)
            ]
            yield named[0], named[1]

    def _side(self, cells: list[str]) -> Decimal | None:
        """The sum of some cells, one that must stay empty is nothing; None where a number is not known: what nobody
        has told breaks no relation."""
        total = Decimal(0)
        for cell in cells:
            table, row, column = cell.removeprefix("-").split("/")
            asked = self.table(table)
            value = asked.value(row, column)
            if value is None and not asked.table.is_empty(row, column):
                return None
            if isinstance(value, int | Decimal):
                total += -value if cell.startswith("-") else value
        return total


class TableAsked:
    """One table of a report: its lines, its values, the facts behind them."""

    def __init__(self, report: Report, table: Table) -> None:
        self.report, self.table = report, table
        self._values: dict[tuple[str, str], Value] = {}
        self._told: dict[tuple[str, str], measures.Measured] = {}

    @cached_property
    def rows(self) -> list[Row]:
        return self.table.rows + self._dynamic(self.table.rows_by, Row)

    @cached_property
    def columns(self) -> list[Column]:
        return self.table.columns + self._dynamic(self.table.columns_by, Column)

    def counted(self) -> CountedTable:
        lines = []
        for row in self.rows:
            cells = [self._cell(row, column) for column in self.columns]
            lines.append(CountedRow(row.code, row.title, row.level, row.is_head, row.note, cells))
        headings = [Heading(one.code, one.title, one.group, one.unit) for one in self.columns]
        return CountedTable(self.table.code, self.table.title, headings, lines, self.table.chart, self.table.note)

    def value(self, row: str, column: str) -> Value:
        """Return the value of a cell. Raises NoSuchCell."""
        if (row, column) not in self._values:
            self._values[row, column] = self._count(self._row(row), self._column(column))
        return self._values[row, column]

    def behind(self, row: str, column: str) -> list[Part]:
        """Return the facts a cell was counted from: a part for each span; of a share — those of both its numbers."""
        line, head = self._row(row), self._column(column)
        if self.table.is_empty(row, column):
            return []
        if head.parts:
            return self._joined(head, [(row, part) for part in head.parts])
        if line.parts:
            return self._joined(line, [(part, column) for part in line.parts])
        if line.measure or line.is_head or not self.table.of_row(line).facts:
            return []
        found, groups = self._groups(line, head)
        return [Part(found, groups)]

    def _joined(self, made: Made, cells: list[tuple[str, str]]) -> list[Part]:
        signs = [-1 if code.startswith("-") else 1 for code in made.sum] or [1] * len(cells)
        merged: dict[tuple[int, int], dict[str, Group]] = {}
        cubes = {}
        for sign, (row, column) in zip(signs, cells, strict=True):
            for part in self.behind(row, column):
                place = id(part.cube), sign * part.sign
                cubes[id(part.cube)] = part.cube
                merged.setdefault(place, {}).update({group.key: group for group in part.groups})
        return [Part(cubes[which], list(groups.values()), sign) for (which, sign), groups in merged.items()]

    def _cell(self, row: Row, column: Column) -> CountedCell:
        if self.table.is_empty(row.code, column.code):
            return CountedCell(column.code, None, is_empty=True)
        value = self.value(row.code, column.code)
        told = self._told.get((row.code, column.code))
        note = told.note if told else self._explained(row, column)
        return CountedCell(column.code, value, False, _unit(row, column), note)

    def _explained(self, row: Row, column: Column) -> str:
        """Out of what a share is, and why it may be more than the whole."""
        if not row.percent or column.pair:
            return ""
        return explained(*(self.value(part, column.code) for part in row.percent), over=row.over)

    def _count(self, row: Row, column: Column) -> Value:
        if self.table.is_empty(row.code, column.code):
            return None
        ways: tuple[tuple[Made, Callable[[str], Value]], ...] = (
            (column, lambda part: self.value(row.code, part)),
            (row, lambda part: self.value(part, column.code)),
        )
        if column.part_of:
            return share(self.value(row.code, column.part_of[0]), self.value(column.part_of[1], column.part_of[0]))
        for made, at in ways:
            if made.pair:
                return compared(made, at(made.pair[0]), at(made.pair[1]))
        for made, at in ways:
            if made.sum:
                return summed(made.sum, [at(part) for part in made.parts])
        if row.measure:
            return self._measured(row, column)
        if row.is_head or not self.table.of_row(row).facts:
            return None
        _, groups = self._groups(row, column)
        if counted := column.field or row.field:
            return sum((group.sums[counted] for group in groups), Decimal(0))
        return sum(group.count for group in groups)

    def _measured(self, row: Row, column: Column) -> Value:
        told = measures.MEASURES[row.measure](self.asked_of(row, column))
        self._told[row.code, column.code] = told
        return told.value

    def asked_of(self, row: Row, column: Column) -> measures.Asked:
        """What the measure of a row is asked."""
        return measures.Asked(
            self.report.subject,
            self.report.period.days(column.span),
            {**row.arguments, "column": column.code},
            self.report.seal,
            self.report.memory,
        )

    def _groups(self, row: Row, column: Column) -> tuple[Cube, list[Group]]:
        """Groups that fit the filters of table, row and column, and of whoever asks."""
        found = self.report.cube(self.table, self.table.of_row(row), column.span)
        groups = found.fitting(self.table.where, self.report.also, row.where, column.where, either=row.either)
        if column.either:
            kept = {id(group) for group in found.fitting(either=column.either)}
            groups = [group for group in groups if id(group) in kept]
        return found, groups

    def _dynamic[Line: Made](self, dynamic: Dynamic | None, line: type[Line]) -> list[Line]:
        """Lines that the facts of all spans give; what is beyond ``most`` is not shown, ``total`` counts it too."""
        if dynamic is None:
            return []
        now: Counter[Any] = Counter()
        ever: Counter[Any] = Counter()
        for span in {Span.PERIOD, *(column.span for column in self.table.columns)}:
            for group in self.report.cube(self.table, self.table.of_row(), span).fitting(
                self.table.where, self.report.also
            ):
                value = group.values[dynamic.by]
                for one in value if isinstance(value, list | tuple) else [value]:
                    ever[one] += group.count
                    now[one] += group.count if span is Span.PERIOD else 0
        by_size = sorted(ever, key=lambda one: (-now[one], -ever[one], str(one)))
        shown = by_size[: dynamic.most or None]
        if dynamic.order == "value":
            shown.sort(key=lambda one: (one is None, one if isinstance(one, int) else 0, str(one)))
        names = titles.of(dynamic, SOURCES[self.table.facts], shown)
        lines = [line(code=_code(one), title=names[one], where={dynamic.by: one}) for one in shown]
        if dynamic.total:
            lines.insert(0, line(code=TOTAL, title=dynamic.total))
        return lines

    def _row(self, code: str) -> Row:
        return _named(self.rows, code)

    def _column(self, code: str) -> Column:
        return _named(self.columns, code)


def _named[Line: Made](lines: list[Line], code: str) -> Line:
    found = next((one for one in lines if one.code == code), None)
    if found is None:
        raise NoSuchCell
    return found


def _code(value: Any) -> str:
    text = str(value).replace("/", "_").replace("|", "_").replace(" ", "_")
    return text[:40] or "-"


def _unit(row: Row, column: Column) -> str:
    """How the number of a cell is to be read: of shares compared — in points."""
    if column.difference and (row.is_share or row.unit == "percent"):
        return "points"
    if column.is_share or (row.is_share and not column.pair):
        return "percent"
    return column.unit or row.unit
