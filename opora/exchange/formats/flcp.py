"""FLCP — the answer to a journal file: one element per finding, everything in attributes. Handbook 20 §3.5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Outcome, Record
from opora.exchange.format import Content
from opora.exchange.xmlfile import read_xml, root_tag, tag_of

ROOT, RECORD = "FLCP", "PR"
SUCCESS, ERROR = "0", "41"
ENCODING = "windows-1251"
ORDER = ("OSHIB", "IM_POL", "COMMENT", "N_ZAP")


class Flcp:
    slug = "flcp-protocol"
    title = "Протокол контроля (FLCP)"
    is_atomic = True

    def recognises(self, path: Path) -> bool:
        return root_tag(path) == ROOT

    def read(self, path: Path) -> Content:
        root = read_xml(path)
        content = Content(header=dict(root.attrib))
        for place, element in enumerate(root, start=1):
            values = dict(element.attrib)
            record = Record(place, values.get("N_ZAP", ""), values)
            content.records.append(record)
            if tag_of(element) != RECORD:
                content.findings.append(_finding(record, "XML", f"Элемент <{tag_of(element)}> здесь не ждали"))
        if not content.records:
            content.findings.append(Finding("XML", "В протоколе нет ни одной строки PR", code=ERROR))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        for name in ("FNAME", "FNAME_I"):
            if not content.header.get(name):
                yield Finding(name, "Не указано имя обработанного файла", code=ERROR)
        for record in content.records:
            code = record.values.get("OSHIB", "")
            if code not in {SUCCESS, ERROR}:
                yield _finding(record, "OSHIB", f"Код «{code}»: бывает 0 или 41")
            if code == ERROR and not record.values.get("IM_POL"):
                yield _finding(record, "IM_POL", "Ошибка без имени поля")
            if not record.values.get("COMMENT"):
                yield _finding(record, "COMMENT", "Строка без пояснения")

    def broken(self, sentence: str) -> Finding:
        return Finding("XML", sentence, code=ERROR)


def write_answer(outcome: Outcome) -> bytes:
    """Return the FLCP for a checked file, byte for byte as the partner writes it."""
    lines = ["<?xml version='1.0' encoding='windows-1251'?>"]
    name = quoteattr(outcome.file)
    lines.append(f"<FLCP FNAME={name} FNAME_I={name}>")
    lines += [f"  <PR {attributes}/>" for attributes in _answers(outcome)]
    lines.append("</FLCP>")
    return ("\n".join(lines) + "\n").encode(ENCODING, "xmlcharrefreplace")


def _answers(outcome: Outcome) -> Sequence[str]:
    errors = [finding for finding in outcome.findings if finding.code == ERROR]
    if not errors:
        comment = f"Ошибок нет, обработано записей: {len(outcome.records)}."
        return [_attributes({"OSHIB": SUCCESS, "COMMENT": comment})]
    return [
        _attributes({"OSHIB": ERROR, "IM_POL": found.field, "COMMENT": found.message, "N_ZAP": found.record or ""})
        for found in errors
    ]


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(values[name])}" for name in ORDER if values.get(name))


def _finding(record: Record, field: str, message: str) -> Finding:
    return Finding(field, message, record.key or None, record.place, code=ERROR)
