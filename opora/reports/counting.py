"""A report counted: a definition, a subject, a period → tables of cells, control relations, the way to every row.

Counting is a pure function of the definition and the facts: the same facts give the same bytes (``Counted.text``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from opora.reports import measures, titles
from opora.reports.cube import Cube, Group, Question, cube
from opora.reports.definitions import Column, Dynamic, Made, Relation, ReportPack, Row, Table
from opora.reports.errors import NoSuchCell
from opora.reports.models import Seal
from opora.reports.periods import Period
from opora.reports.sources import SOURCES
from opora.reports.subjects import Subject
from opora.reports.words import Span

TENTH = Decimal("0.1")
TOTAL = "total"

type Value = int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class CountedCell:
    """``value`` None — nothing to say (a share of nothing); ``is_empty`` — the form wants «x» here."""

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
    """A report as it is shown, written to files and sealed. ``version`` is the edition of the form."""

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

    @property
    def text(self) -> str:
        """Canonical JSON: keys in order, numbers exact, the same report — the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)

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
    """A definition asked about a subject and a period; cubes are counted when a cell first needs them."""

    def __init__(self, pack: ReportPack, subject: Subject, period: Period, *, seal: Seal | None = None) -> None:
        self.pack, self.subject, self.period, self.seal = pack, subject, period, seal
        self._asked: dict[str, TableAsked] = {}

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
        )

    def table(self, code: str) -> TableAsked:
        """Return a table ready to be asked. Raises NoSuchCell."""
        if code not in self._asked:
            found = self.pack.table(code)
            if found is None:
                raise NoSuchCell
            self._asked[code] = TableAsked(self, found)
        return self._asked[code]

    def _broken(self) -> Iterator[Broken]:
        for relation in self.pack.controls:
            for left, right in self._pairs(relation):
                a, b = self._side(left), self._side(right)
                if not {"=": a == b, "<=": a <= b, ">=": a >= b}[relation.is_]:
                    yield Broken(relation.say, str(relation.level), relation.is_, str(a), str(b), left, right)

    def _pairs(self, relation: Relation) -> Iterator[tuple[list[str], list[str]]]:
        """Both sides with real cells: «*» goes through the columns of the first table named, but for shares."""
        if not any(cell.endswith("/*") for cell in (*relation.left, *relation.right)):
            yield relation.left, relation.right
            return
        first = relation.left[0].removeprefix("-").partition("/")[0]
        for column in (one for one in self.table(first).columns if not _is_share(one)):
            named = [
                [cell.removesuffix("*") + column.code if cell.endswith("/*") else cell for cell in side]
                for side in (relation.left, relation.right)
            ]
            yield named[0], named[1]

    def _side(self, cells: list[str]) -> Decimal:
        total = Decimal(0)
        for cell in cells:
            table, row, column = cell.removeprefix("-").split("/")
            value = self.table(table).value(row, column)
            if isinstance(value, int | Decimal):
                total += -value if cell.startswith("-") else value
        return total


class TableAsked:
    """One table of a report: its lines, its values, the facts behind them."""

    def __init__(self, report: Report, table: Table) -> None:
        self.report, self.table = report, table
        self._cubes: dict[Span, Cube] = {}
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
        if line.measure or line.is_head or not self.table.facts:
            return []
        found = self._cube(head.span)
        return [Part(found, found.fitting(self._where(line, head)))]

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
        unit = "percent" if _is_share(row) or _is_share(column) else column.unit or row.unit
        return CountedCell(column.code, value, False, unit, told.note if told else "", told.rows_at if told else "")

    def _count(self, row: Row, column: Column) -> Value:
        if self.table.is_empty(row.code, column.code):
            return None
        for made, at in ((column, lambda part: (row.code, part)), (row, lambda part: (part, column.code))):
            if _is_share(made):
                return _share(made, *(self.value(*at(part)) for part in made.parts))
        for made, at in ((column, lambda part: (row.code, part)), (row, lambda part: (part, column.code))):
            if made.sum:
                return _sum(made.sum, [self.value(*at(part)) for part in made.parts])
        if row.measure:
            return self._measured(row, column)
        if row.is_head:
            return None
        groups = self._cube(column.span).fitting(self._where(row, column))
        if column.field:
            return sum((group.sums[column.field] for group in groups), Decimal(0))
        return sum(group.count for group in groups)

    def _measured(self, row: Row, column: Column) -> Value:
        asked = measures.Asked(
            self.report.subject, self.report.period.days(column.span), row.arguments, self.report.seal
        )
        told = measures.MEASURES[row.measure](asked)
        self._told[row.code, column.code] = told
        return told.value

    def _where(self, row: Made, column: Made) -> dict[str, Any]:
        """Filters of table, row and column together. One column of facts is filtered in one of them only."""
        return {**self.table.where, **column.where, **row.where}

    def _cube(self, span: Span) -> Cube:
        if span not in self._cubes:
            table = self.table
            lines: list[Made] = [*table.rows, *table.columns]
            names = {name for line in lines for name in line.where} | set(table.where)
            names |= {one.by for one in (table.rows_by, table.columns_by) if one is not None}
            question = Question(
                SOURCES[table.facts],
                self.report.subject,
                table.of,
                table.day,
                self.report.period.days(span),
                self.report.seal,
            )
            self._cubes[span] = cube(question, names, {column.field for column in table.columns if column.field})
        return self._cubes[span]

    def _dynamic[Line: Made](self, dynamic: Dynamic | None, line: type[Line]) -> list[Line]:
        """Lines that the facts of all spans give; what is beyond ``most`` is not shown, ``total`` counts it too."""
        if dynamic is None:
            return []
        sizes: dict[Any, int] = {}
        for span in {column.span for column in self.table.columns} or {Span.PERIOD}:
            for group in self._cube(span).fitting(self.table.where):
                value = group.values[dynamic.by]
                for one in value if isinstance(value, list | tuple) else [value]:
                    sizes[one] = sizes.get(one, 0) + group.count
        by_size = sorted(sizes, key=lambda one: (-sizes[one], str(one)))
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


def _is_share(made: Made) -> bool:
    return made.percent is not None or made.growth is not None


def _share(made: Made, over: Value, under: Value) -> Decimal | None:
    """Return percents to one decimal, half up; None when there is nothing to divide by."""
    if not isinstance(over, int | Decimal) or not isinstance(under, int | Decimal) or not under:
        return None
    share = Decimal(over) * 100 / Decimal(under) - (100 if made.growth else 0)
    return share.quantize(TENTH, ROUND_HALF_UP)


def _sum(codes: list[str], values: list[Value]) -> Value:
    numbers = [
        -value if code.startswith("-") else value
        for code, value in zip(codes, values, strict=True)
        if isinstance(value, int | Decimal)
    ]
    return sum(numbers[1:], numbers[0]) if numbers else None
