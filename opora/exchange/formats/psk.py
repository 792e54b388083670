"""Pskov's plan: a CSV without a heading, fifteen quoted fields, windows-1251, packed. Handbook 20 §9.2.

Written by the program of a clinic for the fund and for each insurer. ``ERR`` is empty on the way there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.fields import Check, Field, one_of
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.people import (
    a_compact_date,
    a_past_compact_date,
    a_snils,
    name_faults,
    policy_faults,
    remark,
    repeats,
)
from opora.exchange.xmlpacked import head_of, unpacked
from opora.shared.tables.errors import TableRefused
from opora.shared.tables.source import Kind, Limits

NAME = re.compile(r"D(\d{6})(\d{6}|\d{8})", re.IGNORECASE)
FIRST_LINE = re.compile(rb'"[^"\r\n]*"(;"[^"\r\n]*"){14}\r?(\n|$)')
LONGEST_FIELD = 1000
LIMITS = Limits(file=50 << 20, unpacked=100 << 20, members=1000)


def _like(pattern: str, words: str) -> Check:
    shape = re.compile(pattern)
    return lambda value, _: None if shape.fullmatch(value) else f"«{value}»: {words}"


FIELDS = (
    Field("VPOLIS", one_of("1", "2", "3", "4"), is_required=True),
    Field("SPOLIS", longest=10),
    Field("NPOLIS", longest=20, is_required=True),
    Field("FAM", longest=40, is_required=True),
    Field("IM", longest=40, is_required=True),
    Field("OT", longest=40),
    Field("DR", a_past_compact_date, is_required=True),
    Field("TEL", _like(r"[0-9]{10}", "телефон — десять цифр или пусто")),
    Field("MO_CODE", _like(r"[0-9]{6}", "код медицинской организации — шесть цифр"), is_required=True),
    Field("YEAR", _like(r"20[0-9]{2}", "год — четыре цифры"), is_required=True),
    Field("QUART", one_of("1", "2", "3", "4"), is_required=True),
    Field("ATTACH_DATE", a_compact_date),
    Field("SNILS_VR", a_snils),
    Field("ERR", longest=250),
    Field("PERSON_ID", longest=36, is_required=True),
)
COLUMNS = tuple(field.name for field in FIELDS)


class PskovPlan:
    slug = "psk-plan-csv"
    title = "План по кварталам (Псков, CSV)"
    is_atomic = False

    def recognises(self, path: Path) -> bool:
        head = head_of(path)
        if head.root or path.suffix.lower() not in {".zip", ".csv"}:
            return False
        return bool(NAME.fullmatch(path.stem)) or bool(FIRST_LINE.match(head.raw))

    def read(self, path: Path) -> Content:
        with unpacked(path, kind=Kind.CSV, limits=LIMITS) as stream:
            raw = stream.read()
        content = Content()
        for place, cells in enumerate(_rows(_text(raw)), start=1):
            content.records.append(_record(place, cells, content.findings))
        if not content.records:
            content.findings.append(Finding("CSV", "В файле нет ни одной строки"))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        for record in content.records:
            if record.values:
                yield from _control(record, context)
        yield from repeats(content.records, "PERSON_ID", "Такой идентификатор в этом файле уже был")

    def broken(self, sentence: str) -> Finding:
        return Finding("ZIP" if "рхив" in sentence else "CSV", sentence)


def _text(raw: bytes) -> str:
    """Return the text: the format fixes windows-1251, a file in UTF-8 is refused."""
    try:
        if not raw.isascii() and raw.decode("utf-8"):
            raise TableRefused("Файл в UTF-8, а этот формат пишут в windows-1251. Сохраните его в windows-1251.")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1251")
    except UnicodeDecodeError as fault:
        raise TableRefused("Файл не читается как windows-1251: он повреждён или записан в другой кодировке.") from fault


def _rows(text: str) -> Iterator[list[str]]:
    if "\0" in text:
        raise TableRefused("В файле нулевые байты: он повреждён.")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=";", strict=True)
    try:
        for cells in reader:
            if any(cells):
                yield [cell.strip()[:LONGEST_FIELD] for cell in cells]
    except csv.Error as fault:
        raise TableRefused("файл обрывается или кавычки расставлены неверно.", line=reader.line_num) from fault


def _record(place: int, cells: list[str], findings: list[Finding]) -> Record:
    if len(cells) == len(COLUMNS):
        values = dict(zip(COLUMNS, cells, strict=True))
        return Record(place, values["PERSON_ID"], values)
    record = Record(place, str(place), {})
    findings.append(remark(record, "CSV", f"В строке {len(cells)} полей, а должно быть {len(COLUMNS)}"))
    return record


def _control(record: Record, context: Context) -> Iterator[Finding]:
    for field in FIELDS:
        for sentence in field.faults(record.values[field.name], context):
            yield remark(record, field.name, sentence)
    yield from policy_faults(record, "VPOLIS", "NPOLIS")
    yield from name_faults(record, "FAM", "IM", "OT")
    if error := record.values["ERR"]:
        sentence = f"Фонд вернул строку с замечанием: {error}"
        yield remark(record, "ERR", sentence, severity=Severity.WARNING)
