"""Typed workbooks of Novosibirsk, insurer → fund: B1 names the request, row 4 the columns, data begin in row 5.

Handbook 20 §6. The reader of the peer took a blank number cell for 1000, lost the last row and stopped at an empty one;
here a blank is a blank, every row to the end of the sheet is read, an empty one is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from opora.exchange.context import Context
from opora.exchange.fields import Check, a_past_date, parse_date, parse_loose_date
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.workbook import is_workbook, read_cells, text_of_cell
from opora.shared.names import mixed_alphabet
from opora.shared.tables.errors import TableRefused

REQUEST, MADE, INSURER = "Тип запроса", "Дата формирования", "Смо"
INSURERS = {"1", "2", "3", "4"}
HEADER_ROWS = 4
MOST_ROWS = 49_999  # «fewer than 50 000»
OLDEST = timedelta(days=60)
PERIOD = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}\s*[-–—]\s*\d{1,2}\.\d{1,2}\.\d{2,4}")
NOBODY = "нет"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its place: ``name`` is ours, ``heading`` theirs; ``is_number`` asks for a number cell.

    ``also`` are other headings it may have; ``may_be_absent`` — the book may do without it.
    """

    name: str
    heading: str
    check: Check | None = None
    is_required: bool = True
    is_date: bool = False
    is_number: bool = False
    also: tuple[str, ...] = ()
    may_be_absent: bool = False

    def faults(self, value: str, context: Context) -> Iterator[str]:
        if not value:
            if self.is_required:
                yield "Обязательная ячейка не заполнена"
        elif self.check and (sentence := self.check(value, context)):
            yield sentence


def a_recent_date(value: str, context: Context) -> str | None:
    if sentence := a_past_date(value, context):
        return sentence
    found = parse_date(value)
    assert found is not None  # noqa: S101 - a_past_date has seen to it
    return "Дата старше 60 дней" if context.as_of - found > OLDEST else None


def a_code(first: int, last: int) -> Check:
    """A whole number of a list without gaps."""

    def check(value: str, _: Context) -> str | None:
        is_known = value.isdecimal() and value.isascii() and first <= int(value) <= last
        return None if is_known else f"«{value}» — не код, нужно число от {first} до {last}"

    return check


def no_period(value: str, _: Context) -> str | None:
    return "В примечании стоит период дат, его там быть не должно" if PERIOD.search(value) else None


PERSON = (
    Column("surname", "Фамилия"),
    Column("given_name", "Имя"),
    Column("patronymic", "Отчество"),
    Column("birth_on", "Дата рождения", a_past_date, is_date=True),
)
NAMES = PERSON[:3]


class NskBook:
    """What the four workbooks share. ``types`` are the texts of B1, compared without case and outer blanks."""

    slug: str
    title: str
    is_atomic = True
    types: tuple[str, ...]
    columns: tuple[Column, ...]

    def recognises(self, path: Path) -> bool:
        if not is_workbook(path):
            return False
        head = read_cells(path, rows=1)
        return bool(head) and _same(_at(head[0], 0), REQUEST) and any(_same(_at(head[0], 1), one) for one in self.types)

    def columns_of(self, type_of_request: str) -> tuple[Column, ...]:
        return self.columns

    def read(self, path: Path) -> Content:
        table = read_cells(path)
        if len(table) - HEADER_ROWS > MOST_ROWS:
            raise TableRefused("В книге 50 000 строк или больше: разделите её на части.")
        table += [[] for _ in range(HEADER_ROWS - len(table))]
        header = {name: text_of_cell(_at(table[row], 1)) for row, name in enumerate((REQUEST, MADE, INSURER))}
        columns = self.columns_of(header[REQUEST])
        content = Content(header=header, findings=list(_headings(table[HEADER_ROWS - 1], columns)))
        for number, cells in enumerate(table[HEADER_ROWS:], start=HEADER_ROWS + 1):
            if any(text_of_cell(cell) for cell in cells):
                record = Record(len(content.records) + 1, str(number), _values(cells, columns))
                content.records.append(record)
                content.findings += _texts_for_numbers(record, cells, columns)
        if not content.records:
            content.findings.append(Finding(REQUEST, "В книге нет ни одной записи"))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        yield from _header(content.header, context)
        columns = self.columns_of(content.header[REQUEST])
        seen: dict[tuple[str, ...], str] = {}
        for record in content.records:
            for column in columns:
                for sentence in column.faults(record.values[column.name], context):
                    yield finding(record, column.heading, sentence)
            yield from _person(record)
            yield from self.together(record)
            former = seen.setdefault(tuple(record.values.values()), record.key)
            if former != record.key:
                sentence = f"Строка повторяет строку {former} и загружена не будет"
                yield finding(record, PERSON[0].heading, sentence, Severity.WARNING)

    def together(self, record: Record) -> Iterable[Finding]:
        """Yield what is wrong between the cells of one row."""
        return ()

    def broken(self, sentence: str) -> Finding:
        return Finding("EXCEL", sentence)


def finding(record: Record, heading: str, message: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(heading, message, record.key, record.place, severity)


def _at(cells: list[Any], place: int) -> Any:
    return cells[place] if place < len(cells) else ""


def _same(cell: Any, text: str) -> bool:
    """Without case and outer blanks; a row of blanks inside counts as one.

    >>> _same(" ТИП   запроса ", "Тип запроса")
    True
    """
    return " ".join(text_of_cell(cell).split()).casefold() == " ".join(text.split()).casefold()


def _values(cells: list[Any], columns: tuple[Column, ...]) -> dict[str, str]:
    found = {}
    for place, column in enumerate(columns):
        text = text_of_cell(_at(cells, place))
        day = parse_loose_date(text) if column.is_date and text else None
        found[column.name] = day.isoformat() if day else text
    return found


def _headings(cells: list[Any], columns: tuple[Column, ...]) -> Iterator[Finding]:
    for place, column in enumerate(columns):
        if column.may_be_absent and not text_of_cell(_at(cells, place)):
            continue
        if not any(_same(_at(cells, place), heading) for heading in (column.heading, *column.also)):
            found = text_of_cell(_at(cells, place)) or "пусто"
            yield Finding(column.heading, f"Колонка {place + 1}: ждали «{column.heading}», а в строке 4 «{found}»")
    for cell in cells[len(columns) :]:
        if text := text_of_cell(cell):
            yield Finding(text, f"Лишняя колонка «{text}»")


def _header(header: dict[str, str], context: Context) -> Iterator[Finding]:
    if parse_loose_date(header[MADE]) is None:
        yield Finding(MADE, f"В ячейке B2 ждали дату, а там «{header[MADE] or 'пусто'}»")
    if header[INSURER] not in INSURERS:
        yield Finding(INSURER, f"В ячейке B3 ждали номер СМО от 1 до 4, а там «{header[INSURER] or 'пусто'}»")


def _texts_for_numbers(record: Record, cells: list[Any], columns: tuple[Column, ...]) -> Iterator[Finding]:
    for place, column in enumerate(columns):
        cell = _at(cells, place)
        if column.is_number and isinstance(cell, str) and cell.strip():
            yield finding(record, column.heading, f"«{cell.strip()}» записано текстом, нужна числовая ячейка")


def _person(record: Record) -> Iterator[Finding]:
    """The fund finds a person by name and birth date alone: a letter of a wrong alphabet would lose him."""
    for column in NAMES:
        if strangers := mixed_alphabet(record.values[column.name]):
            sentence = "; ".join(str(stranger) for stranger in strangers)
            yield finding(record, column.heading, sentence, Severity.WARNING)
