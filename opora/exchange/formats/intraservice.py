"""The 42 columns of the federal desk («ИнтраСервис»): an old Excel book of words. Handbook 20 §7.3."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.fields import EMAIL, parse_loose_date
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.workbook import is_workbook, read_workbook
from opora.shared import enp

COLUMNS = (
    "Наименование", "E-mail регистратора", "E-mail исполнителя", "Линия принятия", "Линия (рассмотрения)", "Статус",
    "Содержание", "Дата и время поступления", "Дата окончания срока", "Регион обратившегося",
    "Муниципальное образование", "Источник поступления", "Способ", "Вид", "Тема", "Примечание к теме", "Жалоба",
    "Необходимость экспертизы", "№ входящего", "№ исходящего", "Дата уведомления о принятии в работу",
    "Дата промежуточного ответа", "Дата окончательного ответа", "Наименование организации поступления", "Телефон",
    "Фамилия", "Имя", "Отчество", "Дата рождения", "ЕНП", "Страховая принадлежность", "E-mail", "Адрес для ответа",
    "Фамилия (лица)", "Имя (лица)", "Отчество (лица)", "Дата рождения (лица)", "ЕНП (лица)", "СМО (лица)", "Результат",
    "Ответ для обратившегося", "Канал передачи ответа",
)  # fmt: skip
REQUIRED = ("Наименование", "Статус", "Дата и время поступления", "Источник поступления", "Способ", "Вид", "Тема")
DATES = [name for name in COLUMNS if name.startswith("Дата")]
EMAILS = [name for name in COLUMNS if name.startswith("E-mail")]
POLICIES = ("ЕНП", "ЕНП (лица)")
TELLING = {"Линия (рассмотрения)", "Необходимость экспертизы", "Канал передачи ответа"}
NUMBER = re.compile(r"\d+")


class IntraService:
    slug = "intraservice-42-xls"
    title = "Таблица ИнтраСервис, 42 колонки"
    is_atomic = True

    def recognises(self, path: Path) -> bool:
        return is_workbook(path) and len(TELLING & set(read_workbook(path, rows=0).headings)) > 1

    def read(self, path: Path) -> Content:
        book = read_workbook(path)
        content = Content()
        missing = [name for name in COLUMNS if name not in book.headings]
        strange = [name for name in book.headings if name and name not in COLUMNS]
        content.findings += [Finding("EXCEL", f"Нет колонки «{name}»") for name in missing]
        content.findings += [Finding("EXCEL", f"Неизвестная колонка «{name}»") for name in strange]
        content.records = [
            Record(place, _key(cells.get("Наименование", "")), cells) for place, cells in enumerate(book.rows, start=1)
        ]
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        for record in content.records:
            yield from _filled(record)
            for name in EMAILS:
                if record.values.get(name) and not EMAIL.fullmatch(record.values[name]):
                    yield _finding(record, name, "Адрес почты написан с ошибкой")
            for name in POLICIES:
                if record.values.get(name) and not enp.is_valid(record.values[name]):
                    sentence = "Контрольная цифра ЕНП не сходится: проверьте номер"
                    yield _finding(record, name, sentence, Severity.WARNING)

    def broken(self, sentence: str) -> Finding:
        return Finding("EXCEL", sentence)


def _filled(record: Record) -> Iterable[Finding]:
    for name in REQUIRED:
        if not record.values.get(name):
            yield _finding(record, name, "Обязательная колонка не заполнена")
    for name in DATES:
        if record.values.get(name) and parse_loose_date(record.values[name]) is None:
            yield _finding(record, name, f"«{record.values[name]}» — не дата")


def _key(title: str) -> str:
    """«Обращение 9229» → 9229."""
    found = NUMBER.search(title)
    return found.group() if found else title


def _finding(record: Record, field: str, message: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(field, message, record.key or None, record.place, severity)
