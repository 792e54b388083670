"""A form as data: tables of rows and columns over facts, control relations, notes. A new edition is a file.

A cell counts the facts of its table that fit the ``where`` of table, row and column together::

    "where": {"kind": "complaint", "form": ["oral", "written"], "row:pg-b": "3.6", "flags": "oncology"}

A value is one word or several, any of which fits; of ``flags`` and ``row:<generation>`` (all rows an appeal is counted
in) one in common is enough. ``{"not": [...]}`` turns it round. A row or column may be made of others instead:
``"sum": ["2", "3", "-4"]``, ``"percent": ["2", "1"]``, ``"growth": ["now", "then"]`` (in %), ``"difference"`` (of
shares: points), ``"average": ["days", "answers"]``, ``"part_of": ["now", "total"]`` (a column's share of a row), or
come from a measure in code (``"measure": "informing.people"``) where rows cannot be counted by filters.
All words of a form: docs/reports.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field, TypeAdapter, model_validator

from opora.deadlines.errors import PackRefused
from opora.deadlines.models import Pack
from opora.deadlines.packs import Head, Strict, read_pack
from opora.deadlines.services import load_pack
from opora.reports.errors import NoSuchReport
from opora.reports.words import Level, Span

SHIPPED = Path(__file__).parent / "packs"
CODE = r"^[^\s/|]{1,40}$"
TOTAL = "total"  # the line over those that facts give

type Where = dict[str, str | int | bool | list[str | int] | dict[Literal["not"], list[str | int]]]
type Unit = Literal["", "people", "percent", "points", "roubles", "days", "text"]
type Pair = tuple[str, str]


class Made(Strict):
    """How a row or a column comes from others of its table; at most one of the ways.

    ``either`` — beside ``where``, one of these fits. ``field`` — this field of the facts is summed, not counted.
    """

    code: str = Field(pattern=CODE)
    title: str = Field(min_length=1, max_length=500)
    where: Where = {}
    either: list[Where] = []
    field: str = ""
    sum: list[str] = []
    percent: Pair | None = None
    growth: Pair | None = None
    difference: Pair | None = None
    average: Pair | None = None
    unit: Unit = ""
    note: str = ""

    @property
    def pair(self) -> Pair | None:
        """Two codes that are divided or compared."""
        return self.percent or self.growth or self.difference or self.average

    @property
    def is_share(self) -> bool:
        return self.percent is not None or self.growth is not None

    @property
    def parts(self) -> list[str]:
        """Codes it is made of, without signs; empty when it is counted."""
        return [code.removeprefix("-") for code in self.sum] or list(self.pair or ())

    @property
    def names(self) -> set[str]:
        """Columns of the facts that it filters."""
        return {name for where in (self.where, *self.either) for name in where}

    @model_validator(mode="after")
    def _one_way(self) -> Made:
        if sum(map(bool, (self.sum, self.percent, self.growth, self.difference, self.average))) > 1:
            raise ValueError("строка или графа считается одним способом: sum, percent, growth, difference или average")
        return self


class Column(Made):
    """``group`` is the heading over several columns; ``part_of`` — of a column what share of its row, in %."""

    group: str = ""
    span: Span = Span.PERIOD
    part_of: Pair | None = None

    @property
    def is_share(self) -> bool:
        return self.part_of is not None or super().is_share

    @property
    def parts(self) -> list[str]:
        return [self.part_of[0]] if self.part_of else super().parts


class Row(Made):
    """``measure`` — a value that code finds, with ``arguments``; ``level`` is how deep it stands under its head.

    ``facts``, ``day``, ``of`` — other ones than those of the table. ``over`` is said beside a share above 100 %.
    """

    facts: str = ""
    day: str = ""
    of: Literal["", "insurer", "taken_by", "about"] = ""
    over: str = ""
    level: int = Field(0, ge=0, le=6)
    measure: str = ""
    arguments: dict[str, Any] = {}
    is_head: bool = False


class Dynamic(Strict):
    """Rows or columns that the facts themselves give: one for each value of ``by``, the largest first or in order.

    ``titles`` — where names come from: ``words`` (of the closed list), ``topics``, ``organisations``, ``surveys``,
    ``categories`` (who gets a policy at home), ``none``.
    """

    by: str
    titles: Literal["words", "topics", "organisations", "surveys", "categories", "none"] = "words"
    order: Literal["size", "value"] = "size"
    most: int = Field(0, ge=0, le=1000)
    total: str = ""


class Asks(NamedTuple):
    """Facts of which source, placed into the period by which day, of whom."""

    facts: str
    day: str
    of: str


class Table(Strict):
    """``facts`` — the source, ``day`` — which of its days places a fact into the period (``sources``).

    ``of`` says which insurer of a fact has to be the one that is asked about: who did the work, who took the appeal,
    or whom it concerns. ``empty`` are cells that must hold nothing («x»): pairs of row and column, «*» — all.
    Tables over the same facts are counted together; ``is_apart`` — this one by itself, for its filters are many.
    """

    code: str = Field(pattern=CODE)
    title: str = Field(min_length=1, max_length=300)
    facts: str = ""
    day: str = ""
    of: Literal["insurer", "taken_by", "about"] = "insurer"
    where: Where = {}
    columns: list[Column] = []
    rows: list[Row] = []
    rows_by: Dynamic | None = None
    columns_by: Dynamic | None = None
    empty: list[tuple[str, str]] = []
    is_apart: bool = False
    chart: Literal["", "bar", "stack", "line", "share", "heatmap"] = ""
    note: str = ""

    @property
    def asks(self) -> dict[Asks, tuple[set[str], set[str]]]:
        """Which facts its lines ask, and what of them: columns they tell apart, fields they add up."""
        found: dict[Asks, tuple[set[str], set[str]]] = {}
        lines = [row for row in self.rows if not (row.measure or row.is_head or row.parts)]
        dynamic = {one.by for one in (self.rows_by, self.columns_by) if one is not None}
        for asks, row in [*((self.of_row(row), row) for row in lines), (self.of_row(), None)]:
            names, sums = found.setdefault(asks, (set(), set()))
            names |= set(self.where).union(*(line.names for line in self.columns), row.names if row else dynamic)
            sums |= {line.field for line in (row, *self.columns) if line is not None and line.field}
        return {asks: given for asks, given in found.items() if asks.facts}

    def of_row(self, row: Row | None = None) -> Asks:
        """Which facts a row asks, or the table itself."""
        if row is None:
            return Asks(self.facts, self.day, self.of)
        return Asks(row.facts or self.facts, row.day or self.day, row.of or self.of)

    def is_empty(self, row: str, column: str) -> bool:
        return any(r in ("*", row) and c in ("*", column) for r, c in self.empty)


class Relation(Strict):
    """A control relation. A side is a sum of cells «table/row/column»; «*» as a column — the same in each column."""

    left: list[str] = Field(min_length=1)
    is_: Literal["=", "<=", ">="] = Field(alias="is")
    right: list[str] = Field(min_length=1)
    say: str = Field(min_length=5, max_length=300)
    level: Level = Level.ERROR


class ReportPack(Head):
    """One edition of one report. ``periods``: year, quarter, month, months.

    ``filters`` are columns of the facts that whoever asks may narrow all its tables by.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    short: str = Field(min_length=1, max_length=60)
    group: Literal["state", "insurer", "fund", "centre", "informing", "other"]
    subjects: list[Literal["territory", "fund", "insurer"]] = Field(min_length=1)
    periods: list[Literal["year", "quarter", "month", "months"]] = Field(min_length=1)
    is_verified: bool
    tables: list[Table] = Field(min_length=1)
    controls: list[Relation] = []
    notes: list[str] = []
    filters: list[str] = []
    text: Literal["", "analysis"] = ""

    @property
    def has_numbered_lines(self) -> bool:
        """Whether codes of lines are numbers people know; codes of other forms are words of the program."""
        return self.group == "state"

    def table(self, code: str) -> Table | None:
        return next((one for one in self.tables if one.code == code), None)


def check(content: dict[str, Any]) -> None:
    """Raise PackRefused for what the shape alone cannot say: codes given twice, parts and cells that are not there."""
    pack = TypeAdapter(ReportPack).validate_python(content)
    for fault in _faults(pack):
        raise PackRefused(fault)


def in_force(on: date, territory: str) -> list[ReportPack]:
    """Return the reports whose edition holds on a day, a territory's own before the country's; by name. One query."""
    rows = Pack.objects.filter(kind="report", territory__in=["", territory]).in_force(on)
    found: dict[str, ReportPack] = {}
    for pk in rows.order_by("code", "-territory", "-since", "-loaded_at", "-pk").values_list("pk", flat=True):
        pack = of_pack(pk)
        found.setdefault(pack.name, pack)
    return sorted(found.values(), key=lambda pack: (pack.group, pack.name))


def current(name: str, on: date, territory: str) -> tuple[int, ReportPack]:
    """Return the edition of a report in force on a day and the number of its pack. Raises NoSuchReport."""
    rows = Pack.objects.filter(kind="report", code=name.replace("-", "_"), territory__in=["", territory]).in_force(on)
    pk = rows.order_by("-territory", "-since", "-loaded_at", "-pk").values_list("pk", flat=True).first()
    if pk is None:
        raise NoSuchReport(f"Отчёта «{name[:40]}» на {on:%d.%m.%Y} нет: посмотрите opora report --list.")
    return pk, of_pack(pk)


@lru_cache(maxsize=64)
def of_pack(pk: int) -> ReportPack:
    """A pack never changes, so its reading may be kept."""
    return TypeAdapter(ReportPack).validate_python(Pack.objects.get(pk=pk).content)


def load_shipped_packs(**_: Any) -> None:
    """Load the forms that come with the program; those already there stay as they are."""
    for path in sorted(SHIPPED.glob("*.json")):
        load_pack(read_pack(path))


def _faults(pack: ReportPack) -> Iterator[str]:
    if pack.code != pack.name.replace("-", "_"):
        yield f"code: у отчёта «{pack.name}» код пака — «{pack.name.replace('-', '_')}»"
    for place, table in enumerate(pack.tables):
        yield from _faults_of(table, f"tables[{place}] «{table.code}»")
    cells = {
        f"{table.code}/{row}/{column}"
        for table in pack.tables
        for row in _codes(table.rows, table.rows_by)
        for column in ("*", *_codes(table.columns, table.columns_by))
    }
    for table in pack.tables:
        for asks in table.asks:
            for name in sorted(set(pack.filters) - _source(asks).columns):
                yield f"filters: таблицу «{table.code}» по «{name}» не отобрать"
    if pack.filters and any(row.measure for table in pack.tables for row in table.rows):
        yield "filters: строки, которые считает мера, не отобрать"
    for relation in pack.controls:
        for cell in (*relation.left, *relation.right):
            if cell.removeprefix("-") not in cells:
                yield f"controls «{relation.say}»: ячейки «{cell}» нет"


def _codes(lines: Sequence[Made], dynamic: Dynamic | None) -> list[str]:
    """Codes that are known before the facts are: of the lines that facts give only their total."""
    return [line.code for line in lines] + ([TOTAL] if dynamic and dynamic.total else [])


def _source(asks: Asks) -> Any:
    from opora.reports.sources import SOURCES  # its models are not there while packs are being read at the start

    return SOURCES[asks.facts]


def _faults_of(table: Table, where: str) -> Iterator[str]:
    yield from _faults_of_facts(table, where)
    if not table.facts and any(not (row.measure or row.parts or row.is_head or row.facts) for row in table.rows):
        yield f"{where}: без facts строки считаются только из других или мерой"
    for kind, lines in (("rows", table.rows), ("columns", table.columns)):
        codes = _codes(lines, table.rows_by if kind == "rows" else table.columns_by)
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield f"{where}.{kind}: код «{code}» стоит дважды"
        for line in lines:
            for part in sorted(set(line.parts) - set(codes)):
                yield f"{where}.{kind} «{line.code}»: части «{part}» нет"
        if loop := _loop({line.code: line.parts for line in lines}):
            yield f"{where}.{kind}: «{loop}» считается сам из себя"


def _loop(parts: dict[str, list[str]]) -> str:
    """Return a code that is made of itself, empty when there is none."""

    def is_in(code: str, seen: frozenset[str]) -> bool:
        return code in seen or any(is_in(part, seen | {code}) for part in parts.get(code, ()))

    return next((code for code in parts if is_in(code, frozenset())), "")


def _faults_of_facts(table: Table, where: str) -> Iterator[str]:
    """Sources, columns and measures that are not there."""
    from opora.reports.measures import MEASURES
    from opora.reports.sources import SOURCES

    for asks, (names, sums) in table.asks.items():
        if asks.facts not in SOURCES or asks.day not in SOURCES[asks.facts].days:
            yield f"{where}: источника «{asks.facts}» с днём «{asks.day}» нет"
            return
        source = SOURCES[asks.facts]
        for name in sorted(name for name in names if not name.startswith("row:") and name not in source.columns):
            yield f"{where}: по «{name}» в источнике «{asks.facts}» не отбирают"
        for name in sorted(sums - source.sums):
            yield f"{where}: «{name}» в источнике «{asks.facts}» не складывают"
    for row in table.rows:
        if row.measure and row.measure not in MEASURES:
            yield f"{where}.rows «{row.code}»: меры «{row.measure}» нет"
