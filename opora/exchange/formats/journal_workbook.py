"""The journal as a workbook of 44 headings. Handbook 20 §3.3. Values are codes; the order of columns is free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.fields import parse_loose_date
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats import journal
from opora.exchange.workbook import Workbook, is_workbook, read_workbook

HEADINGS = {
    "УНр": "n_irp",
    "Вид обращения": "irp_type",
    "Дата поступления": "date_create",
    "Время поступления": "time_create",
    "Источник": "way",
    "Организация-источник": "way_n",
    "Способ": "how",
    "Тема": "theme",
    "Комментарий к теме": "theme_comment",
    "Содержание": "text",
    "Сведения о жалобе": "zh_d",
    "Тип ответств. организации": "otv_t",
    "Ответств. организация": "otv_kon",
    "Принял (GUID)": "employee_1",
    "Линия принятия": "line_one",
    "Ответственный (GUID)": "employee_it",
    "Линия рассмотрения": "line_it",
    "Плановая дата": "data_plan",
    "Дата закрытия": "date_close",
    "Результат": "result",
    "Фамилия": "z_f",
    "Имя": "z_i",
    "Отчество": "z_o",
    "Дата рождения": "z_dr",
    "ЕНП": "z_enp",
    "Страховая": "z_smo",
    "Документ": "z_doctype",
    "Серия документа": "z_docser",
    "Номер документа": "z_docnum",
    "Адрес": "adr",
    "Телефон": "phone",
    "E-mail": "e_mail",
    "Фамилия (застрах.)": "in_f",
    "Имя (застрах.)": "in_i",
    "Отчество (застрах.)": "in_o",
    "Дата рождения (застрах.)": "in_dr",
    "ЕНП (застрах.)": "in_enp",
    "Страховая (застрах.)": "in_smo",
    "Документ (застрах.)": "in_doctype",
    "Серия (застрах.)": "in_docser",
    "Номер (застрах.)": "in_docnum",
    "Переадресация": "pr_out",
    "Дата направления": "date_cross",
    "Время направления": "time_cross",
}
DATES = {"date_create", "data_plan", "date_close", "z_dr", "in_dr", "date_cross"}
TELLING = {"Вид обращения", "Принял (GUID)"}


class JournalWorkbook:
    slug = "g1-journal-xlsx"
    title = "Журнал обращений, книга Excel"
    is_atomic = True

    def recognises(self, path: Path) -> bool:
        return is_workbook(path) and bool(TELLING & set(read_workbook(path, rows=0).headings))

    def read(self, path: Path) -> Content:
        book = read_workbook(path)
        content = Content(findings=list(_headings(book)))
        for place, cells in enumerate(book.rows, start=1):
            values = {
                HEADINGS[heading]: _value(HEADINGS[heading], text)
                for heading, text in cells.items()
                if heading in HEADINGS
            }
            content.records.append(Record(place, values.get("n_irp", ""), values))
        if not content.records:
            content.findings.append(_file("В книге нет ни одной записи"))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        return journal.control(content.records, context, is_key_required=False)

    def broken(self, sentence: str) -> Finding:
        return _file(sentence)


def _headings(book: Workbook) -> Iterable[Finding]:
    for heading in book.headings:
        if heading and heading not in HEADINGS:
            yield _file(f"Неизвестная колонка «{heading}»")
    for heading in sorted({heading for heading in book.headings if heading and book.headings.count(heading) > 1}):
        yield _file(f"Колонка «{heading}» встречается дважды")


def _value(name: str, text: str) -> str:
    if name not in DATES:
        return text
    found = parse_loose_date(text)
    return found.isoformat() if found else text


def _file(sentence: str) -> Finding:
    return Finding("EXCEL", sentence, code=journal.ERROR)
