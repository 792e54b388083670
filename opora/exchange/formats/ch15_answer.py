"""What the chapter XV service answered about each person. Handbook 20 §12.

Success of a record has code 500: it is no HTTP status. The name of the list of records was not established: any list of
objects with ``respCode`` is taken; its order is the order of what was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from opora.exchange.context import Context
from opora.exchange.fields import Field, one_of
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.formats.ch15 import head_of, read_json, scalar
from opora.exchange.lists.ch15_codes import FINE, PACKAGE_CODES
from opora.exchange.people import remark
from opora.exchange.xmllist import answered

PACKAGE = ("resultResponseCode", "reqID", "numberRecordsProcessed")
FIELDS = (Field("respCode", one_of("500", "502", "503", "504"), is_required=True), Field("text", longest=4000))


class Chapter15Answer:
    slug = "ch15-answer-json"
    title = "Ответ сервиса главы XV (JSON)"
    is_atomic = False

    def recognises(self, path: Path) -> bool:
        return b'"resultResponseCode"' in head_of(path)

    def read(self, path: Path) -> Content:
        document = read_json(path)
        header = {
            name: scalar(document.get(name)) for name in ("resultResponseCode", "reqID", "numberRecordsProcessed")
        }
        content = Content(header=header)
        for place, one in enumerate(_records(document), start=1):
            values = {name: scalar(value) for name, value in one.items()}
            content.records.append(Record(place, str(place), values))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        yield from _package(content)
        package = content.header["reqID"]
        if package and context.sent is not None and context.keys_sent(package) is None:
            yield Finding("reqID", f"Ответ на посылку {package[:60]}, которой мы не отправляли")
            return
        for record in content.records:
            yield from answered(record, context, file=package, key=record.key, field="reqID")
            for field in FIELDS:
                for sentence in field.faults(record.values.get(field.name, ""), context):
                    yield remark(record, field.name, sentence)

    def broken(self, sentence: str) -> Finding:
        return Finding("JSON", sentence)


def _package(content: Content) -> Iterator[Finding]:
    code, counted = content.header["resultResponseCode"], content.header["numberRecordsProcessed"]
    if code not in PACKAGE_CODES:
        yield Finding("resultResponseCode", f"Код посылки «{code}»: бывает 200, 400, 401, 403")
    elif code != FINE:
        sentence = f"Посылка не принята: {PACKAGE_CODES[code]}"
        yield Finding("resultResponseCode", sentence, severity=Severity.WARNING)
    if not content.header["reqID"]:
        yield Finding("reqID", "В ответе нет номера посылки reqID")
    if counted and content.records and counted != str(len(content.records)):
        sentence = f"Обработано {counted}, а в ответе записей {len(content.records)}"
        yield Finding("numberRecordsProcessed", sentence, severity=Severity.WARNING)


def _records(document: dict[str, Any]) -> list[dict[str, Any]]:
    lists = [value for value in document.values() if isinstance(value, list)]
    return [one for many in lists for one in many if isinstance(one, dict) and "respCode" in one]
