"""What every file of a report shows: headings under their groups, texts of cells, whose report it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from opora.reports.periods import Period
from opora.reports.showing import SIGNS
from opora.shared.typography import NBSP, THIN, thousands

if TYPE_CHECKING:
    from opora.reports.counting import Broken, Counted, CountedCell, CountedRow, CountedTable, Heading, Value
    from opora.reports.models import Seal
    from opora.reports.narrative import Text
    from opora.shared.charts import Chart

NO_CHARTS: Mapping[str, Chart] = MappingProxyType({})
UNITS = {"people": "чел.", "roubles": "руб.", "days": "дней", "percent": "%"}
EMPTY, NOTHING = "x", "—"
XMLNS = ' xmlns="http://www.w3.org/2000/svg"'  # inside HTML it is not needed, and a file names no address outside it
NUMBER = re.compile(r"-?\d+(\.\d+)?")
ROW_TITLE, ROW_CODE, NOTES = "Показатель", "Строка", "Пояснения"
NOT_VERIFIED = "Форма не сверена с приказом: перед сдачей проверьте её строки и графы."


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the text that is made from the figures."""

    kind: Literal["heading", "paragraph", "item"]
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: how many columns and how many lines it takes."""

    title: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: its text for people, its number where it has one."""

    text: str
    number: int | Decimal | None = None
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    title: str
    level: int
    is_head: bool
    cells: list[Shown]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table laid out. ``heads`` are one or two lines; the first two columns are the code and the title of a row."""

    code: str
    title: str
    heads: list[list[Head]]
    codes: list[str]
    groups: list[str]
    columns: list[str]
    lines: list[Line]
    note: str
    chart: Chart | None = None
    has_codes: bool = True  # numbers of lines of a state form; others have words of the program there

    @property
    def heads_shown(self) -> list[list[Head]]:
        """Headings of what is read: without that of codes where lines have none."""
        return self.heads if self.has_codes else [self.heads[0][1:], *self.heads[1:]]

    @property
    def has_notes(self) -> bool:
        return any(line.note or any(cell.note for cell in line.cells) for line in self.lines)

    def notes_of(self, line: Line) -> list[str]:
        """What is explained beside a line: its own note, then those of its cells, each under its column where those
        are many."""
        said = [line.note] if line.note else []
        for name, group, cell in zip(self.columns, self.groups, line.cells, strict=True):
            if cell.note:
                column = f"{group}, {name}" if group else name
                said.append(cell.note if len(self.columns) == 1 else f"{column}: {cell.note}")
        return said

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > 5

    @property
    def drawing(self) -> SafeString:
        """The chart for a page without scripts, in the colours of the page; empty without one."""
        if self.chart is None:
            return mark_safe("")
        from opora.shared.drawing import svg

        return mark_safe(svg(self.chart).replace(XMLNS, "", 1))  # noqa: S308 - texts are escaped there


@dataclass(frozen=True, slots=True)
class Paper:
    """A report laid out. ``about`` are pairs of a label and its words; ``moment`` is the only date inside a file."""

    title: str
    subtitle: str
    about: list[tuple[str, str]]
    words: list[Said]
    sheets: list[Sheet]
    broken: list[str]
    notes: list[str]
    moment: datetime


def lay_out(
    counted: Counted,
    *,
    seal: Seal | None = None,
    charts: Mapping[str, Chart] = NO_CHARTS,
    has_codes: bool = True,
) -> Paper:
    return Paper(
        title=counted.title,
        subtitle=", ".join([counted.subject_name, counted.period_words, *counted.filters]),
        about=about(counted, seal),
        words=list(said(counted.words)) if counted.words else [],
        sheets=[sheet(table, charts.get(table.code), has_codes=has_codes) for table in counted.tables],
        broken=[unmet(one) for one in counted.broken],
        notes=list(counted.notes) if counted.is_verified else [*counted.notes, NOT_VERIFIED],
        moment=moment(counted, seal),
    )


def unmet(one: Broken) -> str:
    """A broken control relation with both numbers."""
    return f"{one.say}: {one.left} должно быть {SIGNS[one.relation]} {one.right}"


def said(text: Text) -> Iterator[Said]:
    """Yield headings, paragraphs and items of lists in the order they are read."""
    for section in text.sections:
        yield Said("heading", section.heading)
        for paragraph, items in section.blocks():
            yield Said("paragraph", paragraph)
            yield from (Said("item", one) for one in items)


def about(counted: Counted, seal: Seal | None) -> list[tuple[str, str]]:
    """Return what the report is, and of a sealed one who answers for it."""
    pairs = [
        ("Отчёт", counted.title),
        ("Чей", f"{counted.subject_name} ({counted.subject})"),
        ("Период", counted.period_words),
        *([("Отбор", "; ".join(counted.filters))] if counted.filters else []),
        ("Редакция формы", counted.version),
        ("Основание", counted.source),
    ]
    if seal is None:
        return [*pairs, ("Состояние", "период не закрыт: числа могут измениться"), ("SHA-256", counted.sha256)]
    return [
        *pairs,
        ("Состояние", f"период закрыт, версия {seal.number}"),
        ("Закрыт", f"{timezone.localtime(seal.sealed_at):%d.%m.%Y %H:%M}"),
        ("Кто закрыл", seal.sealed_by_name),
        *([("Зачем новая версия", seal.note)] if seal.note else []),
        ("SHA-256", seal.sha256),
    ]


def moment(counted: Counted, seal: Seal | None) -> datetime:
    """Return the moment the files carry: the sealing, else the last day of the period — never that of the writing."""
    if seal is not None:
        return seal.sealed_at.astimezone(UTC)
    last = Period.read(counted.period).until
    return datetime(last.year, last.month, last.day, tzinfo=UTC)


def sheet(table: CountedTable, chart: Chart | None = None, *, has_codes: bool = True) -> Sheet:
    columns = [_heading(one) for one in table.columns]
    lines = [_line(row) for row in table.rows]
    return Sheet(
        code=table.code,
        title=table.title,
        heads=_heads(table.columns, columns),
        codes=[one.code for one in table.columns],
        groups=[one.group for one in table.columns],
        columns=columns,
        lines=lines,
        note=table.note,
        chart=chart,
        has_codes=has_codes,
    )


def shown(cell: CountedCell, *, is_head: bool = False) -> Shown:
    """Return a cell as it is shown.

    >>> from opora.reports.counting import CountedCell
    >>> [shown(CountedCell("1", value)).text for value in (1234, Decimal("12.5"), None, "да")]
    ['1234', '12,5', '—', 'да']
    """
    if cell.is_empty:
        return Shown(EMPTY, note=cell.note)
    number = as_number(cell.value, cell.unit)
    if number is not None:
        words = figure(number) + (f"{NBSP}%" if cell.unit == "percent" else "")
        return Shown(words, number, cell.unit, cell.note)
    nothing = "" if is_head else NOTHING
    return Shown(nothing if cell.value is None else str(cell.value), unit=cell.unit, note=cell.note)


def as_number(value: Value, unit: str = "") -> int | Decimal | None:
    """Return the number of a value; numbers read from a sealed text are texts of digits."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | Decimal):
        return value
    return Decimal(value) if unit != "text" and NUMBER.fullmatch(value) else None


def figure(number: int | Decimal) -> str:
    """Return a number as the house writes it, with a blank that every font has.

    >>> figure(-1234567), figure(Decimal("1234.50"))
    ('−1\\xa0234\\xa0567', '1234,50')
    """
    return thousands(number).replace(THIN, NBSP)


def _line(row: CountedRow) -> Line:
    cells = [shown(cell, is_head=row.is_head) for cell in row.cells]
    return Line(row.code, row.title, row.level, row.is_head, cells, row.note)


def _heading(one: Heading) -> str:
    return f"{one.title}, {UNITS[one.unit]}" if one.unit in UNITS and UNITS[one.unit] not in one.title else one.title


def _heads(columns: Sequence[Heading], titles: Sequence[str]) -> list[list[Head]]:
    if not any(one.group for one in columns):
        return [[Head(ROW_CODE), Head(ROW_TITLE), *(Head(title) for title in titles)]]
    upper, lower = [Head(ROW_CODE, 1, 2), Head(ROW_TITLE, 1, 2)], []
    for group, members in groupby(zip(columns, titles, strict=True), key=lambda pair: pair[0].group):
        named = [title for _, title in members]
        if group:
            upper.append(Head(group, len(named)))
            lower += [Head(title) for title in named]
        else:
            upper += [Head(title, 1, 2) for title in named]
    return [upper, lower]
