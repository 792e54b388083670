"""G1R — the journal coming in, G1OUT — going out: one tree, two tags of the employee. Handbook 20 §3.2, §3.6."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from opora.exchange.context import Context
from opora.exchange.fields import Check, a_date, a_time
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats import journal
from opora.exchange.xmlfile import read_xml, root_tag, tag_of, text_of

ROOT, HEADER, RECORD = "IRP_LIST", "ZGLV", "IRP"
BLOCKS = {"z_sv", "in_sv"}
OUT_VERSION = "tfoms-journal-current/1.0"
SYNONYMS = {"e-mail": "e_mail", "employee_one": "employee_1"}
KNOWN = frozenset(journal.NAMES)
HEADER_FIELDS = ("filename", "version", "data", "year", "month", "day", "time", "smo")


class _Journal:
    """What both directions share."""

    slug: str
    title: str
    is_atomic = True
    required_header: frozenset[str]
    may_be_empty: bool

    def read(self, path: Path) -> Content:
        root = read_xml(path)
        content = Content()
        header = root.find(HEADER)
        if header is None:
            content.findings.append(_file("ZGLV", "В файле нет заголовка ZGLV"))
        else:
            content.header = {tag_of(child): text_of(child) for child in header}
        strange = {tag_of(child) for child in root} - {HEADER, RECORD}
        for place, element in enumerate(root.iterfind(RECORD), start=1):
            content.records.append(self._record(place, element, content.findings))
            element.clear()  # of twenty thousand records each is held once
        content.findings += [_file("XML", f"Лишний элемент <{name}> в файле") for name in sorted(strange)]
        if not content.records and not self.may_be_empty:
            content.findings.append(_file("XML", "В файле нет ни одной записи IRP"))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        if content.header:
            yield from self._header(content.header, context)
        yield from journal.control(content.records, context)

    def broken(self, sentence: str) -> Finding:
        return _file("FILE" if "больше допустимого" in sentence else "XML", sentence)

    def _record(self, place: int, element: Any, findings: list[Finding]) -> Record:
        values: dict[str, str] = {}
        strange = []
        for tag, leaf in _leaves(element):
            name = SYNONYMS.get(tag, tag)
            if name not in KNOWN or len(leaf) or name in values:
                strange.append(tag)
            else:
                values[name] = text_of(leaf)
        record = Record(place, values.get("n_irp", ""), values)
        findings += [journal.finding(record, "xml", f"Элемент <{name}> здесь не ждали") for name in strange]
        return record

    def _header(self, header: dict[str, str], context: Context) -> Iterator[Finding]:
        for name in HEADER_FIELDS:
            value = header.get(name, "")
            if not value:
                if name in self.required_header:
                    yield _file(name.upper(), f"В заголовке не заполнено поле {name}")
            elif (check := CHECKS.get(name)) and (sentence := check(value, context)):
                yield _file(name.upper(), sentence)
        if context.channel and header.get("smo") and header["smo"] != context.channel:
            yield _file("SMO", f"Файл отправителя {header['smo']} пришёл по каналу организации {context.channel}")


class JournalIn(_Journal):
    slug = "g1r-journal-xml"
    title = "Журнал обращений, входящий (G1R)"
    required_header = frozenset({"filename", "year", "month", "day", "smo"})
    may_be_empty = False

    def recognises(self, path: Path) -> bool:
        return root_tag(path) == ROOT and not _is_out(path)


class JournalOut(_Journal):
    slug = "g1out-journal-outbound"
    title = "Журнал обращений, исходящий (G1OUT)"
    required_header = frozenset(HEADER_FIELDS)
    may_be_empty = True

    def recognises(self, path: Path) -> bool:
        return root_tag(path) == ROOT and _is_out(path)

    def _header(self, header: dict[str, str], context: Context) -> Iterator[Finding]:
        yield from super()._header(header, context)
        if header.get("version") and header["version"] != OUT_VERSION:
            yield _file("VERSION", f"Версия «{header['version']}», ждали «{OUT_VERSION}»")


def _leaves(element: Any) -> Iterator[tuple[str, Any]]:
    for child in element:
        tag = tag_of(child)
        if tag in BLOCKS:
            yield from ((tag_of(leaf), leaf) for leaf in child)
        else:
            yield tag, child


def _is_out(path: Path) -> bool:
    """By the version in the header, else by the name: the peer's own mask ``G1*`` matches both directions."""
    with path.open("rb") as stream:
        return OUT_VERSION.encode() in stream.read(2048) or path.name.upper().startswith("G1OUT")


def _file(field: str, message: str) -> Finding:
    return Finding(field, message, code=journal.ERROR)


def _like(pattern: str, words: str) -> Check:
    shape = re.compile(pattern)
    return lambda value, _: None if shape.fullmatch(value) else f"В заголовке {words} «{value}»"


def _sender(value: str, context: Context) -> str | None:
    if not value.isdecimal():
        return f"Код отправителя «{value}» состоит не из цифр"
    known = not context.organisations or value in context.organisations
    return None if known else f"Отправитель {value} не известен"


CHECKS: dict[str, Check] = {
    "filename": _like(r".{1,255}", "слишком длинное имя файла"),
    "data": a_date,
    "year": _like(r"\d{4}", "год"),
    "month": _like(r"0[1-9]|1[0-2]", "месяц"),
    "day": _like(r"0[1-9]|[12]\d|3[01]", "день"),
    "time": a_time,
    "smo": _sender,
}
