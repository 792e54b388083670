"""USERS — the employees of a partner. Handbook 20 §3.4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.fields import Field, a_guid, an_email
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.xmlfile import read_xml, root_tag, tag_of, text_of

ROOT, RECORD, ERROR = "USER_COLLECTION", "USERS", "41"
FIELDS = (
    Field("USER_FULLNAME", longest=200, is_required=True),
    Field("USER_UUID", a_guid, longest=36, is_required=True),
    Field("USER_EMAIL", an_email, longest=254),
)
NAMES = {field.name for field in FIELDS}


@dataclass(frozen=True, slots=True)
class FullName:
    surname: str
    given_name: str
    patronymic: str


def split_name(text: str) -> FullName:
    """The first word is the surname, the second the given name, the rest the patronymic.

    >>> split_name("Мамедов Рашид Вагиф оглы")
    FullName(surname='Мамедов', given_name='Рашид', patronymic='Вагиф оглы')
    """
    surname, given_name, patronymic = [*text.split(maxsplit=2), "", "", ""][:3]
    return FullName(surname, given_name, patronymic)


class Users:
    slug = "users-xml"
    title = "Сотрудники (USERS)"
    is_atomic = True

    def recognises(self, path: Path) -> bool:
        return root_tag(path) == ROOT

    def read(self, path: Path) -> Content:
        content = Content()
        for place, element in enumerate(read_xml(path), start=1):
            values = {tag_of(child): text_of(child) for child in element}
            record = Record(place, values.get("USER_UUID", ""), values)
            strange = sorted(set(values) - NAMES) + ([tag_of(element)] if tag_of(element) != RECORD else [])
            content.findings += [_finding(record, "XML", f"Элемент <{name}> здесь не ждали") for name in strange]
            content.records.append(record)
        if not content.records:
            content.findings.append(Finding("XML", "В файле нет ни одного сотрудника", code=ERROR))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        times = Counter(record.key.lower() for record in content.records)
        seen: set[str] = set()
        for record in content.records:
            for field in FIELDS:
                for sentence in field.faults(record.values.get(field.name, ""), context):
                    yield _finding(record, field.name, sentence)
            key = record.key.lower()
            if key and times[key] > 1 and key in seen:
                yield _finding(record, "USER_UUID", "Такой GUID в этом файле уже был")
            seen.add(key)

    def broken(self, sentence: str) -> Finding:
        return Finding("XML", sentence, code=ERROR)


def _finding(record: Record, field: str, message: str) -> Finding:
    return Finding(field, message, record.key or None, record.place, code=ERROR)
