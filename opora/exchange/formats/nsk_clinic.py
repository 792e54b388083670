"""The book «МО» of Novosibirsk: a clinic's people under observation and their planned visits. Handbook 20 §6.

Row 1 holds headings whose texts were never published but for B1, «МО»: columns are known by their place, B to P.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.fields import Check, a_past_date, parse_date, parse_loose_date
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.formats.nsk import MOST_ROWS, Column, finding
from opora.exchange.people import a_diagnosis
from opora.exchange.workbook import is_workbook, read_cells, text_of_cell
from opora.shared.names import mixed_alphabet
from opora.shared.tables.errors import TableRefused

MARK = "МО"
ADULT = 17.7 * 365.25  # «at least about 17.7 years back»
FIRST = 1  # column B


def _an_adult(value: str, context: Context) -> str | None:
    if sentence := a_past_date(value, context):
        return sentence
    born = parse_date(value)
    assert born is not None  # noqa: S101 - a_past_date has seen to it
    return "В книгу берут только взрослых" if (context.as_of - born).days < ADULT else None


def _a_day(value: str, _: Context) -> str | None:
    return None if parse_date(value) else f"«{value}» — не дата"


def _day(name: str, heading: str, check: Check, *, is_required: bool = True) -> Column:
    return Column(name, heading, check, is_required=is_required, is_date=True)


COLUMNS = (
    Column("provider", MARK),
    Column("diagnosis", "МКБ", a_diagnosis),
    Column("full_name", "ФИО"),
    _day("birth_on", "Дата рождения", _an_adult),
    Column("card", "Номер карты", is_required=False),
    Column("area", "Участок", is_required=False),
    _day("since", "Дата постановки", a_past_date),
    _day("until", "Дата снятия", a_past_date, is_required=False),
    Column("reason_out", "Причина снятия", is_required=False),
    Column("doctor", "Врач по карте", is_required=False),
    Column("doctor_in_fact", "Врач фактически", is_required=False),
    Column("phone", "Телефон", is_required=False),
    _day("visit_on", "Дата планируемой явки", _a_day, is_required=False),
    Column("advice", "Рекомендации", is_required=False),
    Column("group", "Группа", is_required=False),
)


class NskClinic:
    slug = "nsk-mo-xlsx"
    title = "Диспансерное наблюдение клиники (Новосибирск, МО)"
    is_atomic = False

    def recognises(self, path: Path) -> bool:
        if not is_workbook(path):
            return False
        head = read_cells(path, rows=1)
        cells = head[0] if head else []
        return len(cells) >= len(COLUMNS) and text_of_cell(cells[FIRST]).upper() == MARK

    def read(self, path: Path) -> Content:
        table = read_cells(path)
        if len(table) > MOST_ROWS:
            raise TableRefused("В книге 50 000 строк или больше: разделите её на части.")
        content = Content()
        for number, cells in enumerate(table[1:], start=2):
            texts = [text_of_cell(cells[place]) if place < len(cells) else "" for place in range(FIRST, 16)]
            if any(texts):
                values = dict(_values(texts))
                content.records.append(Record(len(content.records) + 1, str(number), values))
        if not content.records:
            content.findings.append(Finding(MARK, "В книге нет ни одной записи"))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        seen: dict[tuple[str, ...], str] = {}
        for record in content.records:
            for column in COLUMNS:
                for sentence in column.faults(record.values[column.name], context):
                    yield finding(record, column.heading, sentence)
            yield from _together(record)
            former = seen.setdefault(tuple(record.values.values()), record.key)
            if former != record.key:
                yield finding(record, "ФИО", f"Строка повторяет строку {former}", Severity.WARNING)

    def broken(self, sentence: str) -> Finding:
        return Finding("EXCEL", sentence)


def _values(texts: list[str]) -> Iterator[tuple[str, str]]:
    for column, text in zip(COLUMNS, texts, strict=True):
        day = parse_loose_date(text) if column.is_date and text else None
        yield column.name, day.isoformat() if day else text


def _together(record: Record) -> Iterator[Finding]:
    get = record.values.get
    if len(get("full_name", "").split()) == 1:
        yield finding(record, "ФИО", "Нужны фамилия и имя: по одному слову человека не найти")
    for stranger in mixed_alphabet(get("full_name", "")):
        yield finding(record, "ФИО", str(stranger), Severity.WARNING)
    days: list[date] = [day for name in ("since", "until") if (day := parse_date(get(name, "")))]
    if days != sorted(days):
        yield finding(record, "Дата снятия", "Снят раньше, чем поставлен")
    if get("reason_out") and not get("until"):
        yield finding(record, "Дата снятия", "Причина снятия есть, а даты нет", Severity.WARNING)
