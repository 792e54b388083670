"""ССТУ — answers for the presidential portal: a zip with one JSON for each appeal. Handbook 20 §7.2."""

from __future__ import annotations

import base64
import binascii
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from opora.exchange.context import Context
from opora.exchange.fields import EMAIL, a_guid, parse_date
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.shared.tables.errors import TableRefused
from opora.shared.tables.source import DAMAGED, ZIP, Limits, check_members

CODES = {"0002.0014.0143.0389", "0002.0014.0143.0390", "0002.0014.0143.0418"}
STATUSES = {"InWork", "Answered", "LeftWithoutAnswer", "Transferred", "NotRegistered", "Explained", "Supported"}
REQUIRED = ("departmentId", "number", "createDate", "name")
LIMITS = Limits(file=50 << 20, unpacked=100 << 20, members=1000)


class Sstu:
    slug = "sstu-json-zip"
    title = "Ответы для ССТУ, архив JSON"
    is_atomic = True

    def recognises(self, path: Path) -> bool:
        with path.open("rb") as stream:
            if not stream.read(8).startswith(ZIP):
                return False
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except zipfile.BadZipFile:
            return path.name.lower().startswith("sstu")
        return bool(names) and any(Path(name).name.lower().startswith("sstu") for name in names)

    def read(self, path: Path) -> Content:
        content = Content()
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
                check_members(members, LIMITS)
                for place, member in enumerate(members, start=1):
                    content.records.append(_record(place, member.filename, archive.read(member), content.findings))
        except DAMAGED as fault:
            raise TableRefused("Архив испорчен, обрывается или под паролем.") from fault
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        for record in content.records:
            if document := record.values.get(""):
                yield from _document(record, json.loads(document), context)

    def broken(self, sentence: str) -> Finding:
        return Finding("ZIP", sentence)


def _record(place: int, name: str, raw: bytes, findings: list[Finding]) -> Record:
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        document = None
    if not isinstance(document, dict):
        record = Record(place, name, {})
        findings.append(_finding(record, "JSON", f"{name}: это не JSON с одним обращением"))
        return record
    return Record(place, str(document.get("number", "")) or name, {"": json.dumps(document)})


def _document(record: Record, document: dict[str, Any], context: Context) -> Iterator[Finding]:
    for field in REQUIRED:
        if not document.get(field):
            yield _finding(record, field, "Обязательное поле не заполнено")
    if document.get("departmentId") and a_guid(str(document["departmentId"]), context):
        yield _finding(record, "departmentId", "Это не GUID")
    yield from _day(record, "createDate", document)
    email = document.get("email")
    if email and not EMAIL.fullmatch(str(email)):
        yield _finding(record, "email", "Адрес почты написан с ошибкой")
    questions = document.get("questions")
    if not isinstance(questions, list) or not questions:
        yield _finding(record, "questions", "В обращении нет ни одного вопроса")
        return
    for question in questions:
        if isinstance(question, dict):
            yield from _question(record, question)
        else:
            yield _finding(record, "questions", "Вопрос записан не так, как ждём")


def _question(record: Record, question: dict[str, Any]) -> Iterator[Finding]:
    if question.get("code") not in CODES:
        yield _finding(record, "code", f"Кода «{question.get('code')}» нет среди групп тем")
    if question.get("status") not in STATUSES:
        yield _finding(record, "status", f"Состояния «{question.get('status')}» не бывает")
    for field in ("incomingDate", "registrationDate", "responseDate"):
        yield from _day(record, field, question)
    came, answered = (parse_date(str(question.get(name, ""))) for name in ("incomingDate", "responseDate"))
    if came and answered and answered < came:
        yield _finding(record, "responseDate", "Ответ раньше, чем обращение поступило")
    attachment = question.get("attachment")
    if isinstance(attachment, dict):
        try:
            base64.b64decode("".join(str(attachment.get("content", "")).split()), validate=True)
        except binascii.Error:
            yield _finding(record, "attachment", "Вложение записано не в base64")


def _day(record: Record, field: str, holder: dict[str, Any]) -> Iterator[Finding]:
    value = str(holder.get(field) or "")
    if value and parse_date(value) is None:
        yield _finding(record, field, f"«{value}» — не дата вида ГГГГ-ММ-ДД")


def _finding(record: Record, field: str, message: str) -> Finding:
    return Finding(field, message, record.key or None, record.place)
