"""Our own list of informing: a table with Russian headings in any order, one row — one person and one measure.

Everybody fills his own columns: the clinic whom to invite, the insurer how she informed, the clinic again who came.
Handbook 20 §2: no format of the country serves all; this one is for those who have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.formats.own_cells import Cells, bare
from opora.exchange.formats.users import split_name
from opora.exchange.lists.own_words import FIELD_OF, heading_of, plain
from opora.exchange.people import patronymic_of, remark, repeats
from opora.exchange.workbook import read_workbook
from opora.shared.tables import Kind, Limits, TableRefused, inspect, open_table

LIMITS = Limits(file=50 << 20, unpacked=500 << 20)
MOST_ROWS = 200_000
NAME = "opora-informing"
PERSON = {"enp", "surname", "full_name", "snils"}
PLAN = frozenset({"year", "month", "quarter", "inform_by", "visit_from", "visit_to"})
TALK = frozenset({"informed_on", "channel", "outcome", "reason", "purpose"})
SAMPLE = "пример"
ROW = "строка"


class OwnList:
    """``control`` reads the cells and keeps what it read: two digits of a year need the day of the import."""

    slug: str
    title: str
    kind: Kind
    suffixes: frozenset[str]
    is_atomic = False

    def recognises(self, path: Path) -> bool:
        if path.suffix.lower() not in self.suffixes:
            return False
        is_named = path.name.lower().startswith(NAME)
        try:
            fields = set(_fields(_columns(path, self.kind)))
        except TableRefused:
            return is_named
        return is_named or ("measure" in fields and bool(fields & PERSON))

    def read(self, path: Path) -> Content:
        source = inspect(path, limits=LIMITS)
        content = Content()
        with open_table(source) as table:
            fields = _fields(table.columns)
            content.findings += _headings(table.columns, fields)
            for row in table:
                if len(content.records) >= MOST_ROWS:
                    raise TableRefused(f"В файле больше {MOST_ROWS} строк: разделите его.")
                cells = {
                    field: text
                    for field, cell in zip(fields, row.cells, strict=False)
                    if field and cell and (text := bare(cell))
                }
                if cells.get("key", "").casefold() == SAMPLE:
                    continue
                record = Record(len(content.records) + 1, cells.get("key") or str(row.line), cells)
                content.records.append(record)
                if row.fault:
                    content.findings.append(remark(record, ROW, row.fault[0].upper() + row.fault[1:]))
        if not content.records:
            content.findings.append(Finding(ROW, "В файле нет ни одной строки с человеком"))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        cells = Cells(context.as_of)
        for record in content.records:
            yield from _read(record, cells)
            yield from _together(record.values, record)
        yield from repeats(content.records, heading_of("key"), "Такой номер записи в этом файле уже был")

    def broken(self, sentence: str) -> Finding:
        return Finding("FILE", sentence)


class OwnCsv(OwnList):
    slug = "opora-informing-csv"
    title = "Список информирования (CSV)"
    kind = Kind.CSV
    suffixes = frozenset({".csv", ".txt", ".tsv"})


class OwnBook(OwnList):
    slug = "opora-informing-xlsx"
    title = "Список информирования (Excel)"
    kind = Kind.XLSX
    suffixes = frozenset({".xlsx"})


def _columns(path: Path, kind: Kind) -> list[str]:
    if kind is Kind.XLSX:
        return read_workbook(path, rows=0).headings
    source = inspect(path, limits=LIMITS)
    if source.kind is not kind:
        return []
    with open_table(source) as table:
        return list(table.columns)


def _fields(columns: list[str]) -> list[str]:
    return [FIELD_OF.get(plain(column), "") for column in columns]


def _headings(columns: list[str], fields: list[str]) -> Iterator[Finding]:
    for column, field in zip(columns, fields, strict=True):
        if column and not field:
            yield Finding(column, "Колонка не узнана и прочитана не будет", severity=Severity.WARNING)
    for field in sorted({field for field in fields if field and fields.count(field) > 1}):
        same = "», «".join(column for column, found in zip(columns, fields, strict=True) if found == field)
        yield Finding(heading_of(field), f"Колонки «{same}» значат одно и то же: оставьте одну")
    if "measure" not in fields:
        yield Finding(heading_of("measure"), "В файле нет колонки «Мероприятие»")
    if not PERSON & set(fields):
        yield Finding(heading_of("enp"), "В файле нет ни ЕНП, ни фамилии, ни СНИЛС")


def _read(record: Record, cells: Cells) -> Iterator[Finding]:
    values, known = record.values, cells.known
    if whole := values.pop("full_name", ""):
        name = split_name(whole)
        for field in ("surname", "given_name", "patronymic"):
            values.setdefault(field, getattr(name, field))
    if "patronymic" in values:
        values["patronymic"] = patronymic_of(values["patronymic"])
    for field, text in values.items():
        if not text:
            continue
        value, fault, doubt = known.get((field, text)) or cells.read(field, text)
        if value != text:
            values[field] = value  # of a field that is there: what is walked over does not grow
        if fault:
            yield remark(record, heading_of(field), fault)
        elif doubt:
            yield remark(record, heading_of(field), doubt, severity=Severity.WARNING)


def _together(values: Mapping[str, str], record: Record) -> Iterator[Finding]:
    get = values.get
    named = get("surname") and get("given_name") and get("birth_on")
    if not (get("enp") or get("snils") or named):
        yield remark(record, heading_of("enp"), "Нужен ЕНП, СНИЛС или фамилия, имя и дата рождения")
    if not get("measure"):
        yield remark(record, heading_of("measure"), "Не сказано, куда приглашают")
    is_talk, is_plan = not TALK.isdisjoint(values), not PLAN.isdisjoint(values)
    if not (is_talk or is_plan or get("visited_on")):
        sentence = "Не сказано, что это: впишите год плана, дату информирования или дату посещения"
        yield remark(record, heading_of("year"), sentence)
    if is_plan and not get("year"):
        yield remark(record, heading_of("year"), "Не указан год плана")
    if is_talk and not get("informed_on"):
        yield remark(record, heading_of("informed_on"), "Об информировании сказано, а дня нет")
    if is_talk and not get("channel"):
        yield remark(record, heading_of("channel"), "Об информировании сказано, а способа нет")
    if "visit_from" in values and values["visit_from"] > get("visit_to", "9999"):
        yield remark(record, heading_of("visit_to"), "Последний день явки раньше первого")
    if not ("month" in values and "quarter" in values):
        return
    month, quarter = values["month"], values["quarter"]
    if month.isdigit() and quarter.isdigit() and (int(month) + 2) // 3 != int(quarter):
        yield remark(record, heading_of("quarter"), f"Месяц {month} не из квартала {quarter}")
