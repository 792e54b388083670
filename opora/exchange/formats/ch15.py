"""Chapter XV service: facts of informing of those under observation, JSON over HTTPS. Handbook 20 §12."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from opora.exchange.context import Context
from opora.exchange.fields import Field, a_date, a_past_date, one_of
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.lists.ch15_codes import channel_of, diagnoses_of
from opora.exchange.people import a_diagnosis, an_enp, name_faults, remark
from opora.shared.tables.errors import TableRefused

LARGEST = 50 << 20
HEAD = 64 << 10
METHOD = "getIndividualInforming"


def _diagnoses(value: str, context: Context) -> str | None:
    return next((fault for one in diagnoses_of(value) if (fault := a_diagnosis(one, context))), None)


FIELDS = (
    Field("surname", longest=40, is_required=True),
    Field("name", longest=40, is_required=True),
    Field("patronymic", longest=40),
    Field("dateBirth", a_past_date, is_required=True),
    Field("enp", an_enp, is_required=True),
    Field("dateNotification", a_past_date, is_required=True),
    Field("sequenceInformation", one_of("1", "2"), is_required=True),
    Field("wayInforming", longest=100, is_required=True),
    Field("mainDiagnosis", a_diagnosis, is_required=True),
    Field("concomitantDiagnosis", _diagnoses, longest=250),
    Field("plannedNotificationDate", a_date),
)
NAMES = frozenset(field.name for field in FIELDS)
FACT = ("enp", "dateNotification", "sequenceInformation", "wayInforming", "mainDiagnosis")


class Chapter15Informing:
    slug = "ch15-individual-informing-json"
    title = "Факты информирования (глава XV, JSON)"
    is_atomic = False

    def recognises(self, path: Path) -> bool:
        head = head_of(path)
        return b'"patients"' in head and b'"dateNotification"' in head and b'"resultResponseCode"' not in head

    def read(self, path: Path) -> Content:
        document = read_json(path)
        content = Content(header={"reqID": scalar(document.get("reqID"))})
        content.findings += [
            _file(name, f"Поля «{name}» здесь не ждали") for name in set(document) - {"reqID", "patients"}
        ]
        patients = document.get("patients")
        if not isinstance(patients, list) or not patients:
            content.findings.append(_file("patients", "В посылке нет ни одного человека"))
            return content
        content.records = [_record(place, one, content.findings) for place, one in enumerate(patients, start=1)]
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        if not content.header.get("reqID"):
            yield _file("reqID", "У посылки нет номера reqID")
        seen: set[tuple[str, ...]] = set()
        for record in content.records:
            if not record.values:
                continue
            yield from _control(record, context)
            fact = tuple(record.values.get(name, "") for name in FACT)
            if fact in seen:
                yield remark(record, "patients", "Такой же факт информирования в этой посылке уже был")
            seen.add(fact)

    def broken(self, sentence: str) -> Finding:
        return Finding("JSON", sentence)


def head_of(path: Path) -> bytes:
    """Return the first bytes of what may be a JSON document, nothing for anything else."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    return head if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") else b""


def read_json(path: Path) -> dict[str, Any]:
    """Return the document. Raises TableRefused."""
    if path.stat().st_size > LARGEST:
        raise TableRefused(f"Файл больше допустимого: можно до {LARGEST >> 20} МБ.")
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise TableRefused("Файл не в UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise TableRefused("JSON не разбирается: файл обрывается или повреждён.", line=fault.lineno) from None
    except (RecursionError, ValueError):
        raise TableRefused("JSON не разбирается: он устроен не так, как ждём.") from None
    if not isinstance(document, dict):
        raise TableRefused("Это не посылка с номером reqID.")
    return document


def scalar(value: Any) -> str:
    """Return the text of a value that is a text or a number, nothing for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return re.sub(r"\s+", " ", str(value)).strip()


def _record(place: int, one: Any, findings: list[Finding]) -> Record:
    if not isinstance(one, dict):
        record = Record(place, str(place), {})
        findings.append(remark(record, "patients", "Человек записан не так, как ждём"))
        return record
    record = Record(place, str(place), {name: scalar(one.get(name)) for name in NAMES if name in one})
    for name, value in one.items():
        if name not in NAMES:
            findings.append(remark(record, name, f"Поля «{name}» в этом методе нет"))
        elif value is not None and not isinstance(value, str | int):
            findings.append(remark(record, name, "Значение должно быть текстом"))
    return record


def _control(record: Record, context: Context) -> Iterator[Finding]:
    values = record.values
    for field in FIELDS:
        for sentence in field.faults(values.get(field.name, ""), context):
            yield remark(record, field.name, sentence)
    yield from name_faults(record, "surname", "name", "patronymic")
    if values.get("wayInforming") and channel_of(values["wayInforming"]) is None:
        sentence = f"Способ «{values['wayInforming']}» не узнан, он будет записан как «другое»"
        yield remark(record, "wayInforming", sentence, severity=Severity.WARNING)


def _file(field: str, message: str) -> Finding:
    return Finding(field, message)
